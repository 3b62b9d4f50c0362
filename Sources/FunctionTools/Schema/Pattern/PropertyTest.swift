/// A property of Unicode as `\p{…}` asks for it.
struct PropertyTest: Sendable {
    private enum Kind: Sendable {
        case categories(Set<Unicode.GeneralCategory>)
        case binary(@Sendable (Unicode.Scalar) -> Bool)
    }

    private let kind: Kind
    private let isNegated: Bool

    /// The test of a name, for example `L`, `Letter`, `gc=Lu` or `Alphabetic`; nil when it is not known.
    init?(_ name: String, isNegated: Bool) {
        self.isNegated = isNegated
        var category = name
        for prefix in ["General_Category=", "gc="] where name.hasPrefix(prefix) {
            category = String(name.dropFirst(prefix.count))
        }
        if let group = Self.categories[category] {
            kind = .categories(group)
        } else if let test = Self.binary[name] {
            kind = .binary(test)
        } else {
            return nil
        }
    }

    func holds(for value: UInt32) -> Bool {
        guard let scalar = Unicode.Scalar(value) else { return isNegated }
        switch kind {
        case .categories(let group): return group.contains(scalar.properties.generalCategory) != isNegated
        case .binary(let test): return test(scalar) != isNegated
        }
    }

    private static let categories: [String: Set<Unicode.GeneralCategory>] = {
        var table: [String: Set<Unicode.GeneralCategory>] = [:]
        for (names, category) in single { for name in names { table[name] = [category] } }
        for (names, parts) in groups {
            let members = Set(single.filter { parts.contains($0.names[0]) }.map(\.category))
            for name in names { table[name] = members }
        }
        return table
    }()

    private static let single: [(names: [String], category: Unicode.GeneralCategory)] = [
        (["Lu", "Uppercase_Letter"], .uppercaseLetter), (["Ll", "Lowercase_Letter"], .lowercaseLetter),
        (["Lt", "Titlecase_Letter"], .titlecaseLetter), (["Lm", "Modifier_Letter"], .modifierLetter),
        (["Lo", "Other_Letter"], .otherLetter), (["Mn", "Nonspacing_Mark"], .nonspacingMark),
        (["Mc", "Spacing_Mark"], .spacingMark), (["Me", "Enclosing_Mark"], .enclosingMark),
        (["Nd", "Decimal_Number", "digit"], .decimalNumber), (["Nl", "Letter_Number"], .letterNumber),
        (["No", "Other_Number"], .otherNumber), (["Pc", "Connector_Punctuation"], .connectorPunctuation),
        (["Pd", "Dash_Punctuation"], .dashPunctuation), (["Ps", "Open_Punctuation"], .openPunctuation),
        (["Pe", "Close_Punctuation"], .closePunctuation), (["Pi", "Initial_Punctuation"], .initialPunctuation),
        (["Pf", "Final_Punctuation"], .finalPunctuation), (["Po", "Other_Punctuation"], .otherPunctuation),
        (["Sm", "Math_Symbol"], .mathSymbol), (["Sc", "Currency_Symbol"], .currencySymbol),
        (["Sk", "Modifier_Symbol"], .modifierSymbol), (["So", "Other_Symbol"], .otherSymbol),
        (["Zs", "Space_Separator"], .spaceSeparator), (["Zl", "Line_Separator"], .lineSeparator),
        (["Zp", "Paragraph_Separator"], .paragraphSeparator), (["Cc", "Control", "cntrl"], .control),
        (["Cf", "Format"], .format), (["Cs", "Surrogate"], .surrogate), (["Co", "Private_Use"], .privateUse),
        (["Cn", "Unassigned"], .unassigned),
    ]

    private static let groups: [(names: [String], parts: [String])] = [
        (["L", "Letter"], ["Lu", "Ll", "Lt", "Lm", "Lo"]), (["LC", "Cased_Letter"], ["Lu", "Ll", "Lt"]),
        (["M", "Mark", "Combining_Mark"], ["Mn", "Mc", "Me"]), (["N", "Number"], ["Nd", "Nl", "No"]),
        (["P", "Punctuation", "punct"], ["Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po"]),
        (["S", "Symbol"], ["Sm", "Sc", "Sk", "So"]), (["Z", "Separator"], ["Zs", "Zl", "Zp"]),
        (["C", "Other"], ["Cc", "Cf", "Cs", "Co", "Cn"]),
    ]

    private static let binary: [String: @Sendable (Unicode.Scalar) -> Bool] = [
        "Any": { _ in true }, "ASCII": { $0.isASCII },
        "Assigned": { $0.properties.generalCategory != .unassigned },
        "Alphabetic": { $0.properties.isAlphabetic }, "Alpha": { $0.properties.isAlphabetic },
        "Uppercase": { $0.properties.isUppercase }, "Upper": { $0.properties.isUppercase },
        "Lowercase": { $0.properties.isLowercase }, "Lower": { $0.properties.isLowercase },
        "White_Space": { $0.properties.isWhitespace }, "space": { $0.properties.isWhitespace },
        "Emoji": { $0.properties.isEmoji }, "Emoji_Presentation": { $0.properties.isEmojiPresentation },
        "Emoji_Modifier": { $0.properties.isEmojiModifier },
        "Emoji_Modifier_Base": { $0.properties.isEmojiModifierBase },
        "Ideographic": { $0.properties.isIdeographic }, "Unified_Ideograph": { $0.properties.isUnifiedIdeograph },
        "ID_Start": { $0.properties.isIDStart }, "ID_Continue": { $0.properties.isIDContinue },
        "XID_Start": { $0.properties.isXIDStart }, "XID_Continue": { $0.properties.isXIDContinue },
        "Math": { $0.properties.isMath }, "Dash": { $0.properties.isDash },
        "Hex_Digit": { $0.properties.isHexDigit }, "ASCII_Hex_Digit": { $0.properties.isASCIIHexDigit },
        "Diacritic": { $0.properties.isDiacritic }, "Quotation_Mark": { $0.properties.isQuotationMark },
        "Variation_Selector": { $0.properties.isVariationSelector },
        "Pattern_White_Space": { $0.properties.isPatternWhitespace },
        "Noncharacter_Code_Point": { $0.properties.isNoncharacterCodePoint },
    ]
}
