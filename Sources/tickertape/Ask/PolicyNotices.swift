import ProviderCore
import Synchronization
import TerminalKit

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Tells on stderr what the policies decide: why an attempt failed and how long until the next one, counted down where
/// somebody watches.
struct PolicyNotices {
    private let isWatched = Terminal.isTerminal(STDERR_FILENO)
    private var countdown: Countdown?

    mutating func tell(_ event: PolicyEvent) {
        end()
        switch event {
        case .attemptStarted: break
        case .retryScheduled(let notice):
            Terminal.complain(Self.line(notice))
            if isWatched, let until = notice.until { countdown = Countdown("next attempt", until: until) }
        case .held(let notice):
            Terminal.complain(Self.line(notice))
            if isWatched, let until = notice.until { countdown = Countdown("request leaves", until: until) }
        case .circuit(.opened(let time, let failures)):
            Terminal.complain(
                "\(failures) requests in a row failed: nothing is sent there for \(Self.seconds(time))")
        case .circuit: break
        case .budget(let notice): Terminal.complain(notice.sentence)
        }
    }

    /// Nothing is waited for any more.
    mutating func end() {
        countdown?.end()
        countdown = nil
    }

    static func line(_ notice: RetryNotice) -> String {
        let wait = notice.wait.map(seconds) ?? "a decision"
        let asked = notice.basis == .server ? " as the server asks" : ""
        if notice.basis == .circuit { return "\(notice.error.message); waiting for that" }
        return "attempt \(notice.attempt) of \(notice.limit) failed: \(AskReport.words(notice.error)); "
            + "trying again in \(wait)\(asked)"
    }

    private static func line(_ notice: HoldNotice) -> String {
        let what =
            switch notice.cause {
            case .requests: "the server's limit of requests a minute is reached"
            case .tokens: "the server's limit of tokens a minute is reached"
            case .pause: "the server asked for a pause"
            case .queue: "\(notice.ahead) requests wait before this one"
            }
        return what + (notice.wait.map { ": waiting \(seconds($0))" } ?? "")
    }

    /// `0.5 s`, `12 s`.
    static func seconds(_ duration: Duration) -> String {
        if duration > .seconds(2 * 86_400) { return "\(Int(duration.inSeconds / 86_400)) days" }
        let tenths = Int((duration.inSeconds * 10).rounded())
        return tenths % 10 == 0 || tenths >= 100 ? "\((tenths + 5) / 10) s" : "\(tenths / 10).\(tenths % 10) s"
    }
}

/// A line on the terminal that counts seconds down and is gone when it ends.
private final class Countdown: Sendable {
    private let isOver = Mutex(false)

    init(_ what: String, until: ContinuousClock.Instant) {
        Task { await self.run(what, until: until) }
    }

    private func run(_ what: String, until: ContinuousClock.Instant) async {
        while true {
            let left = ContinuousClock.now.duration(to: until).inSeconds
            guard left > 0, show("\(what) in \(Int(left.rounded(.up))) s (Ctrl-C ends)") else { return }
            let fraction = left - left.rounded(.down)
            try? await Task.sleep(for: .seconds(fraction > 0.01 ? fraction : 1))
        }
    }

    func end() {
        isOver.withLock { isOver in
            isOver = true
            Self.write("")
        }
    }

    /// False when it is over: then nothing was written.
    private func show(_ text: String) -> Bool {
        isOver.withLock { isOver in
            if !isOver { Self.write(text) }
            return !isOver
        }
    }

    private static func write(_ text: String) {
        _ = Terminal.write(("\r\u{1B}[K" + text).utf8, to: STDERR_FILENO)
    }
}
