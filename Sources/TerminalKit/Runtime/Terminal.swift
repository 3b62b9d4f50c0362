/// Keyboard in, cells out. Deliberately not `Sendable`: it lives on the UI thread and cannot leave it.
///
/// To fake one, see `TestTerminal` in the tests.
public protocol Terminal: AnyObject {
    /// The extent now.
    var size: Size { get }
    /// A descriptor that becomes readable when input is waiting; nil when input is only announced by `wake`.
    var inputDescriptor: Int32? { get }
    /// A descriptor that becomes readable when a signal was noted; nil when there is none.
    var signalDescriptor: Int32? { get }
    /// A descriptor that becomes writable when the terminal takes output again; nil when it always does.
    var outputDescriptor: Int32? { get }
    /// Whether a frame can be sent now without waiting for a slow terminal.
    var isWritable: Bool { get }
    /// All input that is waiting, without blocking. Also tells resizes and signals that were noted since the last call.
    func pendingInput() -> [Input]
    /// How long an incomplete key sequence may still wait for its rest; nil when none is pending.
    var pendingInputDeadline: ContinuousClock.Instant? { get }
    /// Shows a frame. The frame has `size`.
    func present(_ frame: Frame)
    /// Uses another theme from the next frame on.
    func use(_ theme: Theme)
    /// Draws everything again with the next frame, whatever is thought to be on the screen.
    func invalidate()
    /// Gives the terminal back, stops the process until it is continued, takes the terminal again.
    func suspend()
    /// Gives the terminal back for a program in the foreground: no input is read and nothing is drawn until `comeBack`.
    func leave()
    /// Takes the terminal again.
    func comeBack()
    /// Takes mouse events, or leaves the mouse to the terminal, which then sends arrow keys for the wheel where it can.
    func captureMouse(_ captures: Bool)
    /// Tells input as `Input.observed` from now on, or as what it means again.
    func observeKeys(_ observes: Bool)
    /// Sends bytes of our own making that are no cells (bell, clipboard). Never foreign text.
    func emit(_ bytes: [UInt8])
    /// Gives the terminal back for good; idempotent.
    func restore()
}
