import CTestSupport
public import Dispatch
import Foundation
import Synchronization

/// A program running in a pseudo-terminal of its own, with a terminal emulator at the other end.
public final class PseudoTerminal: Sendable {
    /// What is known of the program.
    public struct State: Sendable {
        /// Its screen.
        public var screen: ScreenEmulator
        /// Its exit code, or minus the signal that ended it; nil while it runs.
        public var exit: Int32?
    }

    private let state: Watched<State>
    private let isStalled = Mutex(false)
    private let master: Int32
    private let child: pid_t

    /// Starts a program with exactly this environment. Nil when it cannot be started.
    public init?(
        _ path: String, _ arguments: [String], environment: [String: String], width: Int = 80, height: Int = 24,
        keyboard: ScreenEmulator.Keyboard = .xterm, background: String? = nil
    ) {
        var child: pid_t = 0
        let argv = ([path] + arguments).map { strdup($0) } + [nil]
        let envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        master = ts_spawn(path, argv, envp, Int32(height), Int32(width), &child)
        self.child = child
        var screen = ScreenEmulator(width: width, height: height)
        screen.keyboard = keyboard
        screen.backgroundAnswer = background
        state = Watched(State(screen: screen))
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
        state.change { $0.screen.resize(width: width, height: height) }
        ts_resize(master, Int32(height), Int32(width))
    }

    /// Makes the window as small as it can be and as large as before, faster than the program looks: it is told that something
    /// changed, finds the size that it knows, and what stood in the window is gone.
    public func shake() {
        state.change { state in
            let (width, height) = (state.screen.width, state.screen.height)
            state.screen.resize(width: 1, height: 1)
            state.screen.resize(width: width, height: height)
        }
        kill(child, SIGWINCH)
    }

    /// Sends the program a signal.
    public func signal(_ number: Int32) { kill(child, number) }

    /// From now on the terminal takes nothing more from the program, until that has ended.
    public func stall() { isStalled.withLock { $0 = true } }

    /// The program's screen now.
    public var screen: ScreenEmulator { state.value.screen }

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
        return state.value.exit
    }

    /// Waits until the state is as wanted; nil when that does not happen in time, which is told with the screen on standard error.
    /// `wanted` says in words what is waited for.
    public func wait(
        within limit: DispatchTimeInterval = .seconds(120), for wanted: String = "a state",
        until isMet: @escaping @Sendable (State) -> Bool
    ) async -> ScreenEmulator? {
        if let met = await state.wait(within: limit, until: isMet) { return met.screen }
        // Without it nobody sees why a test failed that fails one time in a hundred.
        let text = "waited in vain for \(wanted); the screen:\n\(state.value.screen.text)\n"
        FileHandle.standardError.write(Data(text.utf8))
        return nil
    }

    private func readAll() {
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(master, &bytes, bytes.count)
            if count > 0 {
                state.change { $0.screen.feed(bytes[..<count]) }
                answer()
                if isStalled.withLock({ $0 }) { ts_wait_end(child) }
            } else if count == 0 || errno != EINTR {
                break
            }
        }
        let code = ts_wait(child)
        state.change { $0.exit = code }
    }

    /// Sends the program what the terminal answers it.
    private func answer() {
        var answers: [UInt8] = []
        state.change { state in
            answers = state.screen.answers
            state.screen.answers = []
        }
        if !answers.isEmpty { _ = answers.withUnsafeBytes { write(master, $0.baseAddress, $0.count) } }
    }

    deinit {
        kill(child, SIGKILL)
        close(master)
    }
}
