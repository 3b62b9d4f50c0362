/// Keys as people write them in a settings file: `ctrl-p`, `alt-enter`, `f1`, `shift-left`, `?`, and keys pressed one after
/// the other with a blank between: `ctrl-x m`.
public enum KeyChordText {
    /// Why a text names no key.
    public struct Problem: Error, Sendable, Hashable {
        /// What is wrong, and what to do.
        public let message: String
        /// The word that is no key name, for a hint at a near one; nil = the name is not the matter.
        public let unknown: String?
        /// Where it begins, in characters from 0.
        public let offset: Int

        /// A problem.
        public init(message: String, unknown: String?, offset: Int) {
            self.message = message
            self.unknown = unknown
            self.offset = offset
        }
    }

    /// The most keys of a sequence.
    public static let maximumLength = 4

    /// Names of keys that are no characters, in the order of the reference; the first of each is the one `format` writes.
    public static let names: [String] = table.map(\.0) + (1...24).map { "f\($0)" }

    private static let table: [(String, Key)] = [
        ("enter", .enter), ("return", .enter), ("tab", .tab), ("backtab", .backTab), ("escape", .escape),
        ("esc", .escape), ("backspace", .backspace), ("delete", .delete), ("del", .delete), ("insert", .insert),
        ("ins", .insert), ("up", .up), ("down", .down), ("left", .left), ("right", .right), ("home", .home),
        ("end", .end), ("pageup", .pageUp), ("pgup", .pageUp), ("pagedown", .pageDown), ("pgdn", .pageDown),
        ("space", .character(" ")), ("minus", .character("-")), ("plus", .character("+")),
    ]

    private static let modifiers: [(String, KeyChord.Modifier)] = [
        ("ctrl", .control), ("control", .control), ("alt", .alt), ("meta", .alt), ("option", .alt), ("shift", .shift),
    ]

    /// The keys that a text names, in the order in which they are pressed. Names are read without regard to case; `+` may
    /// stand for `-`. Throws `Problem` for what names no key, and for keys that a terminal cannot tell from others.
    public static func parse(_ text: String) throws(Problem) -> [KeyChord] {
        var chords: [KeyChord] = []
        var offset = 0
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            defer { offset += word.count + 1 }
            guard !word.isEmpty else { continue }
            guard chords.count < maximumLength else {
                throw Problem(message: "more than \(maximumLength) keys in a row", unknown: nil, offset: offset)
            }
            chords.append(try chord(word, at: offset))
        }
        guard !chords.isEmpty else { throw Problem(message: "names no key", unknown: nil, offset: 0) }
        return chords
    }

    /// The spelling of keys that `parse` reads back.
    public static func format(_ chords: [KeyChord]) -> String { chords.map(format).joined(separator: " ") }

    /// The spelling of one key.
    public static func format(_ chord: KeyChord) -> String {
        var text = ""
        if chord.modifiers.contains(.control) { text += "ctrl-" }
        if chord.modifiers.contains(.alt) { text += "alt-" }
        if chord.modifiers.contains(.shift) { text += "shift-" }
        return text + name(chord.key)
    }

    private static func name(_ key: Key) -> String {
        if case .function(let number) = key { return "f\(number)" }
        if let known = table.first(where: { $0.1 == key }) { return known.0 }
        guard case .character(let character) = key else { return "" }
        return String(character)
    }

    private static func chord(_ word: Substring, at offset: Int) throws(Problem) -> KeyChord {
        var rest = word
        var held: KeyChord.Modifier = []
        while let (modifier, length) = modifier(rest) {
            held.insert(modifier)
            rest = rest.dropFirst(length)
        }
        guard let key = key(rest) else {
            let place = offset + word.distance(from: word.startIndex, to: rest.startIndex)
            throw Problem(message: "there is no key \"\(rest)\"", unknown: String(rest), offset: place)
        }
        let problem = { (message: String) in Problem(message: message, unknown: nil, offset: offset) }
        if held.contains(.shift), key == .tab { return KeyChord(.backTab, held.subtracting(.shift)) }
        guard case .character(let character) = key else { return KeyChord(key, held) }
        if let message = objection(String(word), character, held) { throw problem(message) }
        return KeyChord(.character(plain(character, held)), held.subtracting(.shift))
    }

    /// The modifier that a text begins with, and how many characters it takes with its separator.
    private static func modifier(_ text: Substring) -> (KeyChord.Modifier, Int)? {
        for (name, modifier) in modifiers where text.lowercased().hasPrefix(name) {
            let rest = text.dropFirst(name.count)
            // Something must follow the separator: "ctrl--" is Ctrl with a minus.
            guard let separator = rest.first, separator == "-" || separator == "+", rest.count > 1 else { continue }
            return (modifier, name.count + 1)
        }
        return nil
    }

    private static func key(_ name: Substring) -> Key? {
        guard name.count != 1 else { return name.first.map(Key.character) }
        let name = name.lowercased()
        if let known = table.first(where: { $0.0 == name }) { return known.1 }
        guard name.hasPrefix("f"), let number = Int(name.dropFirst()), (1...24).contains(number),
            name == "f\(number)"
        else { return nil }
        return .function(number)
    }

    /// What a terminal sends for it: Ctrl makes no difference between the cases of a letter.
    private static func plain(_ character: Character, _ held: KeyChord.Modifier) -> Character {
        if held.contains(.control) {
            if character == "/" { return "_" }
            if character == "@" { return " " }
            return Character(character.lowercased().first.map(String.init) ?? String(character))
        }
        guard held.contains(.shift) else { return character }
        return Character(character.uppercased().first.map(String.init) ?? String(character))
    }

    /// Why a character with modifiers cannot be bound.
    private static func objection(_ word: String, _ character: Character, _ held: KeyChord.Modifier) -> String? {
        if held.contains(.shift) {
            if held.contains(.control) {
                return "terminals send the same for \(word) without shift; leave shift out or choose another key"
            }
            guard character.isLetter else { return "write the character itself that shift makes, not \(word)" }
        }
        if held.contains(.control), let same = sameByte[Character(character.lowercased())] {
            return "terminals send the same for \(word) as for \(same); choose another key"
        }
        if held == .alt, beginsSequences.contains(character) {
            return "terminals begin their own messages with what \(word) sends; choose another key"
        }
        return nil
    }

    private static let sameByte: [Character: String] = ["i": "tab", "m": "enter", "[": "escape", "h": "backspace"]

    /// CSI, SS3, DCS, OSC, ST, PM, APC, SOS.
    private static let beginsSequences: Set<Character> = ["[", "O", "P", "]", "\\", "^", "_", "X"]
}
