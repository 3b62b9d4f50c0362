public import Dispatch
import Synchronization
public import TerminalKit

/// The person's side of a program that reads lines and appends text: types, and waits for what is told. Safe from any thread.
public final class LineConsole: Sendable {
    private struct Waiter {
        let id: Int
        let isWanted: @Sendable (String) -> Bool
        let resume: @Sendable (String?) -> Void
    }

    private struct State {
        var input: [Input] = []
        var text = ""
        var waiters: [Waiter] = []
        var nextWaiter = 0
        var wake: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

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
    public var text: String { state.withLock { $0.text } }

    /// Waits until all that was told is as wanted; nil when that does not happen within the deadline.
    @discardableResult
    public func told(
        within limit: DispatchTimeInterval = .seconds(120), where isWanted: @escaping @Sendable (String) -> Bool
    ) async -> String? {
        await withCheckedContinuation { continuation in
            let (id, ready): (Int, String?) = state.withLock { state in
                if isWanted(state.text) { return (0, state.text) }
                state.nextWaiter += 1
                state.waiters.append(
                    Waiter(id: state.nextWaiter, isWanted: isWanted) { continuation.resume(returning: $0) })
                return (state.nextWaiter, nil)
            }
            if let ready { return continuation.resume(returning: ready) }
            DispatchQueue.global().asyncAfter(deadline: .now() + limit) { [self] in giveUp(id) }
        }
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

    private func giveUp(_ id: Int) {
        let waiter = state.withLock { state -> Waiter? in
            guard let index = state.waiters.firstIndex(where: { $0.id == id }) else { return nil }
            return state.waiters.remove(at: index)
        }
        waiter?.resume(nil)
    }

    fileprivate func takeInput() -> [Input] {
        state.withLock { state in
            defer { state.input = [] }
            return state.input
        }
    }

    fileprivate func append(_ bytes: [UInt8]) {
        let (met, text) = state.withLock { state -> ([Waiter], String) in
            state.text += String(decoding: bytes, as: UTF8.self)
            let text = state.text
            let met = state.waiters.filter { $0.isWanted(text) }
            state.waiters.removeAll { waiter in met.contains { $0.id == waiter.id } }
            return (met, text)
        }
        for waiter in met { waiter.resume(text) }
    }
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
