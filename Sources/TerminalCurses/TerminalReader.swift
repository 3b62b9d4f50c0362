import TerminalKit

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Reads what the terminal sends, and makes input of it. The only place with a clock: the decoder and the burst get the
/// time from here.
struct TerminalReader {
    private let descriptor: Int32
    private var decoder = KeyDecoder()
    private var burst: InputBurst
    private var decoderDeadline: ContinuousClock.Instant?
    private let escapeDelay: Duration

    /// Read at once; the rest waits for the next turn, so that a flood of input does not keep the screen from moving.
    private static let mostBytes = 64 << 10

    /// `marksPastes`: whether the terminal is known for marking pastes.
    init(descriptor: Int32, marksPastes: Bool) {
        self.descriptor = descriptor
        burst = InputBurst(findsPastes: !marksPastes)
        escapeDelay = Self.escapeDelay()
    }

    /// How long a lone Escape waits to be one: ESCDELAY in milliseconds, else 25.
    private static func escapeDelay() -> Duration {
        guard let text = getenv("ESCDELAY"), let value = Int(String(cString: text)), (1...5000).contains(value) else {
            return .milliseconds(25)
        }
        return .milliseconds(value)
    }

    /// Whether input comes as records of what was sent.
    var isObserving: Bool {
        get { decoder.isObserving }
        set { decoder.isObserving = newValue }
    }

    /// When something incomplete is decided.
    var deadline: ContinuousClock.Instant? { [decoderDeadline, burst.deadline].compactMap { $0 }.min() }

    /// All that is there, without waiting; `isAtEnd` when the terminal is gone.
    mutating func read() -> (inputs: [Input], isAtEnd: Bool) {
        var inputs: [Input] = []
        let isAtEnd = !readAll(into: &inputs)
        if !isAtEnd { inputs += decideIncomplete(hasNews: !inputs.isEmpty) }
        if !decoder.isObserving {
            inputs = burst.take(inputs, at: .now)
            inputs += burst.flush(at: .now)
        }
        return (inputs, isAtEnd)
    }

    /// Answers to questions that came with what was read.
    mutating func takeReplies() -> [TerminalReply] { decoder.takeReplies() }

    /// Waits for answers up to the one that every terminal gives, at most so long; what is typed meanwhile is lost.
    mutating func awaitReplies(within limit: Duration) -> [TerminalReply] {
        let end = ContinuousClock.now + limit
        var replies: [TerminalReply] = []
        while ContinuousClock.now < end {
            var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&ready, 1, 20) > 0 else { continue }
            var ignored: [Input] = []
            let isAtEnd = !readAll(into: &ignored)
            replies += decoder.takeReplies()
            if isAtEnd || replies.contains(.deviceAttributes) { break }
        }
        return replies
    }

    /// Reads what is there; false at the end of input.
    private mutating func readAll(into inputs: inout [Input]) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 4096)
        var most = Self.mostBytes
        while most > 0, isReadable {
            let count = read(into: &bytes)
            guard count > 0 else {
                if count < 0, errno == EINTR || errno == EAGAIN { continue }
                return false
            }
            inputs += decoder.feed(bytes[..<count])
            most -= count
        }
        return true
    }

    private func read(into bytes: inout [UInt8]) -> Int {
        #if canImport(Glibc)
            Glibc.read(descriptor, &bytes, bytes.count)
        #else
            Darwin.read(descriptor, &bytes, bytes.count)
        #endif
    }

    private var isReadable: Bool {
        var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&ready, 1, 0) > 0 && ready.revents & Int16(POLLIN | POLLHUP | POLLERR | POLLNVAL) != 0
    }

    private mutating func decideIncomplete(hasNews: Bool) -> [Input] {
        let wait: Duration
        switch decoder.pending {
        case .nothing:
            decoderDeadline = nil
            return []
        case .sequence: wait = escapeDelay
        case .paste: wait = .seconds(5)
        }
        guard let deadline = decoderDeadline, !hasNews else {
            decoderDeadline = .now + wait
            return []
        }
        guard deadline <= .now else { return [] }
        decoderDeadline = nil
        return decoder.flush()
    }
}
