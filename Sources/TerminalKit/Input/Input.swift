/// What comes from the terminal.
public enum Input: Sendable, Hashable {
    /// A key was pressed.
    case key(KeyChord)
    /// Text was pasted; control characters but newline and tab are already removed.
    case paste(String)
    /// Something was done with the mouse.
    case mouse(MouseEvent)
    /// The terminal has another size.
    case resize(Size)
    /// The terminal window got or lost the focus.
    case focus(Bool)
    /// The terminal was handed back after a suspension or a program in the foreground; everything must be drawn again.
    case resumed
    /// The terminal is gone (end of input, hang-up) or the process was told to end by this signal (0 = end of input).
    case ended(signal: Int32)
    /// What the terminal sent, byte by byte, in place of what it means; only while that is asked for.
    indirect case observed(InputRecord)
}

/// Something done with the mouse.
public struct MouseEvent: Sendable, Hashable {
    /// A button.
    public enum Button: Sendable, Hashable {
        /// The left one.
        case left
        /// The middle one.
        case middle
        /// The right one.
        case right
    }

    /// What was done.
    public enum Action: Sendable, Hashable {
        /// A button went down.
        case press(Button)
        /// The pressed button went up.
        case release(Button)
        /// The mouse moved with a button down.
        case drag(Button)
        /// The wheel turned by so many rows, down > 0.
        case wheel(rows: Int)
        /// The wheel turned sideways by so many columns, right > 0.
        case wheelSideways(columns: Int)
    }

    /// What was done.
    public var action: Action
    /// The cell; nil when the terminal does not tell: it sends arrow keys for the wheel while the mouse is its own.
    public var position: Position?
    /// Keys held down. Terminals keep Shift for themselves.
    public var modifiers: KeyChord.Modifier

    /// An event.
    public init(_ action: Action, at position: Position?, _ modifiers: KeyChord.Modifier = []) {
        (self.action, self.position, self.modifiers) = (action, position, modifiers)
    }
}

/// One thing that a terminal sent, and what was made of it: for a screen on which a person sees what a key does.
public struct InputRecord: Sendable, Hashable {
    /// The bytes; of a paste its first mark.
    public let bytes: [UInt8]
    /// What they mean; nil: they are swallowed.
    public let input: Input?

    /// A record.
    public init(bytes: [UInt8], input: Input?) { (self.bytes, self.input) = (bytes, input) }

    /// The bytes as people write them, printable ones as they are: `ESC [ 1 3 ; 2 u`, `^A`, `C3 A9`.
    public var spelling: String {
        bytes.map { byte in
            switch byte {
            case 0x1B: "ESC"
            case 0x20: "SP"
            case 0x7F: "DEL"
            case ..<0x20: "^" + String(Unicode.Scalar(byte + 0x40))
            case 0x80...: (byte < 0x10 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            default: String(Unicode.Scalar(byte))
            }
        }.joined(separator: " ")
    }
}

/// A terminal's answer to a question of ours. Anybody can forge one; nobody may trust it with more than looks.
public enum TerminalReply: Sendable, Hashable {
    /// To `CSI ? u`: the keyboard protocol is known, these flags are on.
    case keyboardFlags(Int)
    /// To `OSC 11 ; ?`: whether the background is light, which is when its brightness is over half of white's (luma of ITU-R BT.601).
    case background(isLight: Bool)
    /// To `CSI c`: every terminal answers it, so what was asked before it and is not answered by then, never will be.
    case deviceAttributes
}
