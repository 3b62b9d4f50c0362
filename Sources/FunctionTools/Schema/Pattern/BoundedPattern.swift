/// A regular expression of ECMA-262, as JSON Schema has it, that is matched in time linear in the text whatever the
/// pattern.
///
/// All ways through the pattern are followed at once (Thompson's simulation), so there is nothing to backtrack into:
/// `(a+)+$` costs no more than `a$`. Known are literals, `.`, classes, `\d \w \s` and their opposites (ASCII digits and
/// word characters, ECMA's white space), `\p{…}` for general categories and the usual properties, groups of all kinds,
/// alternatives, greedy and lazy quantifiers, `^`, `$`, `\b`, `\B`, look-ahead and look-behind. Characters are code
/// points. Back-references cannot be matched in bounded time and are refused.
public struct BoundedPattern: Sendable, Hashable {
    /// How many steps a pattern may have once its counted repetitions are written out.
    public static let greatestSize = 10_000

    /// The pattern's text.
    public let source: String
    private let programs: PatternPrograms

    /// Reads a pattern. Throws what is wrong with it, or that it is too large.
    public init(_ source: String) throws(PatternProblem) {
        self.source = source
        var parser = PatternParser(source)
        let tree = try parser.whole()
        programs = try PatternPrograms(tree, looks: parser.looks, end: parser.position)
    }

    /// How many steps it has: a search takes time proportional to this times the length of the text, at worst.
    public var size: Int { programs.looks.reduce(programs.main.steps.count) { $0 + $1.steps.count } }

    /// Whether the pattern matches anywhere in a text.
    public func matches(_ text: String) -> Bool {
        var matcher = PatternMatcher(text, looks: programs.looks)
        return matcher.finds(programs.main)
    }

    /// Patterns are equal when their texts are.
    public static func == (left: BoundedPattern, right: BoundedPattern) -> Bool { left.source == right.source }

    /// Hashes the text.
    public func hash(into hasher: inout Hasher) { hasher.combine(source) }
}

/// Why a text is no pattern that can be used.
public struct PatternProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, in plain words.
    public var message: String
    /// The code point of the pattern at which it was found, from 0.
    public var offset: Int

    /// A problem.
    public init(_ message: String, at offset: Int) {
        self.message = message
        self.offset = offset
    }

    /// `character 3: a group is not closed`, counted from 1.
    public var description: String { "character \(offset + 1): \(message)" }
}
