import CTestSupport
public import Dispatch
import Foundation
import Synchronization

/// A program running in a pseudo-terminal of its own, with a terminal emulator at the other end.
public final class PseudoTerminal: Sendable {
    private struct Waiter {
        let id: Int
        /// What is waited for, in words.
        let wanted: String
        let isMet: @Sendable (State) -> Bool
        let resume: @Sendable (ScreenEmulator?) -> Void
    }

    /// What is known of the program.
    public struct State: Sendable {
        /// Its screen.
        public var screen: ScreenEmulator
        /// Its exit code, or minus the signal that ended it; nil while it runs.
        public var exit: Int32?
    }

    private struct Inner {
        var state: State
        var waiters: [Waiter] = []
        var nextWaiter = 0
        var isStalled = false
    }

    private let inner: Mutex<Inner>
    private let master: Int32
    private let child: pid_t

    /// Starts a program with exactly this environment. Nil when it cannot be started.
    public init?(
        _ path: String, _ arguments: [String], environment: [String: String], width: Int = 80, height: Int = 24,
        keyboard: ScreenEmulator.Keyboard = .xterm
    ) {
        var child: pid_t = 0
        let argv = ([path] + arguments).map { strdup($0) } + [nil]
        let envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        master = ts_spawn(path, argv, envp, Int32(height), Int32(width), &child)
        self.child = child
        var screen = ScreenEmulator(width: width, height: height)
        screen.keyboard = keyboard
        inner = Mutex(Inner(state: State(screen: screen)))
        guard master >= 0 else { return nil }
        Thread { [self] in readAll() }.start()
    }

    /// Types bytes.
    public func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
    }

    /// Gives the window another size.
    public func resize(width: Int, height: Int) {
        inner.withLock { $0.state.screen.resize(width: width, height: height) }
        ts_resize(master, Int32(height), Int32(width))
    }

    /// Makes the window as small as it can be and as large as before, faster than the program looks: it is told that something
    /// changed, finds the size that it knows, and what stood in the window is gone.
    public func shake() {
        inner.withLock { inner in
            let (width, height) = (inner.state.screen.width, inner.state.screen.height)
            inner.state.screen.resize(width: 1, height: 1)
            inner.state.screen.resize(width: width, height: height)
        }
        kill(child, SIGWINCH)
    }

    /// Sends the program a signal.
    public func signal(_ number: Int32) { kill(child, number) }

    /// From now on the terminal takes nothing more from the program, until that has ended.
    public func stall() { inner.withLock { $0.isStalled = true } }

    /// The program's screen now.
    public var screen: ScreenEmulator { inner.withLock { $0.state.screen } }

    /// Whether the terminal's settings are a shell's again.
    public var isSane: Bool { ts_is_sane(master) }

    /// Waits until the screen holds all these texts; nil when that does not happen in time.
    public func screen(_ texts: String...) async -> ScreenEmulator? {
        await wait(for: "\(texts)") { state in
            let text = state.screen.text
            return texts.allSatisfy { text.contains($0) }
        }
    }

    /// Waits for the program's end; its exit code, or minus the signal that ended it; nil when it does not end in time.
    public func exit() async -> Int32? {
        _ = await wait(for: "the end") { $0.exit != nil }
        return inner.withLock { $0.state.exit }
    }

    /// Waits until the state is as wanted; nil when that does not happen in time, which is told with the screen on standard error.
    /// `wanted` says in words what is waited for.
    public func wait(
        within limit: DispatchTimeInterval = .seconds(120), for wanted: String = "a state",
        until isMet: @escaping @Sendable (State) -> Bool
    ) async -> ScreenEmulator? {
        await withCheckedContinuation { continuation in
            let ready: ScreenEmulator?? = inner.withLock { inner in
                if isMet(inner.state) { return inner.state.screen }
                inner.nextWaiter += 1
                let id = inner.nextWaiter
                inner.waiters.append(
                    Waiter(id: id, wanted: wanted, isMet: isMet) { continuation.resume(returning: $0) })
                DispatchQueue.global().asyncAfter(deadline: .now() + limit) { [self] in giveUp(id) }
                return nil
            }
            if let screen = ready { continuation.resume(returning: screen) }
        }
    }

    private func giveUp(_ id: Int) {
        let (waiter, text) = inner.withLock { inner -> (Waiter?, String) in
            guard let index = inner.waiters.firstIndex(where: { $0.id == id }) else { return (nil, "") }
            return (inner.waiters.remove(at: index), inner.state.screen.text)
        }
        guard let waiter else { return }
        // Without it nobody sees why a test failed that fails one time in a hundred.
        FileHandle.standardError.write(Data("waited in vain for \(waiter.wanted); the screen:\n\(text)\n".utf8))
        waiter.resume(nil)
    }

    private func readAll() {
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(master, &bytes, bytes.count)
            if count > 0 {
                note { $0.screen.feed(bytes[..<count]) }
                answer()
                if inner.withLock({ $0.isStalled }) { ts_wait_end(child) }
            } else if count == 0 || errno != EINTR {
                break
            }
        }
        let code = ts_wait(child)
        note { $0.exit = code }
    }

    /// Sends the program what the terminal answers it.
    private func answer() {
        let answers = inner.withLock { inner in
            defer { inner.state.screen.answers = [] }
            return inner.state.screen.answers
        }
        if !answers.isEmpty { _ = answers.withUnsafeBytes { write(master, $0.baseAddress, $0.count) } }
    }

    private func note(_ change: (inout State) -> Void) {
        let (met, screen) = inner.withLock { inner -> ([Waiter], ScreenEmulator) in
            change(&inner.state)
            let met = inner.waiters.filter { $0.isMet(inner.state) }
            inner.waiters.removeAll { waiter in met.contains { $0.id == waiter.id } }
            return (met, inner.state.screen)
        }
        for waiter in met { waiter.resume(screen) }
    }

    deinit {
        kill(child, SIGKILL)
        close(master)
    }
}
