internal import ProviderCore

/// One place of a schema. A class, so that looking at it copies nothing.
final class SchemaPlace: Sendable {
    /// When a finished scalar of the right type has to be held against its schemas.
    private enum Need: Sendable {
        case never
        case always
        /// Unless the string cannot be longer than this.
        case unlessShort(Int)
        /// Unless it is spelt like one of the allowed values.
        case unlessAllowed
        /// Unless it is a whole number in this range.
        case unlessWithin(ClosedRange<Int>)
    }

    /// Up to this many names are compared one after the other.
    private static let shortList = 12

    let cursor: SchemaCursor
    let types: TypeSet
    /// The types of the values that may be here, when only some values may.
    private let allowedTypes: TypeSet
    /// Whether nothing may be here.
    let isRefused: Bool
    /// Whether a finished object or array has to be held against its schemas.
    let checksContainer: Bool
    /// The strings that may be here, in UTF-8, when only some values may.
    let allowedStrings: [[UInt8]]?
    /// `enum` or `const`, whichever says so.
    let allowedKeyword: String
    let maxLength: Int?
    let minItems: Int?
    let maxItems: Int?
    let requiredNames: [String]
    /// Whether names are held against patterns or a schema of their own.
    let hasNameRules: Bool
    /// How many first elements have schemas of their own.
    let listedItems: Int
    /// The names that the schema knows, those of `properties` first.
    let names: [String]
    private let tokens: [[UInt8]]
    private let indexes: [[UInt8]: Int]
    private let allowedTokens: [[UInt8]]
    private let stringNeed: Need
    private let numberNeed: Need
    private let wordNeed: Need

    init(_ cursor: SchemaCursor) {
        self.cursor = cursor
        let rules = cursor.rules
        types = rules.reduce(TypeSet.all) { $0.intersection($1.types) }
        isRefused = cursor.isRefused
        let allowed = cursor.allowedValues
        allowedTypes = allowed?.reduce(TypeSet()) { $0.union(TypeSet(JSONType(of: $1))) } ?? .all
        allowedStrings = allowed?.compactMap(\.stringValue).map { Array($0.utf8) }
        allowedTokens = (allowed ?? []).filter { $0.arrayValue == nil && $0.objectValue == nil }.map(JSONWriter.bytes)
        allowedKeyword = rules.contains { $0.constant != nil } ? "const" : "enum"
        maxLength = cursor.maxLength
        minItems = rules.compactMap { $0.array?.value.minimum }.max()
        maxItems = cursor.maxItems
        requiredNames = cursor.requiredNames
        listedItems = rules.compactMap { $0.array?.value.prefix.count }.max() ?? 0
        let objects = rules.compactMap { $0.object?.value }
        hasNameRules = objects.contains { !$0.patterns.isEmpty || $0.propertyNames != nil }
        let known = cursor.knownNames
        let names = known + cursor.requiredNames.filter { name in !known.contains { ExactText.equal($0, name) } }
        self.names = names
        tokens = names.map { JSONWriter.bytes(.string($0)) }
        let tokens = tokens
        indexes =
            names.count <= Self.shortList
            ? [:] : Dictionary(tokens.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
        let isBeyondTypes = rules.contains(where: \.asksOfAllKinds)
        checksContainer = isBeyondTypes || allowed != nil || rules.contains(where: \.asksOfWholeContainers)
        wordNeed = isBeyondTypes ? .always : allowed == nil ? .never : .unlessAllowed
        stringNeed = isBeyondTypes ? .always : Self.stringNeed(rules, allowed)
        numberNeed = isBeyondTypes ? .always : Self.numberNeed(rules, allowed)
    }

    private static func stringNeed(_ rules: [NodeRules], _ allowed: [JSONValue]?) -> Need {
        let strings = rules.compactMap { $0.string?.value }
        guard strings.allSatisfy({ $0.pattern == nil && $0.minimum == nil }) else { return .always }
        guard let most = strings.compactMap(\.maximum).min() else { return allowed == nil ? .never : .unlessAllowed }
        return allowed == nil ? .unlessShort(most) : .always
    }

    private static func numberNeed(_ rules: [NodeRules], _ allowed: [JSONValue]?) -> Need {
        let numbers = rules.compactMap { $0.number?.value }
        guard allowed == nil else { return numbers.isEmpty ? .unlessAllowed : .always }
        guard !numbers.isEmpty else { return .never }
        func small(_ limits: [ExactNumber?], _ change: Int) -> [Int]? {
            let limits = limits.compactMap { $0 }
            let values = limits.compactMap { if case .small(let value) = $0 { value + change } else { nil } }
            return values.count == limits.count ? values : nil
        }
        guard numbers.allSatisfy({ $0.multipleOf == nil }), let least = small(numbers.map(\.minimum), 0),
            let beyondLeast = small(numbers.map(\.exclusiveMinimum), 1), let most = small(numbers.map(\.maximum), 0),
            let beforeMost = small(numbers.map(\.exclusiveMaximum), -1)
        else { return .always }
        let lower = (least + beyondLeast).max() ?? .min
        let upper = (most + beforeMost).min() ?? .max
        return lower <= upper ? .unlessWithin(lower...upper) : .always
    }

    /// Whether something is to be said of a string that has not ended.
    var watchesGrowth: Bool { allowedStrings != nil || maxLength != nil }

    /// The number of the known name with this spelling in quotes. Members mostly come in the order of the schema.
    func index(of token: UnsafeRawBufferPointer, hint: Int) -> Int? {
        if hint < tokens.count, Self.equal(tokens[hint], token) { return hint }
        guard indexes.isEmpty else { return indexes[Array(token)] }
        return tokens.firstIndex { Self.equal($0, token) }
    }

    func index(of name: String) -> Int? { names.firstIndex { ExactText.equal($0, name) } }

    /// Why no value of this kind may be here: the keyword and words; nil when one may.
    func refusal(of kind: ArgumentKind) -> (keyword: String, message: String)? {
        if isRefused { return ("false", "is not allowed here") }
        if !Self.admits(types, kind) { return ("type", "must be \(Words.types(types)), and is \(kind.words)") }
        return Self.admits(allowedTypes, kind) ? nil : (allowedKeyword, "must be \(allowedWords), and is \(kind.words)")
    }

    /// The values that may be here, in words.
    var allowedWords: String {
        let values = cursor.allowedValues ?? []
        guard !values.isEmpty else { return "one of no values" }
        return (values.count > 1 ? "one of " : "") + Words.list(values.map(Words.value))
    }

    private static func admits(_ types: TypeSet, _ kind: ArgumentKind) -> Bool {
        switch kind {
        case .object: types.contains(.object)
        case .array: types.contains(.array)
        case .string: types.contains(.string)
        case .number: !types.isDisjoint(with: .number)
        case .boolean: types.contains(.boolean)
        case .null: types.contains(.null)
        }
    }

    /// Whether a finished scalar may do something against its schemas, though its kind is admitted.
    func checks(_ kind: ArgumentKind, _ token: UnsafeRawBufferPointer) -> Bool {
        switch kind {
        case .string: isNeeded(stringNeed, token)
        case .number: isNeeded(numberNeed, token) || (!types.contains(.number) && Self.small(token) == nil)
        case .boolean, .null: isNeeded(wordNeed, token)
        case .object, .array: checksContainer
        }
    }

    private func isNeeded(_ need: Need, _ token: UnsafeRawBufferPointer) -> Bool {
        switch need {
        case .never: false
        case .always: true
        // Every character takes a byte at least, and the quotes take two.
        case .unlessShort(let most): token.count - 2 > most
        case .unlessAllowed: !allowedTokens.contains { Self.equal($0, token) }
        case .unlessWithin(let range): Self.small(token).map { !range.contains($0) } ?? true
        }
    }

    private static func equal(_ left: [UInt8], _ right: UnsafeRawBufferPointer) -> Bool {
        left.count == right.count && left.withUnsafeBytes { $0.elementsEqual(right) }
    }

    /// The value of a number of up to 15 digits without fraction and exponent.
    private static func small(_ token: UnsafeRawBufferPointer) -> Int? {
        let isNegative = token.first == UInt8(ascii: "-")
        guard token.count <= 16 else { return nil }
        var value = 0
        for byte in token[(isNegative ? 1 : 0)...] {
            guard byte &- 0x30 < 10 else { return nil }
            value = value &* 10 &+ Int(byte &- 0x30)
        }
        return isNegative ? -value : value
    }
}

extension NodeRules {
    /// Whether it has a rule for values of all kinds besides type and allowed values; references are followed.
    fileprivate var asksOfAllKinds: Bool {
        verdict == false || isMetaschema || dynamicReference != nil || !anyOf.isEmpty || !oneOf.isEmpty || not != nil
            || condition != nil
    }

    /// Whether it has a rule for objects or arrays as a whole that is not looked at while they arrive.
    fileprivate var asksOfWholeContainers: Bool {
        let array = array?.value
        let object = object?.value
        return array?.isUnique == true || array?.contains != nil || array?.unevaluated != nil || object?.minimum != nil
            || object?.maximum != nil || object?.dependentRequired.isEmpty == false
            || object?.dependentSchemas.isEmpty == false || object?.unevaluated != nil
    }
}
