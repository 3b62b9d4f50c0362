internal import ProviderCore

/// Holds arguments against their schema while they arrive. What can be said of a value by its first byte, its name or its
/// beginning is said then; a scalar is checked when it ends, an object or array for its own rules when it closes.
///
/// Rules that need a whole object or array (alternatives, conditions …) are checked at its end as long as all that was checked so
/// is not more than all that has come, which keeps the work linear; those left out are found when the whole value is checked.
struct ArgumentChecker: Sendable {
    /// How many faults are told.
    static let mostFaults = 100

    /// An object or array that is open.
    private struct Frame {
        var isObject: Bool
        var place: Int?
        var start: Int
        var line: Int
        /// Members or elements that have begun.
        var count = 0
        /// Where the name of the member at hand stands, in quotes.
        var name = 0..<0
        var member: SchemaPlaces.Member?
        /// The required names that have come, of the first 64.
        var found: UInt64 = 0
    }

    /// A scalar that is arriving, or a container that begins.
    private struct Current {
        var kind = ArgumentKind.null
        var place: Int?
        var start = 0
        var line = 0
        var isRefused = false
        /// Whether something may be said of a string before it ends.
        var isWatched = false
        var growth = StringGrowth(start: 0)
        /// The allowed strings that begin with what has come, by their numbers, and how many bytes that is.
        var candidates: [Int] = []
        var matched = 0
    }

    private let schema: JSONSchema?
    private var places = SchemaPlaces()
    private var root: Int?
    private var open: [Frame] = []
    private var current = Current()
    /// Bytes of containers that were checked at their end.
    private var checkedBytes = 0
    /// The faults, in the order of their lines.
    private(set) var faults: [ArgumentFault] = []

    init(_ schema: JSONSchema?) {
        self.schema = schema
        root = schema.flatMap { places.number(of: $0.root) }
    }

    /// Whether no more faults are told.
    private var isFull: Bool { faults.count >= Self.mostFaults }

    /// Whether there is a schema; without one nothing here need be called.
    var isActive: Bool { schema != nil }

    // MARK: What the scanner tells

    /// A value begins at `start`.
    mutating func began(_ kind: ArgumentKind, at start: Int, line: Int, _ bytes: UnsafeBufferPointer<UInt8>) {
        let place = placeOfNext()
        current.kind = kind
        current.place = place
        current.start = start
        current.line = line
        let refusal = place.flatMap { places[$0].refusal(of: kind) }
        current.isRefused = refusal != nil
        if let refusal, !isFull { refuse(refusal, kind, line: line, bytes) }
        tellTooMany(bytes, line: line)
        switch kind {
        case .object, .array:
            let inner = current.isRefused ? nil : place
            open.append(Frame(isObject: kind == .object, place: inner, start: start, line: line))
        case .string:
            watch(refusal == nil ? place : nil, from: start + 1)
        case .number, .boolean, .null: break
        }
    }

    /// A member's name has ended; `range` is its text in quotes.
    mutating func named(_ range: Range<Int>, line: Int, _ bytes: UnsafeBufferPointer<UInt8>) {
        guard let top = open.indices.last else { return }
        open[top].name = range
        open[top].count += 1
        guard let place = open[top].place else { return }
        let member = places.member(bytes.raw(range), of: place, hint: open[top].count - 1)
        open[top].member = member
        if let requirement = member.requirement, requirement < 64 { open[top].found |= 1 << UInt64(requirement) }
        if member.isRefused, !isFull { refuse(member, of: place, line: line, bytes) }
    }

    /// A scalar has ended.
    mutating func ended(_ range: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>) {
        // Of a place where nothing may be, all was said when the value began.
        guard let number = current.place, !places[number].isRefused else { return }
        let token = bytes.raw(range)
        guard current.isRefused || places[number].checks(current.kind, token) else { return }
        check(number, token, line: current.line, bytes)
    }

    /// The container that was opened last has closed; its last bracket is before `end`.
    mutating func closed(at end: Int, _ bytes: UnsafeBufferPointer<UInt8>) {
        guard let frame = open.popLast(), let number = frame.place else { return }
        let place = places[number]
        guard !isFull else { return }
        if frame.isObject, frame.found.nonzeroBitCount < place.requiredNames.count {
            for (index, name) in place.requiredNames.prefix(64).enumerated() where frame.found >> UInt64(index) & 1 == 0
            {
                let message = "must have the property \(Words.quoted(name))"
                report("required", message, line: frame.line, isFinal: true, at: path(bytes))
            }
        }
        if !frame.isObject, let least = place.minItems, frame.count < least {
            let message = "must have at least \(Words.count(least, "item")), and has \(frame.count)"
            report("minItems", message, line: frame.line, isFinal: true, at: path(bytes))
        }
        // The whole value is checked anyway.
        guard place.checksContainer, !open.isEmpty, checkedBytes + end - frame.start <= end else { return }
        checkedBytes += end - frame.start
        check(number, bytes.raw(frame.start..<end), line: frame.line, bytes)
    }

    /// A string is not at its end yet, but has come as far as `end`.
    mutating func stringGrew(to end: Int, _ bytes: UnsafeBufferPointer<UInt8>) {
        guard current.isWatched, !isFull, let number = current.place else { return }
        let place = places[number]
        let known = current.growth.end
        current.growth.read(bytes, to: end)
        if let most = place.maxLength, current.growth.count > most {
            let message = "must have at most \(Words.count(most, "character")), and has more"
            report("maxLength", message, line: current.line, isFinal: false, at: path(bytes))
            current.isWatched = false
        }
        guard let allowed = place.allowedStrings, known < current.growth.end else { return }
        let more = StringGrowth.utf8(bytes[known..<current.growth.end])
        let matched = current.matched
        current.candidates.removeAll { !allowed[$0].dropFirst(matched).starts(with: more) }
        current.matched += more.count
        guard current.candidates.isEmpty else { return }
        let message = "must be \(place.allowedWords), and begins otherwise"
        report(place.allowedKeyword, message, line: current.line, isFinal: false, at: path(bytes))
        current.isWatched = false
    }

    /// The value is whole: what it does against the schema is now known to the end, and takes the place of what was known.
    mutating func checkWhole(_ value: JSONValue, bytes: [UInt8], lines: LinePlaces) {
        guard let schema else { return }
        let violations = schema.violations(of: value, limit: Self.mostFaults)
        let earlier = faults
        let places = violations.isEmpty ? [:] : JSONPlaces.find(violations.map(\.path), in: bytes)
        faults = violations.map { violation in
            let line =
                Self.line(of: violation, in: earlier)
                ?? places[violation.path].flatMap { lines.line(at: $0.name ?? $0.value, in: bytes) } ?? 0
            return ArgumentFault(
                path: violation.path, keyword: violation.keyword, message: violation.message, line: line, isFinal: true)
        }
        // Stable: violations of one line stay in the order of the check.
        faults = faults.enumerated().sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }.map(
            \.element)
    }

    /// The line of what was told before: of an unknown name it is the member's, though the violation is the object's.
    private static func line(of violation: SchemaViolation, in earlier: [ArgumentFault]) -> Int? {
        let same = earlier.filter { $0.path == violation.path && $0.keyword == violation.keyword }
        if let known = same.first(where: { $0.message == violation.message }) { return known.line }
        return same.count == 1 ? same[0].line : nil
    }
}

// Where it is, and what is told.
extension ArgumentChecker {
    /// A string begins of which something may be said before it ends.
    private mutating func watch(_ place: Int?, from start: Int) {
        current.isWatched = place.map { places[$0].watchesGrowth } ?? false
        guard current.isWatched, let place else { return }
        current.growth = StringGrowth(start: start)
        current.candidates = Array(0..<(places[place].allowedStrings?.count ?? 0))
        current.matched = 0
    }

    /// The place of the value that begins next.
    private mutating func placeOfNext() -> Int? {
        guard let top = open.indices.last else { return root }
        guard open[top].isObject else {
            open[top].count += 1
            return open[top].place.flatMap { places.element(open[top].count - 1, of: $0) }
        }
        guard let member = open[top].member, let place = member.place else { return nil }
        // Of a value that must not be there nothing more is told.
        return member.isRefused && places[place].isRefused ? nil : place
    }

    private mutating func tellTooMany(_ bytes: UnsafeBufferPointer<UInt8>, line: Int) {
        guard let frame = open.last, !frame.isObject, let place = frame.place, let most = places[place].maxItems,
            frame.count == most + 1, !isFull
        else { return }
        let message = "must have at most \(Words.count(most, "item")), and has more"
        report("maxItems", message, line: line, isFinal: false, at: path(bytes, depth: open.count - 1))
    }

    /// Tells why a value of this kind must not be here.
    private mutating func refuse(
        _ refusal: (keyword: String, message: String), _ kind: ArgumentKind, line: Int,
        _ bytes: UnsafeBufferPointer<UInt8>
    ) {
        if refusal.keyword == "false", let array = open.last, !array.isObject, let place = array.place,
            array.count > places[place].listedItems
        {
            // That is a rule of the array, since it is the same for all further elements.
            let most = places[place].listedItems
            let message = most == 0 ? "must be empty" : "must have at most \(Words.count(most, "item")), and has more"
            return report("items", message, line: line, isFinal: false, at: path(bytes, depth: open.count - 1))
        }
        let isFinal = kind == .object || kind == .array || refusal.keyword == "false"
        report(refusal.keyword, refusal.message, line: line, isFinal: isFinal, at: path(bytes))
    }

    private mutating func refuse(
        _ member: SchemaPlaces.Member, of place: Int, line: Int, _ bytes: UnsafeBufferPointer<UInt8>
    ) {
        let cursor = places[place].cursor
        let object = path(bytes, depth: open.count - 1)
        let name = path(bytes).tokens.last ?? ""
        let names = cursor.knownNames
        guard member.place.map({ places[$0].isRefused }) ?? false else {
            let message = "must not have a property named \(Words.quoted(name))"
            return report("propertyNames", message, line: line, isFinal: false, at: object)
        }
        guard cursor.refusesUnknownNames, !names.contains(where: { ExactText.equal($0, name) }) else {
            return report("false", "is not allowed here", line: line, isFinal: true, at: object.appending(name))
        }
        let hint = Spelling.nearest(to: name, among: names).map { "; did you mean \(Words.quoted($0))?" }
        let known = names.isEmpty ? "" : "; known are \(Words.list(names.map(Words.quoted)))"
        let message = "has no property \(Words.quoted(name))" + (hint ?? known)
        report("additionalProperties", message, line: line, isFinal: true, at: object)
    }

    private mutating func check(
        _ place: Int, _ token: UnsafeRawBufferPointer, line: Int, _ bytes: UnsafeBufferPointer<UInt8>
    ) {
        guard !isFull, let value = try? JSONParser.parse(token) else { return }
        let cursor = places[place].cursor
        guard !cursor.violations(of: value, at: JSONPointer(), limit: 1).isEmpty else { return }
        let path = path(bytes)
        for violation in cursor.violations(of: value, at: path, limit: Self.mostFaults) {
            report(violation.keyword, violation.message, line: line, isFinal: true, at: violation.path)
        }
    }

    /// Where reading is: the value at hand, or that of a container around it.
    private func path(_ bytes: UnsafeBufferPointer<UInt8>, depth: Int? = nil) -> JSONPointer {
        JSONPointer(
            open.prefix(depth ?? open.count).map { frame in
                guard frame.isObject else { return String(frame.count - 1) }
                let name = try? JSONParser.parse(bytes.raw(frame.name))
                return name?.stringValue ?? ""
            })
    }

    /// Tells a fault; once, though it may be found while a value arrives, when it ends and with what is around it.
    private mutating func report(
        _ keyword: String, _ message: String, line: Int, isFinal: Bool, at path: JSONPointer
    ) {
        let same = faults.indices.filter { faults[$0].path == path && faults[$0].keyword == keyword }
        if same.contains(where: { faults[$0].message == message }) { return }
        if isFinal, let grown = same.first(where: { !faults[$0].isFinal }) {
            faults[grown].message = message
            faults[grown].isFinal = true
            return
        }
        guard !isFull else { return }
        let fault = ArgumentFault(path: path, keyword: keyword, message: message, line: line, isFinal: isFinal)
        faults.insert(fault, at: faults.partitioningIndex { $0.line > line })
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The bytes of a range.
    func raw(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: self[range]))
    }
}

/// How far a string has come that has not ended.
struct StringGrowth: Sendable {
    /// What lies before is text that nothing can change any more: no escape is cut here.
    private(set) var end: Int
    /// Unicode scalars before `end`.
    private(set) var count = 0

    init(start: Int) { end = start }

    /// Reads on as far as whole escapes, and pairs of them, reach.
    mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, to limit: Int) {
        while end < limit {
            let length: Int
            if bytes[end] == UInt8(ascii: "\\") {
                guard let escape = Self.escape(bytes, at: end, limit: limit) else { return }
                length = escape
            } else {
                length = 1
            }
            if bytes[end] & 0xC0 != 0x80 { count += 1 }
            end += length
        }
    }

    /// The length of the escape, or pair of escapes, at `start`; nil when more of it may come.
    private static func escape(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int, limit: Int) -> Int? {
        guard start + 1 < limit else { return nil }
        guard bytes[start + 1] == UInt8(ascii: "u") else { return 2 }
        guard start + 6 <= limit else { return nil }
        // \ud800 to \udbff: the first half of a pair.
        let isLead =
            bytes[start + 2] | 0x20 == UInt8(ascii: "d")
            && (UInt8(ascii: "8")...UInt8(ascii: "9") ~= bytes[start + 3]
                || UInt8(ascii: "a")...UInt8(ascii: "b") ~= bytes[start + 3] | 0x20)
        guard isLead else { return 6 }
        guard start + 6 < limit else { return nil }
        guard bytes[start + 6] == UInt8(ascii: "\\") else { return 6 }
        guard start + 7 < limit else { return nil }
        guard bytes[start + 7] == UInt8(ascii: "u") else { return 6 }
        guard start + 12 <= limit else { return nil }
        let isTrail =
            bytes[start + 8] | 0x20 == UInt8(ascii: "d")
            && UInt8(ascii: "c")...UInt8(ascii: "f") ~= bytes[start + 9] | 0x20
        return isTrail ? 12 : 6
    }

    /// The text that a part of a string stands for; no escape is cut.
    static func utf8(_ raw: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8] {
        guard raw.contains(UInt8(ascii: "\\")) else { return Array(raw) }
        let quote = UInt8(ascii: "\"")
        let text = (try? JSONParser.parse([quote] + raw + [quote]))?.stringValue ?? ""
        return Array(text.utf8)
    }
}
