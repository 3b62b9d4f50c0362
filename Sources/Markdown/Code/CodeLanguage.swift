/// What a lexer has to know of a language. A new language is a new row of `CodeLanguage.all`.
struct CodeLanguage: Sendable {
    /// Habits that several languages share.
    struct Traits: OptionSet, Sendable {
        let rawValue: UInt32
        /// Words with a capital are types.
        static let capitalTypes = Traits(rawValue: 1)
        /// Words of capitals only are constants.
        static let capitalConstants = Traits(rawValue: 1 << 1)
        /// A word before `(` is a function.
        static let calls = Traits(rawValue: 1 << 2)
        /// `@name` is an attribute.
        static let atAttributes = Traits(rawValue: 1 << 3)
        /// `#name` at the beginning of a line is a directive.
        static let directives = Traits(rawValue: 1 << 4)
        /// `#name` is a directive everywhere.
        static let hashWords = Traits(rawValue: 1 << 5)
        /// `#[…]` is an attribute, `name!` a macro.
        static let rust = Traits(rawValue: 1 << 6)
        /// `'a` without a closing mark is no string.
        static let labels = Traits(rawValue: 1 << 7)
        /// `/…/` where a value may stand is a pattern.
        static let patterns = Traits(rawValue: 1 << 8)
        /// `$name` is a constant of the program (a shell's variables).
        static let dollarConstants = Traits(rawValue: 1 << 9)
        /// `$name` is a name, whatever the word.
        static let dollarNames = Traits(rawValue: 1 << 10)
        /// The first word of a command is a function, `-x` an attribute.
        static let commands = Traits(rawValue: 1 << 11)
        /// Words of the language count only at the beginning of a line.
        static let firstWords = Traits(rawValue: 1 << 12)
        /// Constants, numbers and strings only where they are the whole value.
        static let wholeValues = Traits(rawValue: 1 << 13)
        /// `:name` is a constant, `@name` a name.
        static let symbols = Traits(rawValue: 1 << 14)
        /// `q( )`, `qw/ /` and their like, `%w[ ]`.
        static let quoteWords = Traits(rawValue: 1 << 15)
        /// Words of the language in any case.
        static let ignoresCase = Traits(rawValue: 1 << 16)
    }

    /// How names of values stand in a data file.
    enum Keys: Sendable {
        case none
        /// A string before `:`.
        case json
        /// At the beginning of a line, before `: `.
        case yaml
        /// At the beginning of a line, before `=`; `[…]` is a heading.
        case toml
        /// Before `:` between braces.
        case css
        /// At the beginning of a line, before `:` or `=`.
        case make
    }

    /// How texts of several lines are announced.
    enum Heredocs: Sendable {
        case none, shell, php, ruby
    }

    /// Which reader takes it.
    enum Shape: Sendable {
        case code, markup, markdown, patch
    }

    /// Names behind a fence, the first one its own; small letters.
    let names: [String]
    var shape = Shape.code
    var traits: Traits
    var keys = Keys.none
    var heredocs = Heredocs.none
    var comments: [CommentForm] = []
    var strings: [StringForm] = []
    var interpolation: Interpolation?
    /// Bytes that belong to words beside letters, digits and `_`.
    var wordBytes = ByteSet()
    /// The byte that groups digits of a number (C++).
    var digitMark: UInt8?
    /// Words after which a function's name stands.
    var definers: Set<PackedWord> = []
    private(set) var words: [PackedWord: CodeToken] = [:]
    /// Bytes that a comment or string can begin with.
    private(set) var starts = ByteSet()

    init(
        _ names: String, keywords: String = "", types: String = "", constants: String = "", definers: String = "",
        _ traits: Traits = [], _ adjust: (inout CodeLanguage) -> Void = { _ in }
    ) {
        self.names = names.split(separator: " ").map(String.init)
        self.traits = traits
        for (text, token) in [(keywords, CodeToken.keyword), (types, .type), (constants, .constant)] {
            for word in text.split(separator: " ") {
                if let packed = PackedWord(String(word)) { words[packed] = token }
            }
        }
        self.definers = Set(definers.split(separator: " ").compactMap { PackedWord(String($0)) })
        adjust(&self)
        for delimiter in comments.map(\.open) + strings.filter(\.isBare).map(\.open) {
            for byte in delimiter.first { starts.insert(byte) }
        }
    }

    /// Every language.
    static let all: [CodeLanguage] = cFamily + webFamily + scriptFamily + functionalFamily + dataFamily + textFamily

    /// Places in `all` by name.
    private static let places: [String: UInt8] = {
        var places: [String: UInt8] = [:]
        for (place, language) in all.enumerated() {
            for name in language.names { places[name] = UInt8(place) }
        }
        return places
    }()

    /// The place of a language in `all`, by one of its names in any case.
    static func place(of name: String) -> UInt8? { places[name.lowercased()] }
}
