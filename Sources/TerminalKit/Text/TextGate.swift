/// Foreign text that may be shown: no control characters but newline and tab, nothing that reorders or hides.
public struct GatedText: Sendable, Hashable {
    /// The text as it may be drawn or printed.
    public let text: String
    /// How many invisible characters, superfluous marks and selectors were left out of `text`.
    public let hiddenCount: Int

    init(text: String, hiddenCount: Int) {
        self.text = text
        self.hiddenCount = hiddenCount
    }
}

/// The one door that foreign text passes on its way to a screen or a terminal: model text, tool arguments, error bodies,
/// file names, configuration.
///
/// C0 and DEL become control pictures (`␛`), C1 and bidi controls placeholders (`‹9B›`, `‹RLO›`); CR LF, U+2028 and
/// U+2029 a newline; noncharacters U+FFFD. Invisible characters are taken out and counted, ZWJ and ZWNJ stay where a
/// script or an emoji needs them, tags in the three standard flags, one variation selector after a base that has any.
/// The rest is in NFC with at most 4 marks a cell and 32 scalars an emoji sequence; a mark without a base gets U+25CC.
///
/// Sample values: `"\u{1B}[31m"` → `"␛[31m"`, `"a\u{202E}b"` → `"a‹RLO›b"`, `"a\u{200B}b"` → `"ab"` with 1 hidden.
/// Gating twice changes nothing; the UTF-8 grows at most 8 times. Cost is linear.
public enum TextGate {
    /// Gates a whole text. With `allowNewlines` false each newline becomes `␊`. Tabs stay.
    public static func gate(_ foreign: String, allowNewlines: Bool = true) -> GatedText {
        var foreign = foreign
        let plain = foreign.withUTF8 { isPlain($0, allowNewlines: allowNewlines) }
        if plain { return GatedText(text: foreign, hiddenCount: 0) }
        var machine = GateMachine(allowNewlines: allowNewlines)
        machine.reserve(foreign.utf8.count)
        machine.feed(foreign)
        machine.finish()
        return machine.take()
    }

    /// Whether all bytes are printable ASCII, tabs or allowed newlines.
    static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>, allowNewlines: Bool) -> Bool {
        let newline: UInt8 = allowNewlines ? 0x0A : 0x09
        var start = 0
        while start < bytes.count {
            // Blocks without an exit inside, so that the compiler can test many bytes at once.
            let end = min(start + 256, bytes.count)
            var bad: UInt8 = 0
            for index in start..<end {
                let byte = bytes[index]
                bad |= byte &- 0x20 < 0x5F ? 0 : (byte == 0x09 ? 0 : (byte == newline ? 0 : 1))
            }
            if bad != 0 { return false }
            start = end
        }
        return true
    }
}

/// The text gate for an answer that arrives in pieces. All pieces together give what `TextGate.gate` gives for the whole.
///
/// The last cluster of a piece is held back until it is known what follows: at most 32 scalars.
public struct StreamingGate: Sendable {
    private var machine: GateMachine
    /// Characters left out so far.
    public private(set) var hiddenCount = 0

    /// A gate at the beginning of a text.
    public init(allowNewlines: Bool = true) { machine = GateMachine(allowNewlines: allowNewlines) }

    /// Gates the next piece; returns what can be shown now.
    public mutating func append(_ delta: String) -> GatedText {
        machine.feed(delta)
        return take()
    }

    /// What is still held back, as it looks if nothing follows. Changes nothing.
    public var pending: GatedText {
        var copy = machine
        copy.finish()
        return copy.take()
    }

    /// The end of the text: returns what was held back. The gate is then at the beginning of another text.
    public mutating func finish() -> GatedText {
        machine.finish()
        return take()
    }

    private mutating func take() -> GatedText {
        let gated = machine.take()
        hiddenCount += gated.hiddenCount
        return gated
    }
}
