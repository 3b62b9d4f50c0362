import TerminalKit

/// A small terminal: makes a screen of the bytes a program writes. Knows what ncurses sends for xterm-256color and vt100;
/// everything else is recorded in `unknown`, so that a test can say that nothing foreign came.
public struct ScreenEmulator: Sendable {
    /// One cell: its text, and whether it is bold or reversed.
    public struct Cell: Sendable, Hashable {
        /// The cluster; empty in the right half of a wide one.
        public var text = " "
        /// Drawn heavier.
        public var isBold = false
        /// Colours swapped.
        public var isReversed = false
        /// SGR parameters of the text's colour, as sent, `38;2;1;2;3`; empty = default.
        public var foreground = ""
        /// SGR parameters of the colour behind it, as sent; empty = default.
        public var background = ""
        /// Both colours.
        public var colors: String { [foreground, background].filter { !$0.isEmpty }.joined(separator: ";") }
    }

    /// Columns.
    public private(set) var width: Int
    /// Rows.
    public private(set) var height: Int
    /// All cells, row after row.
    public internal(set) var cells: [[Cell]]
    /// Cursor column.
    public internal(set) var x = 0
    /// Cursor row.
    public internal(set) var y = 0
    /// Private modes that are on (25 = cursor shown, 1049 = alternate screen, 2004 = bracketed paste …).
    public internal(set) var modes: Set<Int> = [25, 7]
    /// Sequences that it does not know.
    public internal(set) var unknown: [String] = []
    /// Whether any control sequence came, known or not.
    public private(set) var hadSequence = false

    /// Which keyboard protocols it knows.
    public enum Keyboard: Sendable {
        /// xterm's: it answers who it is, and knows modifyOtherKeys.
        case xterm
        /// kitty's, too.
        case kitty
    }

    /// Which keyboard protocols it knows.
    public var keyboard = Keyboard.xterm
    /// Whether it answers questions.
    public var answersQueries = true
    /// What it answers when it is asked for its background, `rgb:ffff/ffff/ffff`; nil = nothing.
    public var backgroundAnswer: String?
    /// Whether it was asked for its background.
    public private(set) var wasAskedForBackground = false
    /// Flags of the kitty protocol that were pushed.
    public internal(set) var keyboardFlags: [Int] = []
    /// xterm's modifyOtherKeys; 0 = off.
    public internal(set) var otherKeys = 0
    /// What it answers to what it was asked; whoever feeds it sends that and empties it.
    public var answers: [UInt8] = []

    var savedModes: Set<Int> = []
    var pen = Cell()
    var top = 0
    var bottom: Int
    var saved = (x: 0, y: 0)
    var mainScreen: [[Cell]] = []
    var wrapIsPending = false
    var lastCluster = " "
    var drawsLines = false
    private var parser = EscapeParser()
    private var partial: [UInt8] = []

    /// A blank screen.
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
        bottom = height - 1
        cells = Self.blank(width, height)
    }

    /// The rows as text, blanks at their ends removed.
    public var text: String {
        var text = ""
        for (number, row) in cells.enumerated() {
            if number > 0 { text += "\n" }
            let end = row.lastIndex { $0.text != " " } ?? -1
            for cell in row[...end] { text += cell.text }
        }
        return text
    }

    /// Whether the terminal is as a shell wants it: main screen, cursor shown, no paste, focus or mouse reports, keys as
    /// ever.
    public var isRestored: Bool {
        modes.contains(25) && keyboardFlags.isEmpty && otherKeys == 0
            && modes.isDisjoint(with: [1049, 1047, 47, 2004, 1004, 1000, 1002, 1003, 1006, 1007, 2026, 1])
    }

    /// How often the terminal was given back, as `isRestored`. It counts up, so that nobody can miss it.
    public private(set) var restorations = 0

    /// Another size; what no longer fits is lost.
    public mutating func resize(width: Int, height: Int) {
        var rows = Array(cells.prefix(height))
        for y in rows.indices {
            rows[y] = Array(rows[y].prefix(width)) + Array(repeating: Cell(), count: max(0, width - rows[y].count))
        }
        let blank = Array(repeating: Cell(), count: width)
        cells = rows + Array(repeating: blank, count: height - rows.count)
        self.width = width
        self.height = height
        top = 0
        bottom = height - 1
        x = min(x, width - 1)
        y = min(y, height - 1)
    }

    /// Takes the next bytes of output.
    public mutating func feed(_ bytes: some Sequence<UInt8>) {
        if bytes.contains(0x1B) { hadSequence = true }
        for byte in bytes {
            switch parser.take(byte) {
            case .text(let byte): take(byte)
            case .none: break
            case .control(let byte): control(byte)
            case .escape(let text): escape(text)
            case .sequence(let sequence):
                let wasRestored = sequence.mark != nil && isRestored
                perform(sequence)
                if sequence.mark != nil, !wasRestored, isRestored { restorations += 1 }
            // Colours as they were: what ncurses sends when it comes back.
            case .string("]104"): break
            case .string("]11;?"):
                wasAskedForBackground = true
                if let backgroundAnswer { answers += Array("\u{1B}]11;\(backgroundAnswer)\u{1B}\\".utf8) }
            case .string(let text): unknown.append("string \(text)")
            }
        }
    }

    private static func blank(_ width: Int, _ height: Int) -> [[Cell]] {
        Array(repeating: Array(repeating: Cell(), count: width), count: height)
    }

    mutating func clearScreen() { cells = Self.blank(width, height) }

    private mutating func take(_ byte: UInt8) {
        partial.append(byte)
        let lead = partial[0]
        let length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        guard partial.count >= length else { return }
        let text = String(decoding: partial, as: UTF8.self)
        partial = []
        put(drawsLines && length == 1 ? Self.lineDrawing[lead] ?? text : text)
    }

    private static let lineDrawing: [UInt8: String] = [
        0x6A: "┘", 0x6B: "┐", 0x6C: "┌", 0x6D: "└", 0x6E: "┼", 0x71: "─", 0x74: "├", 0x75: "┤", 0x76: "┴", 0x77: "┬",
        0x78: "│", 0x61: "▒", 0x7E: "·",
    ]

    mutating func put(_ text: String) {
        let cells = CellWidth.width(of: text)
        if cells == 0 { return join(text) }
        // A wide one on a screen of one column is not shown.
        if cells > width { return }
        if wrapIsPending || x + cells > width {
            x = 0
            lineFeed()
        }
        wrapIsPending = false
        lastCluster = text
        var cell = pen
        cell.text = text
        self.cells[y][x] = cell
        if cells == 2 {
            cell.text = ""
            self.cells[y][x + 1] = cell
        }
        if x + cells >= width {
            x = width - 1
            wrapIsPending = true
        } else {
            x += cells
        }
    }

    private mutating func join(_ mark: String) {
        var left = wrapIsPending ? x : x - 1
        if left > 0, cells[y][left].text.isEmpty { left -= 1 }
        if left >= 0 { cells[y][left].text += mark }
    }

    mutating func lineFeed() {
        if y == bottom { scrollUp(1) } else { y = min(y + 1, height - 1) }
    }

    mutating func scrollUp(_ count: Int) {
        for _ in 0..<max(0, min(count, bottom - top + 1)) {
            cells.remove(at: top)
            cells.insert(Array(repeating: Cell(), count: width), at: bottom)
        }
    }

    mutating func scrollDown(_ count: Int) {
        for _ in 0..<max(0, min(count, bottom - top + 1)) {
            cells.remove(at: bottom)
            cells.insert(Array(repeating: Cell(), count: width), at: top)
        }
    }
}
