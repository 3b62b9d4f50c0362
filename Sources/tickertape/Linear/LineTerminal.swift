import TerminalKit

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Lines in, text out: the program's terminal in linear mode. It works on a terminal, a pipe or a file, and draws nothing.
///
/// A line comes as `Input.paste`, Ctrl-C as that key, the end of the input as `Input.ended(signal: 0)`; when nobody reads the output any
/// more it is `Input.ended(signal: SIGPIPE)`.
final class LineTerminal: TerminalKit.Terminal {
    private let signals: LineSignals
    private var reader = LineReader()
    private var inputIsOpen = true
    /// Whether nobody reads what is written; told once.
    private var outputIsClosed = false
    private var toldClosed = false

    /// Read at once; the rest waits for the next turn.
    private static let mostBytes = 64 << 10

    /// Reads standard input and writes to standard output.
    init(signals: LineSignals) { self.signals = signals }

    /// What a screen would have; nothing depends on it.
    var size: Size { Size(width: 80, height: 24) }
    var inputDescriptor: Int32? { inputIsOpen ? STDIN_FILENO : nil }
    /// None: signals wake the loop.
    var signalDescriptor: Int32? { nil }
    /// None: what is written is waited for, so that a slow reader slows the answer's reading down, and nothing else.
    var outputDescriptor: Int32? { nil }
    var isWritable: Bool { true }
    var pendingInputDeadline: ContinuousClock.Instant? { outputIsClosed && !toldClosed ? .now : nil }

    func pendingInput() -> [Input] {
        var inputs = signals.take().map { number -> Input in
            number == SIGINT ? .key(.control("c")) : .ended(signal: number)
        }
        if outputIsClosed, !toldClosed {
            toldClosed = true
            inputs.append(.ended(signal: SIGPIPE))
        }
        return inputs + readLines()
    }

    private func readLines() -> [Input] {
        var lines: [Input] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        var most = Self.mostBytes
        while inputIsOpen, most > 0, isReadable {
            let count = read(STDIN_FILENO, &chunk, chunk.count)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else {
                inputIsOpen = false
                return lines + reader.finish().map(Input.paste) + [.ended(signal: 0)]
            }
            lines += reader.feed(chunk[..<count]).map(Input.paste)
            most -= count
        }
        return lines
    }

    private var isReadable: Bool {
        var ready = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        return poll(&ready, 1, 0) > 0
    }

    func emit(_ bytes: [UInt8]) {
        if !outputIsClosed, !Terminal.write(bytes, to: STDOUT_FILENO) { outputIsClosed = true }
    }

    func suspend() { kill(0, SIGTSTP) }

    /// A program in the foreground gets Ctrl-C, and we do not mean it then.
    func leave() { signals.ignoresInterrupts = true }
    func comeBack() { signals.ignoresInterrupts = false }

    // Nothing is drawn, so there is nothing to show, to draw anew or to give back.
    func present(_ frame: Frame) {}
    func use(_ theme: Theme) {}
    func invalidate() {}
    func captureMouse(_ captures: Bool) {}
    func observeKeys(_ observes: Bool) {}
    func restore() {}
}

/// Makes lines of bytes as they come.
struct LineReader {
    /// The longest line; what goes beyond is dropped.
    static let limit = 16 << 20

    private var pending: [UInt8] = []

    /// Takes bytes; returns the lines that are whole, without their ends.
    mutating func feed(_ bytes: ArraySlice<UInt8>) -> [String] {
        var lines: [String] = []
        for part in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast() {
            add(part)
            lines.append(take())
        }
        let last = bytes.lastIndex(of: UInt8(ascii: "\n")).map { bytes[($0 + 1)...] } ?? bytes
        add(last)
        return lines
    }

    /// The end of the input: a last line without an end.
    mutating func finish() -> [String] { pending.isEmpty ? [] : [take()] }

    private mutating func add(_ bytes: ArraySlice<UInt8>) { pending += bytes.prefix(Self.limit - pending.count) }

    private mutating func take() -> String {
        defer { pending.removeAll(keepingCapacity: pending.capacity < 1 << 16) }
        if pending.last == UInt8(ascii: "\r") { pending.removeLast() }
        return String(decoding: pending, as: UTF8.self)
    }
}
