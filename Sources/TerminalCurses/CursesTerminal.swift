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

    private let output: Int32
    private let signals: Int32
    private var reader: TerminalReader
    private var styles: CursesStyles
    private var row: [tt_cell] = []
    private var isOpen = true
    /// Whether a program in the foreground, or the shell, has the terminal.
    private var isAway = false
    private var savedError: Int32 = -1
    private var modes = TerminalModes()
    /// Gets the answer about the background; nil = it is not asked, or was answered.
    private var tellBackground: (@Sendable (Bool) -> Void)?
    /// When the terminal was asked for its keyboard protocol.
    private var asked: ContinuousClock.Instant?

    /// Looks whether standard output can be drawn on, without drawing. Throws a line that says why not.
    public static func check() throws {
        guard isatty(STDOUT_FILENO) == 1 else {
            throw CursesError("standard output is not a terminal; in scripts use: tickertape ask")
        }
        _ = try TerminalEnvironment(output: STDOUT_FILENO)
    }

    /// What is known of the terminal before it is taken. `ascii` and `color`: as in `init`. Throws as `check` does.
    public static func facts(ascii: Bool = false, color: ColorChoice = .auto) throws -> TerminalFacts {
        let environment = try TerminalEnvironment(output: STDOUT_FILENO)
        let available = Int(tt_term_colors(environment.term, STDOUT_FILENO))
        let colors =
            DirectColor.isWanted(color, environment, output: STDOUT_FILENO)
            ? ColorChoice.all24 : color.colors(available: available, isColorless: environment.isColorless)
        return TerminalFacts(
            kind: environment.term, colors: colors, isColorless: environment.isColorless,
            isUTF8: !(ascii || environment.isASCII), marksPaste: true)
    }

    /// From now on a crash ends the process by its signal, after giving the terminal back if it was taken; the runtime's
    /// interactive crash prompt never appears.
    public static func handleCrashes() { tt_handle_crashes() }

    /// Takes the terminal. `ascii` draws ASCII only, also where the locale allows more; `color` says how many of the
    /// terminal's colours to use. `onBackground`: the terminal is asked, once and after the first frame, whether its background is
    /// light, and this gets the answer, if one comes, on the UI thread. Throws `CursesError`.
    public init(
        theme: Theme, ascii: Bool = false, color: ColorChoice = .auto, onBackground: (@Sendable (Bool) -> Void)? = nil
    ) throws {
        let environment = try TerminalEnvironment(output: STDOUT_FILENO)
        output = STDOUT_FILENO
        // Consoles print what they do not know of this kind.
        let isConsole = ["linux", "vt", "cons"].contains { environment.term.hasPrefix($0) }
        tellBackground = isConsole ? nil : onBackground
        let input = try Self.openInput()
        isASCII = ascii || environment.isASCII
        // Exported sizes would freeze curses at them.
        unsetenv("LINES")
        unsetenv("COLUMNS")
        signals = tt_signal_pipe()
        tt_note_signals()
        tt_handle_crashes()
        // Armed before curses changes the settings, so that the ones saved are the user's.
        tt_arm(output)
        let isDirect =
            DirectColor.isWanted(color, environment, output: output)
            && DirectColor.start(environment.term, input: input, output: output)
        guard isDirect || tt_start(environment.term, input, output) else {
            tt_forget_signals()
            throw CursesError("the terminal cannot be opened (TERM=\(environment.term)); use: tickertape ask")
        }
        styles =
            isDirect
            ? CursesStyles(colors: ColorChoice.all24, paletteStart: TerminfoEntry.paletteStart)
            : CursesStyles(
                colors: color.colors(available: Int(tt_colors()), isColorless: environment.isColorless))
        styles.use(theme)
        inputDescriptor = input
        // Terminals that mark pastes say so in their description.
        reader = TerminalReader(descriptor: input, marksPastes: tt_capability("BE").pointee != 0)
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
    public var pendingInputDeadline: ContinuousClock.Instant? { isAway ? nil : reader.deadline }

    /// Descriptor that becomes readable when a signal was noted.
    public var signalDescriptor: Int32? { signals }

    /// All waiting keys, noted signals and resizes.
    public func pendingInput() -> [Input] {
        let signals = takeSignals()
        if isAway { return signals }
        let (inputs, isAtEnd) = reader.read()
        takeReplies()
        return signals + inputs.map(clamped) + (isAtEnd ? [.ended(signal: SIGHUP)] : [])
    }

    /// Answers about the keyboard switch its protocol on.
    private func takeReplies() {
        for reply in reader.takeReplies() {
            if case .background(let isLight) = reply, modes.keyboard == .asked {
                tellBackground?(isLight)
                tellBackground = nil
            }
            let bytes = modes.take(reply)
            guard !bytes.isEmpty else { continue }
            // First how it is undone, so that no crash comes between.
            prepareUndo()
            switchOn(bytes)
        }
    }

    private func clamped(_ input: Input) -> Input {
        guard case .mouse(var event) = input, let position = event.position else { return input }
        event.position = Position(
            x: min(position.x, max(0, size.width - 1)), y: min(position.y, max(0, size.height - 1)))
        return .mouse(event)
    }

    /// Tells input as records from now on, or as what it means again.
    public func observeKeys(_ observes: Bool) { reader.isObserving = observes }

    private func takeSignals() -> [Input] {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(signals, &bytes, bytes.count)
        guard count > 0 else { return [] }
        let noted = Set(bytes[..<count].map(Int32.init))
        var inputs: [Input] = []
        if noted.contains(SIGWINCH) || noted.contains(SIGCONT), followSize() { inputs.append(.resize(size)) }
        if noted.contains(SIGCONT) { inputs.append(.resumed) }
        if noted.contains(SIGTSTP) { inputs.append(.key(.control("z"))) }
        for ending in [SIGHUP, SIGTERM, SIGINT, SIGQUIT] where noted.contains(ending) {
            inputs.append(.ended(signal: ending))
        }
        return inputs
    }

    /// Takes the window's size and sends everything with the next frame; false when the size is not known. The size may be
    /// the same as before: a window that shrank and grew again before we looked has lost what stood in it.
    private func followSize() -> Bool {
        guard let new = Self.windowSize(output) else { return false }
        size = new
        tt_resize(Int32(new.height), Int32(new.width))
        return true
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
        // After the first frame: nothing is asked before something is to be seen.
        let question = modes.ask(background: tellBackground != nil)
        guard !question.isEmpty else { return }
        asked = .now
        emit(question)
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
        prepareUndo()
        switchOn(Array(modes.on.utf8))
        tt_use_alternate_stack()
    }

    private func switchOn(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) { tt_switch($0.baseAddress, $0.count) }
        }
    }

    /// What a signal handler sends that ends the process.
    private func prepareUndo() {
        let names: [String] = ["sgr0", "rmkx", "cnorm", "rmcup"]
        let undo = names.reduce(into: modes.off) { $0 += String(cString: tt_capability($1)) }
        tt_set_undo(undo, undo.utf8.count)
    }

    /// Takes mouse events, or leaves the mouse to the terminal.
    public func captureMouse(_ captures: Bool) {
        var new = modes
        let bytes = new.captureMouse(captures)
        guard !bytes.isEmpty else { return }
        modes = new
        prepareUndo()
        if !isAway { switchOn(bytes) }
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
        leave(stops: true)
        tt_stop_group()
        comeBack()
    }

    /// Gives the terminal back for a program in the foreground.
    public func leave() { leave(stops: false) }

    private func leave(stops: Bool) {
        guard isOpen, !isAway else { return }
        isAway = true
        awaitAnswer()
        emit(Array(modes.off.utf8))
        tt_leave()
        restoreErrors()
        tt_disarm()
        if !stops { tt_yield_signals() }
    }

    /// Takes the terminal again.
    public func comeBack() {
        guard isOpen, isAway else { return }
        isAway = false
        tt_note_signals()
        silenceErrors()
        tt_resume()
        tt_rearm()
        switchOn(Array(modes.on.utf8))
        _ = followSize()
        tt_touch()
    }

    /// An answer that comes when we are gone would be typed into the shell.
    private func awaitAnswer() {
        guard modes.keyboard == .asked, let asked, .now - asked < .seconds(2) else { return }
        for reply in reader.awaitReplies(within: .milliseconds(100)) { emit(modes.take(reply)) }
    }

    /// Gives the terminal back for good.
    public func restore() {
        guard isOpen else { return }
        if !isAway {
            awaitAnswer()
            emit(Array(modes.off.utf8))
            tt_leave()
            tt_restore()
            restoreErrors()
        }
        isOpen = false
        tt_forget_signals()
    }
}
