/// What a piece of the screen is, never how it looks. A theme maps every role to colours and attributes.
///
/// Raw values are the scopes of theme files; a scope a theme leaves out falls back to its prefix (`md.code.block`,
/// `md.code`, `md`), then to `text`.
public enum ThemeRole: String, Sendable, Hashable, CaseIterable {
    /// Body text.
    case text
    /// Text of less weight.
    case textDim = "text.dim"
    /// Text of more weight.
    case textStrong = "text.strong"
    /// Pane borders.
    case border = "chrome.border"
    /// The focused pane's border.
    case borderFocus = "chrome.border.focus"
    /// Pane names.
    case title = "chrome.title"
    /// The status and hint lines.
    case footer
    /// A key named there.
    case footerKey = "footer.key"
    /// The prompt's text.
    case prompt
    /// The ghost text of an empty prompt.
    case promptPlaceholder = "prompt.placeholder"
    /// The chosen row of a list.
    case selection
    /// A matched part of a row.
    case searchMatch = "search.match"
    /// The match under the cursor.
    case searchCurrent = "search.current"
    /// The user's name before a message.
    case roleUser = "role.user"
    /// The model's name before a message.
    case roleAssistant = "role.assistant"
    /// The system prompt's mark.
    case roleSystem = "role.system"
    /// A tool's mark.
    case roleTool = "role.tool"
    /// Reasoning text.
    case roleReasoning = "role.reasoning"
    /// A tool's name.
    case toolName = "tool.name"
    /// A tool's arguments.
    case toolArguments = "tool.args"
    /// A call that went well.
    case toolOK = "tool.ok"
    /// A call that failed.
    case toolError = "tool.error"
    /// A call that waits.
    case toolWait = "tool.wait"
    /// A heading in an answer.
    case markdownHeading = "md.heading"
    /// Inline code.
    case markdownCode = "md.code"
    /// A code block.
    case markdownCodeBlock = "md.code.block"
    /// A quotation.
    case markdownQuote = "md.quote"
    /// A link.
    case markdownLink = "md.link"
    /// A list's bullet.
    case markdownList = "md.list"
    /// Strong text in an answer.
    case markdownStrong = "md.strong"
    /// Emphasis in an answer.
    case markdownEmphasis = "md.emphasis"
    /// A table's lines.
    case markdownTable = "md.table"
    /// A word that a language reserves.
    case codeKeyword = "code.keyword"
    /// A type's name.
    case codeType = "code.type"
    /// A function's name.
    case codeFunction = "code.function"
    /// A string, a character, a pattern.
    case codeString = "code.string"
    /// A number.
    case codeNumber = "code.number"
    /// A constant such as `true` or `nil`.
    case codeConstant = "code.constant"
    /// A comment.
    case codeComment = "code.comment"
    /// An attribute, annotation, directive, key or tag.
    case codeAttribute = "code.attribute"
    /// An operator.
    case codeOperator = "code.operator"
    /// An added line.
    case diffAdded = "diff.add"
    /// A deleted line.
    case diffDeleted = "diff.del"
    /// A word that is new in a changed line.
    case diffAddedWord = "diff.add.word"
    /// A word that is gone from a changed line.
    case diffDeletedWord = "diff.del.word"
    /// A meter in its lower part.
    case meterLow = "meter.low"
    /// A meter past 70 %.
    case meterMid = "meter.mid"
    /// A meter past 90 %.
    case meterHigh = "meter.high"
    /// Money.
    case cost
    /// Money not known.
    case costUnknown = "cost.unknown"
    /// A warning.
    case warning = "warn"
    /// An error.
    case error
    /// Success.
    case ok
    /// A placeholder of the text gate.
    case control
    /// A badge such as DEMO.
    case badge
}

/// Attributes a terminal can add to text.
public struct Modifiers: OptionSet, Sendable, Hashable {
    /// The bits.
    public let rawValue: UInt8
    /// Attributes from bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Heavier.
    public static let bold = Modifiers(rawValue: 1)
    /// Lighter.
    public static let dim = Modifiers(rawValue: 2)
    /// Slanted.
    public static let italic = Modifiers(rawValue: 4)
    /// Underlined.
    public static let underline = Modifiers(rawValue: 8)
    /// Colours swapped.
    public static let reverse = Modifiers(rawValue: 16)
    /// Struck through.
    public static let strike = Modifiers(rawValue: 32)
}

/// How a cell is drawn: its role, and attributes on top of what the theme gives the role.
public struct Style: Sendable, Hashable {
    /// What the text is. Another role ends a meter's level.
    public var role: ThemeRole { didSet { level = 0 } }
    /// Attributes added to the role's own.
    public var modifiers: Modifiers
    /// For cells of a meter: how full it is there in per cent, plus one, 1...101; 0 for all others. Where the theme has a
    /// gradient and the terminal the colours for it, the colour comes from there instead of from the role.
    public private(set) var level: UInt8 = 0

    /// A style.
    public init(_ role: ThemeRole, _ modifiers: Modifiers = []) {
        self.role = role
        self.modifiers = modifiers
    }

    /// The style of a meter's cell at a share, 0...1; what lies outside is drawn as the nearer end.
    public static func meter(_ share: Double, _ modifiers: Modifiers = []) -> Style {
        let share = min(1, max(0, share.isNaN ? 0 : share))
        var style = Style(Theme.meterRole(share), modifiers)
        style.level = UInt8((share * 100).rounded()) + 1
        return style
    }

    /// The share that a meter's cell stands for, 0...1; nil for other cells.
    public var share: Double? { level == 0 ? nil : Double(level - 1) / 100 }
}
