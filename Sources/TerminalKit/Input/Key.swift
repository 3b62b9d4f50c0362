/// A key without its modifiers.
public enum Key: Sendable, Hashable {
    /// A character as typed, shift already applied.
    case character(Character)
    /// Enter (carriage return).
    case enter
    /// Tab.
    case tab
    /// Shift-Tab, however the terminal spells it.
    case backTab
    /// Escape alone.
    case escape
    /// Backspace (DEL or Ctrl-H).
    case backspace
    /// Delete forward.
    case delete
    /// Insert.
    case insert
    /// Arrow up.
    case up
    /// Arrow down.
    case down
    /// Arrow left.
    case left
    /// Arrow right.
    case right
    /// Home.
    case home
    /// End.
    case end
    /// Page up.
    case pageUp
    /// Page down.
    case pageDown
    /// A function key, 1...24.
    case function(Int)
}

/// A key with the modifiers held down.
public struct KeyChord: Sendable, Hashable {
    /// Modifier keys.
    public struct Modifier: OptionSet, Sendable, Hashable {
        /// The bits.
        public let rawValue: UInt8
        /// Modifiers from bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// Control.
        public static let control = Modifier(rawValue: 1)
        /// Alt, or Escape before the key.
        public static let alt = Modifier(rawValue: 2)
        /// Shift, for keys that are no characters.
        public static let shift = Modifier(rawValue: 4)
    }

    /// The key.
    public var key: Key
    /// What was held.
    public var modifiers: Modifier

    /// A chord.
    public init(_ key: Key, _ modifiers: Modifier = []) {
        self.key = key
        self.modifiers = modifiers
    }

    /// Ctrl with a letter, lower case.
    public static func control(_ letter: Character) -> KeyChord { KeyChord(.character(letter), .control) }
    /// Alt with a character.
    public static func alt(_ character: Character) -> KeyChord { KeyChord(.character(character), .alt) }
    /// A character alone.
    public static func character(_ character: Character) -> KeyChord { KeyChord(.character(character)) }
}
