/// Where the parts of a TOML text stand, to the byte, so that one of them can be replaced and all others kept.
///
/// The text must be TOML: it is read only as far as it takes to find headers, keys and values.
struct TOMLLayout: Sendable {
    /// A key with its value.
    struct Entry: Sendable {
        /// The key from the root, header included.
        var path: [String]
        /// How many parts the key has where it stands.
        var parts: Int
        /// The first byte of the key.
        var keyStart: Int
        /// The bytes of the value.
        var value: Range<Int>
        /// The end of its line, line break included; of an entry of an inline table that of the value.
        var end: Int
        /// The header it stands below; 0 = the root.
        var header: Int
        /// The inline table it is in; nil = none.
        var parent: Int?
        /// Whether its value is an inline table.
        var isTable: Bool
    }

    /// A `[table]` line, or the root.
    struct Header: Sendable {
        /// The path.
        var path: [String]
        /// Whether it is, or is below, an array of tables, where a path does not name one place.
        var isInArray: Bool
        /// The first byte after its line.
        var bodyStart: Int
    }

    private(set) var entries: [Entry] = []
    private(set) var headers: [Header]
    private var reader: TOMLBytes

    /// Reads a text as bytes of UTF-8, without a byte order mark.
    init(_ bytes: [UInt8]) {
        reader = TOMLBytes(bytes)
        headers = [Header(path: [], isInArray: false, bodyStart: 0)]
        while let byte = reader.current {
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D: reader.advance()
            case UInt8(ascii: "#"): reader.skipLine()
            case UInt8(ascii: "["): readHeader()
            default: readEntry()
            }
        }
    }

    private mutating func readHeader() {
        reader.advance()
        var isArray = false
        if reader.current == UInt8(ascii: "[") {
            isArray = true
            reader.advance()
        }
        let path = reader.key()
        reader.skipLine()
        reader.skipBreak()
        let isBelow = headers.contains { $0.isInArray && path.starts(with: $0.path) }
        headers.append(Header(path: path, isInArray: isArray || isBelow, bodyStart: reader.index))
    }

    private mutating func readEntry() {
        let start = reader.index
        read(below: headers[headers.count - 1].path, parent: nil)
        let first = entries.firstIndex { $0.keyStart == start }
        reader.skipLine()
        reader.skipBreak()
        if let first { entries[first].end = reader.index }
        // What is no key cannot hold the reader up.
        if reader.index == start { reader.advance() }
    }

    /// Reads `key = value`; false when there is none.
    private mutating func read(below prefix: [String], parent: Int?) {
        let start = reader.index
        let key = reader.key()
        guard !key.isEmpty, reader.current == UInt8(ascii: "=") else { return }
        reader.advance()
        reader.skipBlank()
        let number = entries.count
        let isTable = reader.current == UInt8(ascii: "{")
        entries.append(
            Entry(
                path: prefix + key, parts: key.count, keyStart: start, value: reader.index..<reader.index, end: 0,
                header: headers.count - 1, parent: parent, isTable: isTable))
        let valueStart = reader.index
        if isTable { readTable(number) } else { reader.skipValue() }
        entries[number].value = valueStart..<reader.index
        entries[number].end = reader.index
    }

    private mutating func readTable(_ number: Int) {
        reader.advance()
        while let byte = reader.current, byte != UInt8(ascii: "}") {
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ","): reader.advance()
            case UInt8(ascii: "#"): reader.skipLine()
            default:
                let start = reader.index
                read(below: entries[number].path, parent: number)
                if reader.index == start { reader.advance() }
            }
        }
        reader.advance()
    }
}
