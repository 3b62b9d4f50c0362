public import Dispatch
import Synchronization
public import TerminalKit

/// The person's side of a program that reads lines and appends text: types, and waits for what is told. Safe from any thread.
public final class LineConsole: Sendable {
    private struct State {
        var input: [Input] = []
        var wake: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())
    private let told = Watched("")

    /// A console on which nothing was typed.
    public init() {}

    /// How the loop is woken when input comes.
    public func onInput(_ wake: @escaping @Sendable () -> Void) { state.withLock { $0.wake = wake } }

    /// Types lines.
    public func type(_ lines: String...) { send(lines.map(Input.paste)) }

    /// Gives any input to the program.
    public func send(_ input: [Input]) {
        state.withLock { state in
            state.input += input
            return state.wake
        }?()
    }

    /// All that was told.
    public var text: String { told.value }

    /// Waits until all that was told is as wanted; nil when that does not happen within the deadline.
    @discardableResult
    public func told(
        within limit: DispatchTimeInterval = .seconds(120), where isWanted: @escaping @Sendable (String) -> Bool
    ) async -> String? {
        await told.wait(within: limit, until: isWanted)
    }

    /// Waits until these texts were told, in this order.
    @discardableResult
    public func told(_ texts: String...) async -> String? {
        await told { all in
            var rest = Substring(all)
            for text in texts {
                guard let found = rest.firstRange(of: text) else { return false }
                rest = rest[found.upperBound...]
            }
            return true
        }
    }

    fileprivate func takeInput() -> [Input] {
        state.withLock { state in
            defer { state.input = [] }
            return state.input
        }
    }

    fileprivate func append(_ bytes: [UInt8]) { told.change { $0 += String(decoding: bytes, as: UTF8.self) } }
}

/// A terminal of lines in memory.
public final class LineTestTerminal: Terminal {
    private let console: LineConsole

    /// The terminal of a console.
    public init(_ console: LineConsole) { self.console = console }

    /// Nothing depends on it.
    public var size: Size { Size(width: 80, height: 24) }
    /// None: the console wakes the loop itself.
    public var inputDescriptor: Int32? { nil }
    /// None.
    public var signalDescriptor: Int32? { nil }
    /// None: it never blocks.
    public var outputDescriptor: Int32? { nil }
    /// Always.
    public var isWritable: Bool { true }
    /// None.
    public var pendingInputDeadline: ContinuousClock.Instant? { nil }
    /// What was typed.
    public func pendingInput() -> [Input] { console.takeInput() }
    /// Nothing is drawn.
    public func present(_ frame: Frame) {}
    /// Nothing is drawn.
    public func use(_ theme: Theme) {}
    /// Nothing is drawn.
    public func invalidate() {}
    /// Nothing is drawn.
    public func leave() {}
    /// Nothing is drawn.
    public func comeBack() {}
    /// There is no mouse.
    public func captureMouse(_ captures: Bool) {}
    /// There are no keys.
    public func observeKeys(_ observes: Bool) {}
    /// Nothing is suspended.
    public func suspend() {}
    /// Records the text.
    public func emit(_ bytes: [UInt8]) { console.append(bytes) }
    /// Nothing to give back.
    public func restore() {}
}
