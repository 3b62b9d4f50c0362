/// A TOML text in which values are set and removed while all else stays as it is: comments, order, blank lines, spelling,
/// line ends, byte order mark.
///
/// A key that is there gets its value's bytes replaced; a new one stands at the end of its table; a new table at the end of
/// the file. After each change the text is parsed and compared with what it should say; what does not come out exactly so is
/// refused and the text stays as it was.
public struct TOMLEdit: Sendable {
    /// The text as it is now.
    public var text: String { mark + String(decoding: bytes, as: UTF8.self) }

    private let mark: String
    private var bytes: [UInt8]
    private var layout: TOMLLayout
    private var root: [String: TOMLNode]
    private let lineBreak: String

    /// A text. Throws `FileProblem` with line and column when it is no TOML; `file` is the name in messages.
    public init(_ text: String, file: String? = nil) throws(FileProblem) {
        let body = text.hasPrefix("\u{FEFF}") ? String(text.unicodeScalars.dropFirst()) : text
        root = try TOMLDocument(body, file: file).root
        mark = body.utf8.count == text.utf8.count ? "" : "\u{FEFF}"
        let bytes = Array(body.utf8)
        let end = bytes.firstIndex(of: 0x0A) ?? 0
        lineBreak = end > 0 && bytes[end - 1] == 0x0D ? "\r\n" : "\n"
        layout = TOMLLayout(bytes)
        self.bytes = bytes
    }

    /// Whether there is a value or a table at a path.
    public func contains(_ path: [String]) -> Bool { TOMLTree.node(at: path, in: root) != nil }

    /// Sets a value. Throws `FileProblem` when that cannot be done without touching something else; the text is then as
    /// before.
    public mutating func set(_ path: [String], to value: SettingValue) throws(FileProblem) {
        try set(path, spelt: TOMLSpelling.value(value, allowsLines: lineBreak == "\n"))
    }

    /// Sets a value that is spelt as TOML, such as `0.50` or `["a", 'b']`. Throws as `set(_:to:)`, also when it is no value.
    public mutating func set(_ path: [String], spelt: String) throws(FileProblem) {
        guard !path.isEmpty else { throw FileProblem("a setting needs a name") }
        let node = try Self.value(spelt)
        guard let wanted = TOMLTree.setting(path, to: node, in: root) else { throw inTheWay(path) }
        try change(to: wanted, path) { edit throws(FileProblem) in try edit.put(path, spelt) }
    }

    /// Whether there is a table at a path, however it is spelt.
    public func isTable(_ path: [String]) -> Bool {
        if case .table? = TOMLTree.node(at: path, in: root) { true } else { false }
    }

    /// Removes a key with its value, and the comment behind it on its line; of a table that stands whole below a header of its
    /// own all keys and the header, while lines that are comments stay. False when there is none. Throws `FileProblem` for
    /// other tables, and as `set(_:to:)`.
    @discardableResult
    public mutating func remove(_ path: [String]) throws(FileProblem) -> Bool {
        guard TOMLTree.node(at: path, in: root) != nil else { return false }
        if let header = lonelyHeader(at: path) {
            try change(to: TOMLTree.removing(path, from: root), path) { edit in edit.cut(header: header) }
            return true
        }
        guard let number = entry(at: path) else {
            throw FileProblem("\(name(path)) is a table or stands in a list of tables; remove its lines in an editor")
        }
        try change(to: TOMLTree.removing(path, from: root), path) { edit in edit.cut(number) }
        return true
    }

    /// Makes a change on a copy, and keeps it when it says exactly what it should.
    private mutating func change(
        to wanted: [String: TOMLNode], _ path: [String], _ work: (inout TOMLEdit) throws(FileProblem) -> Void
    ) throws(FileProblem) {
        var copy = self
        try work(&copy)
        let document = try? TOMLDocument(String(decoding: copy.bytes, as: UTF8.self), file: nil)
        guard let document, TOMLTree.isSame(.table(document.root), .table(wanted)) else {
            throw FileProblem("\(name(path)) cannot be changed here without touching other lines; use an editor")
        }
        copy.root = document.root
        copy.layout = TOMLLayout(copy.bytes)
        self = copy
    }

    private func name(_ path: [String]) -> String { printable(TOMLSpelling.path(path)) }

    private func inTheWay(_ path: [String]) -> FileProblem {
        for count in 1..<max(2, path.count) {
            switch TOMLTree.node(at: Array(path.prefix(count)), in: root) {
            case .table?, nil: continue
            case let node?:
                let what = TOMLSpelling.path(Array(path.prefix(count)))
                return FileProblem("\(name(path)) cannot be set: \(printable(what)) is \(node.kind), not a table")
            }
        }
        return FileProblem("\(name(path)) is a table; set its members one by one")
    }

    /// The node of a spelt value; throws when the text is not one value and nothing else.
    private static func value(_ spelt: String) throws(FileProblem) -> TOMLNode {
        let text = "value = " + spelt
        let layout = TOMLLayout(Array(text.utf8))
        guard let node = try? TOMLDocument(text, file: nil).root["value"], layout.headers.count == 1,
            layout.entries.filter({ $0.parent == nil }).count == 1,
            layout.entries[0].value.upperBound == text.utf8.count
        else { throw FileProblem("\(quoted(spelt)) is no TOML value") }
        return node
    }
}

// MARK: Where things go

extension TOMLEdit {
    /// The entry at a path, unless it stands in an array of tables.
    private func entry(at path: [String]) -> Int? {
        layout.entries.firstIndex { $0.path == path && !layout.headers[$0.header].isInArray }
    }

    private mutating func put(_ path: [String], _ spelt: String) throws(FileProblem) {
        if let number = entry(at: path) {
            bytes.replaceSubrange(layout.entries[number].value, with: spelt.utf8)
        } else if let table = inlineTable(above: path) {
            insert(path, spelt, inline: table)
        } else if let (header, after) = place(of: path) {
            insert(path, spelt, header, after: after)
        } else {
            append(path, spelt)
        }
    }

    /// The innermost inline table that a path leads into.
    private func inlineTable(above path: [String]) -> Int? {
        layout.entries.indices.filter { number in
            let entry = layout.entries[number]
            return entry.isTable && entry.path.count < path.count && path.starts(with: entry.path)
                && !layout.headers[entry.header].isInArray
        }.max { layout.entries[$0].path.count < layout.entries[$1].path.count }
    }

    /// The header below which a new key stands, and the entry it follows; nil when it needs a table of its own.
    private func place(of path: [String]) -> (header: Int, after: Int?)? {
        let table = Array(path.dropLast())
        if let header = layout.headers.firstIndex(where: { $0.path == table && !$0.isInArray }) {
            return (header, last { $0.header == header })
        }
        // A table that dotted keys began can only be gone on with by dotted keys.
        for count in stride(from: table.count, to: 0, by: -1) {
            let part = table.prefix(count)
            let sibling = last { entry in
                entry.path.starts(with: part) && entry.path.count > count
                    && entry.path.count - entry.parts < count && !layout.headers[entry.header].isInArray
            }
            if let sibling { return (layout.entries[sibling].header, sibling) }
        }
        return nil
    }

    private func last(_ isMeant: (TOMLLayout.Entry) -> Bool) -> Int? {
        layout.entries.lastIndex { $0.parent == nil && isMeant($0) }
    }

    private mutating func insert(_ path: [String], _ spelt: String, inline number: Int) {
        let table = layout.entries[number]
        let key = TOMLSpelling.path(Array(path.dropFirst(table.path.count)))
        if let last = layout.entries.last(where: { $0.parent == number }) {
            bytes.insert(contentsOf: ", \(key) = \(spelt)".utf8, at: last.value.upperBound)
        } else {
            bytes.replaceSubrange(table.value, with: "{ \(key) = \(spelt) }".utf8)
        }
    }

    private mutating func insert(_ path: [String], _ spelt: String, _ header: Int, after: Int?) {
        let key = TOMLSpelling.path(Array(path.dropFirst(layout.headers[header].path.count)))
        if let after {
            let entry = layout.entries[after]
            insertLine(indent(of: entry) + "\(key) = \(spelt)", at: entry.end)
        } else if header == 0 {
            let place = topPlace
            insertLine("\(key) = \(spelt)" + (startsLine(place, with: "[") ? lineBreak : ""), at: place)
        } else {
            insertLine("\(key) = \(spelt)", at: layout.headers[header].bodyStart)
        }
    }

    /// Behind the comment with which the file begins, when a blank line parts it from what follows; else the beginning.
    private var topPlace: Int {
        var reader = TOMLBytes(bytes)
        while reader.current == UInt8(ascii: "#") {
            reader.skipLine()
            reader.skipBreak()
        }
        let end = reader.index
        reader.skipBreak()
        return reader.index > end || end == bytes.count ? reader.index : 0
    }

    private func startsLine(_ place: Int, with text: String) -> Bool { bytes[place...].starts(with: text.utf8) }

    private func indent(of entry: TOMLLayout.Entry) -> String {
        let start = lineStart(of: entry.keyStart)
        return String(decoding: bytes[start..<entry.keyStart], as: UTF8.self)
    }

    private func lineStart(of place: Int) -> Int { bytes[..<place].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0 }

    private mutating func insertLine(_ line: String, at place: Int) {
        let isOpen = place > 0 && bytes[place - 1] != 0x0A
        bytes.insert(contentsOf: ((isOpen ? lineBreak : "") + line + lineBreak).utf8, at: place)
    }

    /// A new table at the end of the file, a blank line before it.
    private mutating func append(_ path: [String], _ spelt: String) {
        guard path.count > 1 else { return insert(path, spelt, 0, after: nil) }
        let isOpen = bytes.last.map { $0 != 0x0A } ?? false
        let gap = bytes.isEmpty || endsBlank ? "" : lineBreak
        let header = "[" + TOMLSpelling.path(Array(path.dropLast())) + "]"
        let text = (isOpen ? lineBreak : "") + gap + header + lineBreak
        bytes += (text + TOMLSpelling.key(path[path.count - 1]) + " = " + spelt + lineBreak).utf8
    }

    private var endsBlank: Bool {
        let text = String(decoding: bytes.suffix(4), as: UTF8.self).unicodeScalars.filter { $0 != "\r" }
        return text.suffix(2).elementsEqual(["\n", "\n"])
    }

    /// The header below which all of a table stands, and nothing of another one; nil = it is spelt otherwise.
    private func lonelyHeader(at path: [String]) -> Int? {
        let headers = layout.headers.indices.filter { layout.headers[$0].path.starts(with: path) }
        guard headers.count == 1, let header = headers.first, layout.headers[header].path == path,
            !layout.headers[header].isInArray,
            layout.entries.allSatisfy({ $0.header == header || !$0.path.starts(with: path) })
        else { return nil }
        return header
    }

    private mutating func cut(header number: Int) {
        for entry in layout.entries.reversed() where entry.header == number && entry.parent == nil {
            bytes.removeSubrange(lineStart(of: entry.keyStart)..<entry.end)
        }
        let end = layout.headers[number].bodyStart
        let start = lineStart(of: end > 0 && bytes[end - 1] == 0x0A ? end - 1 : end)
        bytes.removeSubrange(start..<end)
        // Of the blank lines before and behind it one is enough.
        let isAfterBlank =
            start == 0 || bytes[..<start].suffix(2 * lineBreak.utf8.count).elementsEqual((lineBreak + lineBreak).utf8)
        if isAfterBlank, startsLine(start, with: lineBreak) {
            bytes.removeSubrange(start..<start + lineBreak.utf8.count)
        }
    }

    private mutating func cut(_ number: Int) {
        let entry = layout.entries[number]
        guard let parent = entry.parent else {
            bytes.removeSubrange(lineStart(of: entry.keyStart)..<entry.end)
            return
        }
        let members = layout.entries.indices.filter { layout.entries[$0].parent == parent }
        guard let place = members.firstIndex(of: number) else { return }
        if place + 1 < members.count {
            bytes.removeSubrange(entry.keyStart..<layout.entries[members[place + 1]].keyStart)
        } else if place > 0 {
            bytes.removeSubrange(layout.entries[members[place - 1]].value.upperBound..<entry.value.upperBound)
        } else {
            bytes.replaceSubrange(layout.entries[parent].value, with: "{}".utf8)
        }
    }
}

extension TOMLEdit {
    /// Whether two texts say the same, however they spell it.
    public func says(sameAs other: TOMLEdit) -> Bool { TOMLTree.isSame(.table(root), .table(other.root)) }
}
