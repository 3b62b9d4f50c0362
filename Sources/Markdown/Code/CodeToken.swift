public import TerminalKit

/// What a piece of code is, as far as a lexer can tell without knowing the program.
public enum CodeToken: UInt8, Sendable, Hashable, CaseIterable {
    /// Nothing special.
    case plain
    /// A word that the language reserves.
    case keyword
    /// A type's name.
    case type
    /// A function's name.
    case function
    /// A string, a character, a pattern.
    case string
    /// A number.
    case number
    /// A constant such as `true` or `nil`.
    case constant
    /// A comment.
    case comment
    /// An attribute, annotation, directive, key or tag.
    case attribute
    /// An operator.
    case `operator`
    /// A line that a patch adds.
    case added
    /// A line that a patch removes.
    case removed

    /// How it is drawn.
    public var role: ThemeRole {
        switch self {
        case .plain: .markdownCodeBlock
        case .keyword: .codeKeyword
        case .type: .codeType
        case .function: .codeFunction
        case .string: .codeString
        case .number: .codeNumber
        case .constant: .codeConstant
        case .comment: .codeComment
        case .attribute: .codeAttribute
        case .operator: .codeOperator
        case .added: .diffAdded
        case .removed: .diffDeleted
        }
    }
}

/// A run of code of one kind.
public struct CodeSpan: Sendable, Hashable {
    /// Where it stands in its line, UTF-8 offsets.
    public let range: Range<Int>
    /// What it is.
    public let token: CodeToken

    /// A run.
    public init(_ range: Range<Int>, _ token: CodeToken) {
        self.range = range
        self.token = token
    }
}
