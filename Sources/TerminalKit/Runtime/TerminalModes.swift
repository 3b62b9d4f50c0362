/// What is switched on in a terminal beyond what curses knows, and how it is undone. Pure: says what to send.
///
/// The keyboard: the terminal is asked for the kitty protocol (`CSI ? u`) with the question that every terminal answers
/// (`CSI c`) behind it. Where the first is answered, "disambiguate" and "alternate keys" are pushed: without the latter
/// Alt-< is told as Shift, Alt and the key of the comma, which only the layout makes a `<`. Elsewhere modifyOtherKeys is
/// tried. Nothing waits for an answer.
public struct TerminalModes: Sendable, Hashable {
    /// How keys with modifiers are told.
    public enum Keyboard: Sendable, Hashable {
        /// As ever.
        case plain
        /// It was asked, and there is no answer yet.
        case asked
        /// By the kitty protocol.
        case kitty
        /// By xterm's modifyOtherKeys 2, where it is known.
        case modifyOtherKeys
    }

    /// How keys are told.
    public private(set) var keyboard = Keyboard.plain
    /// Whether mouse events are ours.
    public private(set) var capturesMouse = false

    /// Bracketed paste, focus reports, the wheel as arrow keys.
    public init() {}

    /// Asks for the better keyboard protocol, and before it for the colour of the background where that is wanted; nothing when that
    /// was done.
    public mutating func ask(background: Bool = false) -> [UInt8] {
        guard keyboard == .plain else { return [] }
        keyboard = .asked
        return Array(((background ? "\u{1B}]11;?\u{1B}\\" : "") + "\u{1B}[?u\u{1B}[c").utf8)
    }

    /// What to send upon an answer. Only the first to our question counts, so that forged ones change nothing later.
    public mutating func take(_ reply: TerminalReply) -> [UInt8] {
        guard keyboard == .asked else { return [] }
        switch reply {
        case .keyboardFlags: keyboard = .kitty
        case .deviceAttributes: keyboard = .modifyOtherKeys
        case .background: return []
        }
        return Array(keyboardOn.utf8)
    }

    /// Takes the mouse, or gives it back; what to send.
    public mutating func captureMouse(_ captures: Bool) -> [UInt8] {
        guard captures != capturesMouse else { return [] }
        capturesMouse = captures
        return Array((captures ? Self.wheelOff + Self.mouseOn : Self.mouseOff + Self.wheelOn).utf8)
    }

    /// Switches on all that is to be on.
    public var on: String {
        "\u{1B}[?2004h\u{1B}[?1004h" + (capturesMouse ? Self.mouseOn : Self.wheelOn) + keyboardOn
    }

    /// Undoes all of it, on the screen on which it was switched on. Undoing what is off does no harm.
    public var off: String {
        keyboardOff + "\u{1B}[?2026l" + Self.mouseOff + (capturesMouse ? "" : Self.wheelOff)
            + "\u{1B}[?1004l\u{1B}[?2004l"
    }

    private static let mouseOn = "\u{1B}[?1000h\u{1B}[?1002h\u{1B}[?1006h"
    private static let mouseOff = "\u{1B}[?1006l\u{1B}[?1003l\u{1B}[?1002l\u{1B}[?1000l"
    // Saved before and restored after: it is the terminal's own setting.
    private static let wheelOn = "\u{1B}[?1007s\u{1B}[?1007h"
    private static let wheelOff = "\u{1B}[?1007r"

    private var keyboardOn: String {
        switch keyboard {
        case .plain, .asked: ""
        case .kitty: "\u{1B}[>5u"
        case .modifyOtherKeys: "\u{1B}[>4;2m"
        }
    }

    private var keyboardOff: String {
        switch keyboard {
        case .plain, .asked: ""
        case .kitty: "\u{1B}[<u"
        case .modifyOtherKeys: "\u{1B}[>4m"
        }
    }
}
