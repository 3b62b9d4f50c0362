import CNcurses
public import TerminalKit

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The real terminal: curses draws, our own decoder reads. Lives on one thread. Give it back with `restore()`; signals that
/// crash the process give it back by themselves.
public final class CursesTerminal: Terminal {
    /// The extent now.
    public private(set) var size: Size
    /// Keys come from here: standard input, or /dev/tty when that is a pipe.
    public let inputDescriptor: Int32?
    /// Whether only ASCII is drawn.
    public let isASCII: Bool

    private let input: Int32
    private let output: Int32
    private let signals: Int32
    private var decoder = KeyDecoder()
    private var decoderDeadline: ContinuousClock.Instant?
    private let escapeDelay: Duration
    private var styles: CursesStyles
    private var row: [tt_cell] = []
    private var isOpen = true
    private var savedError: Int32 = -1

    /// Read at once; the rest waits for the next turn, so that a flood of input does not keep the screen from moving.
    private static let mostBytes = 64 << 10

    private static let modesOn = "\u{1B}[?2004h\u{1B}[?1004h"
    private static let modesOff =
        "\u{1B}[?2026l\u{1B}[?1006l\u{1B}[?1003l\u{1B}[?1002l\u{1B}[?1000l\u{1B}[?1004l\u{1B}[?2004l"

    /// Looks whether standard output can be drawn on, without drawing. Throws a line that says why not.
    public static func check() throws {
        guard isatty(STDOUT_FILENO) == 1 else {
            throw CursesError("standard output is not a terminal; in scripts use: tickertape ask")
        }
        _ = try TerminalEnvironment(output: STDOUT_FILENO)
    }

    /// From now on a crash ends the process by its signal, after giving the terminal back if it was taken; the runtime's
    /// interactive crash prompt never appears.
    public static func handleCrashes() { tt_handle_crashes() }

    /// Takes the terminal. `ascii` draws ASCII only, also where the locale allows more; `color` says how many of the
    /// terminal's colours to use. Throws `CursesError`.
    public init(theme: Theme, ascii: Bool = false, color: ColorChoice = .auto) throws {
        let environment = try TerminalEnvironment(output: STDOUT_FILENO)
        output = STDOUT_FILENO
        input = try Self.openInput()
        isASCII = ascii || environment.isASCII
        escapeDelay = Self.escapeDelay()
        // Exported sizes would freeze curses at them.
        unsetenv("LINES")
        unsetenv("COLUMNS")
        signals = tt_signal_pipe()
        tt_note_signals()
        tt_handle_crashes()
        // Armed before curses changes the settings, so that the ones saved are the user's.
        tt_arm(output)
        guard tt_start(environment.term, input, output) else {
            tt_forget_signals()
            throw CursesError("the terminal cannot be opened (TERM=\(environment.term)); use: tickertape ask")
        }
        styles = CursesStyles(
            colors: color.colors(available: Int(tt_colors()), isColorless: environment.isColorless))
        styles.use(theme)
        inputDescriptor = input
        size = Self.windowSize(output) ?? Size(width: 80, height: 24)
        silenceErrors()
        enter()
        tt_resize(Int32(size.height), Int32(size.width))
    }

    private static func openInput() throws -> Int32 {
        if isatty(STDIN_FILENO) == 1 { return STDIN_FILENO }
        let descriptor = open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CursesError(
                "no keyboard: standard input is not a terminal and /dev/tty cannot be opened; use: tickertape ask")
        }
        return descriptor
    }

    /// How long a lone Escape waits to be one: ESCDELAY in milliseconds, else 25.
    private static func escapeDelay() -> Duration {
        guard let text = getenv("ESCDELAY"), let value = Int(String(cString: text)), (1...5000).contains(value) else {
            return .milliseconds(25)
        }
        return .milliseconds(value)
    }

    private static func windowSize(_ descriptor: Int32) -> Size? {
        var window = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0, window.ws_row > 0, window.ws_col > 0 else {
            return nil
        }
        return Size(width: Int(window.ws_col), height: Int(window.ws_row))
    }

    // MARK: Input

    /// The descriptor that the terminal's output goes to.
    public var outputDescriptor: Int32? { output }

    /// Whether the terminal takes output without waiting.
    public var isWritable: Bool {
        var ready = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
        return poll(&ready, 1, 0) > 0
    }

    /// When an incomplete sequence is decided.
    public var pendingInputDeadline: ContinuousClock.Instant? { decoderDeadline }

    /// Descriptor that becomes readable when a signal was noted.
    public var signalDescriptor: Int32? { signals }

    /// All waiting keys, noted signals and resizes.
    public func pendingInput() -> [Input] {
        var inputs = takeSignals()
        var bytes = [UInt8](repeating: 0, count: 4096)
        var most = Self.mostBytes
        while most > 0, isReadable(input) {
            let count = read(input, &bytes, bytes.count)
            guard count > 0 else {
                if count < 0, errno == EINTR || errno == EAGAIN { continue }
                inputs.append(.ended(signal: SIGHUP))
                return inputs
            }
            inputs += decoder.feed(bytes[..<count])
            most -= count
        }
        inputs += decideIncomplete(hasNews: !inputs.isEmpty)
        return inputs
    }

    private func decideIncomplete(hasNews: Bool) -> [Input] {
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

    private func isReadable(_ descriptor: Int32) -> Bool {
        var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&ready, 1, 0) > 0 && ready.revents & Int16(POLLIN | POLLHUP | POLLERR | POLLNVAL) != 0
    }

    private func takeSignals() -> [Input] {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(signals, &bytes, bytes.count)
        guard count > 0 else { return [] }
        let noted = Set(bytes[..<count].map(Int32.init))
        var inputs: [Input] = []
        if noted.contains(SIGWINCH) || noted.contains(SIGCONT), let new = followSize() { inputs.append(.resize(new)) }
        if noted.contains(SIGCONT) { inputs.append(.resumed) }
        if noted.contains(SIGTSTP) { inputs.append(.key(.control("z"))) }
        for ending in [SIGHUP, SIGTERM, SIGINT, SIGQUIT] where noted.contains(ending) {
            inputs.append(.ended(signal: ending))
        }
        return inputs
    }

    private func followSize() -> Size? {
        guard let new = Self.windowSize(output), new != size else { return nil }
        size = new
        tt_resize(Int32(new.height), Int32(new.width))
        return new
    }

    // MARK: Output

    /// Hands every cell to curses, which sends what differs.
    public func present(_ frame: Frame) {
        let height = min(frame.size.height, size.height)
        let width = min(frame.size.width, size.width)
        guard isOpen, width > 0 else { return }
        if row.count != width { row = Array(repeating: tt_cell(), count: width) }
        var style = Style(.text)
        var look = styles.look(style)
        for y in 0..<height {
            var x = 0
            for cell in frame.row(y).prefix(width) {
                if cell.style != style {
                    style = cell.style
                    look = styles.look(style)
                }
                convert(cell, look, to: &row[x])
                x += 1
            }
            for x in 0..<width where row[x].width == 1 && x + 1 < width && row[x + 1].width == 0 { row[x].width = 2 }
            tt_put_row(Int32(y), row, Int32(width))
        }
        let cursor = frame.cursor.flatMap { $0.x < width && $0.y < height ? $0 : nil }
        tt_flush(Int32(cursor?.y ?? -1), Int32(cursor?.x ?? -1))
    }

    private func convert(_ cell: Cell, _ look: (attributes: UInt32, pair: Int32), to target: inout tt_cell) {
        target.attributes = look.attributes
        target.pair = look.pair
        var text = cell.text
        text.withUTF8 { bytes in
            target.count = 1
            target.width = bytes.isEmpty ? 0 : 1
            if bytes.count == 1 { target.scalars.0 = UInt32(bytes[0]) }
        }
        guard text.utf8.count > 1 else { return }
        withUnsafeMutableBytes(of: &target.scalars) { raw in
            let scalars = raw.bindMemory(to: UInt32.self)
            var count = 0
            for scalar in text.unicodeScalars where count < scalars.count {
                scalars[count] = isASCII ? ASCIIGlyphs.replacement(for: scalar) : scalar.value
                count += 1
                if isASCII { break }
            }
            target.count = UInt8(count)
        }
    }

    /// Uses another theme from the next frame on.
    public func use(_ theme: Theme) { styles.use(theme) }

    /// Sends everything with the next frame.
    public func invalidate() { tt_touch() }

    /// Sends bytes of our own, such as a bell.
    public func emit(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { write(output, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            sent += count
        }
    }

    // MARK: Taking and giving back

    private func enter() {
        emit(Array(Self.modesOn.utf8))
        let names: [String] = ["sgr0", "rmkx", "cnorm", "rmcup"]
        let undo = names.reduce(into: Self.modesOff) { $0 += String(cString: tt_capability($1)) }
        tt_set_undo(undo, undo.utf8.count)
        tt_use_alternate_stack()
    }

    /// Nothing but the screen writes to the terminal: what libraries say on stderr goes nowhere meanwhile.
    private func silenceErrors() {
        guard isatty(STDERR_FILENO) == 1 else { return }
        let nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)
        guard nowhere >= 0 else { return }
        savedError = dup(STDERR_FILENO)
        dup2(nowhere, STDERR_FILENO)
        close(nowhere)
    }

    private func restoreErrors() {
        guard savedError >= 0 else { return }
        dup2(savedError, STDERR_FILENO)
        close(savedError)
        savedError = -1
    }

    /// Gives the terminal back, stops with the whole process group, takes the terminal again.
    public func suspend() {
        emit(Array(Self.modesOff.utf8))
        tt_leave()
        restoreErrors()
        tt_stop_group()
        tt_note_signals()
        silenceErrors()
        tt_resume()
        emit(Array(Self.modesOn.utf8))
        _ = followSize()
        tt_touch()
    }

    /// Gives the terminal back for good.
    public func restore() {
        guard isOpen else { return }
        isOpen = false
        emit(Array(Self.modesOff.utf8))
        tt_leave()
        tt_restore()
        restoreErrors()
        tt_forget_signals()
    }
}
