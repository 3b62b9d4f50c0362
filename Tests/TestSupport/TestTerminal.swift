public import Dispatch
import Synchronization
public import TerminalKit

/// The person's side of a `TestTerminal`: types, resizes, and waits for what the screen shows. Safe from any thread.
public final class TestConsole: Sendable {
    private struct State {
        var size: Size
        var input: [Input] = []
        var emitted: [UInt8] = []
        var themes: [Theme] = []
        var suspensions = 0
        var isAway = false
        var capturesMouse = false
        var observesKeys = false
        var isRestored = false
        var wake: (@Sendable () -> Void)?
    }

    private let state: Mutex<State>
    private let frames = Watched<[Frame]>([])

    /// A console of a size.
    public init(size: Size) { state = Mutex(State(size: size)) }

    /// How the loop is woken when input comes.
    public func onInput(_ wake: @escaping @Sendable () -> Void) { state.withLock { $0.wake = wake } }

    /// Gives input to the program.
    public func send(_ input: [Input]) {
        state.withLock { state in
            state.input += input
            for case .resize(let size) in input { state.size = size }
            return state.wake
        }?()
    }

    /// The last frame shown.
    public var frame: Frame? { frames.value.last }
    /// How many frames were shown.
    public var frameCount: Int { frames.value.count }
    /// Themes the program asked for.
    public var themes: [Theme] { state.withLock { $0.themes } }
    /// Whether the terminal was given back.
    public var isRestored: Bool { state.withLock { $0.isRestored } }
    /// Whether a program in the foreground has it.
    public var isAway: Bool { state.withLock { $0.isAway } }
    /// Whether the program takes mouse events.
    public var capturesMouse: Bool { state.withLock { $0.capturesMouse } }
    /// Whether the program wants input as records.
    public var observesKeys: Bool { state.withLock { $0.observesKeys } }
    /// Bytes of its own that the program sent.
    public var emitted: [UInt8] { state.withLock { $0.emitted } }
    /// How often it was given back to the shell.
    public var suspensions: Int { state.withLock { $0.suspensions } }

    /// The first frame from now on, or the present one, that is wanted; nil when none comes within the deadline.
    public func frame(
        within limit: DispatchTimeInterval = .seconds(120), where isWanted: @escaping @Sendable (Frame) -> Bool
    ) async -> Frame? {
        await frames.wait(within: limit) { $0.last.map(isWanted) ?? false }?.last
    }

    fileprivate var size: Size { state.withLock { $0.size } }

    fileprivate func takeInput() -> [Input] {
        state.withLock { state in
            if state.isAway { return [] }
            defer { state.input = [] }
            return state.input
        }
    }

    fileprivate func show(_ frame: Frame) { frames.change { $0.append(frame) } }
    fileprivate func use(_ theme: Theme) { state.withLock { $0.themes.append(theme) } }
    fileprivate func emit(_ bytes: [UInt8]) { state.withLock { $0.emitted += bytes } }
    fileprivate func suspend() { state.withLock { $0.suspensions += 1 } }
    fileprivate func setAway(_ isAway: Bool) { state.withLock { $0.isAway = isAway } }
    fileprivate func captureMouse(_ captures: Bool) { state.withLock { $0.capturesMouse = captures } }
    fileprivate func observeKeys(_ observes: Bool) { state.withLock { $0.observesKeys = observes } }
    fileprivate func restore() { state.withLock { $0.isRestored = true } }
}

/// A terminal in memory: input from a queue, frames into a list.
public final class TestTerminal: Terminal {
    private let console: TestConsole

    /// The terminal of a console.
    public init(_ console: TestConsole) { self.console = console }

    /// The console's size.
    public var size: Size { console.size }
    /// None: the console wakes the loop itself.
    public var inputDescriptor: Int32? { nil }
    /// None: signals come as input.
    public var signalDescriptor: Int32? { nil }
    /// None: it never blocks.
    public var outputDescriptor: Int32? { nil }
    /// Always.
    public var isWritable: Bool { true }
    /// None: keys come whole.
    public var pendingInputDeadline: ContinuousClock.Instant? { nil }
    /// What the console was given.
    public func pendingInput() -> [Input] { console.takeInput() }
    /// Records the frame.
    public func present(_ frame: Frame) { console.show(frame) }
    /// Records the theme.
    public func use(_ theme: Theme) { console.use(theme) }
    /// Nothing to do.
    public func invalidate() {}
    /// Records the suspension.
    public func suspend() { console.suspend() }
    /// Records that it is away; input waits.
    public func leave() { console.setAway(true) }
    /// Records that it is back.
    public func comeBack() { console.setAway(false) }
    /// Records it.
    public func captureMouse(_ captures: Bool) { console.captureMouse(captures) }
    /// Records it.
    public func observeKeys(_ observes: Bool) { console.observeKeys(observes) }
    /// Records the bytes.
    public func emit(_ bytes: [UInt8]) { console.emit(bytes) }
    /// Records the end.
    public func restore() { console.restore() }
}
