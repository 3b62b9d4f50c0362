internal import ProviderCore

/// Tables as RFC 4180 has them: the first row names the columns, quoted fields may hold commas, line ends and doubled
/// quotes.
enum CSVData {
    static func read(_ bytes: [UInt8], file: String) -> DataRows {
        var data = DataRows()
        guard String(validating: bytes, as: UTF8.self) != nil else {
            let mark = TextMarks.firstInvalid(bytes)
            data.problem(file, mark.line, mark.column, "is not UTF-8 here; save the file as UTF-8")
            return data
        }
        var scanner = CSVScanner(bytes)
        guard let header = scanner.next(&data, file), !header.fields.isEmpty else {
            data.problem(file, 1, 1, "is empty; the first row names the columns")
            return data
        }
        guard check(header, file, &data) else { return data }
        while !data.isFull, let row = scanner.next(&data, file) {
            // An empty line is no row, unless a row is one column.
            if row.fields == [""], header.fields.count > 1 { continue }
            guard row.fields.count == header.fields.count else {
                data.problem(
                    file, row.line, 1,
                    "has \(count(row.fields.count)), and the first row names \(count(header.fields.count))")
                continue
            }
            let members = zip(header.fields, row.fields).map { JSONMember($0, .string($1)) }
            data.rows.append(DataRow(fields: .object(members), file: file, mark: SuiteMark(line: row.line, column: 1)))
        }
        return data
    }

    private static func count(_ fields: Int) -> String { fields == 1 ? "1 column" : "\(fields) columns" }

    private static func check(_ header: CSVScanner.Row, _ file: String, _ data: inout DataRows) -> Bool {
        var seen: Set<String> = []
        for (index, name) in header.fields.enumerated() {
            if name.isEmpty { data.problem(file, header.line, 1, "column \(index + 1) has no name") }
            if !seen.insert(name).inserted {
                data.problem(file, header.line, 1, "two columns are named \"\(NameWords.cut(name))\"")
            }
        }
        if header.fields.count == 1, let name = header.fields.first,
            let mark = name.first(where: { $0 == ";" || $0 == "\t" })
        {
            data.problem(
                file, header.line, 1,
                "columns are parted by commas, and this file parts them by \(mark == ";" ? "semicolons" : "tabs")")
        }
        return data.problems.isEmpty
    }
}

/// Takes rows off a table, byte by byte.
struct CSVScanner {
    struct Row {
        var fields: [String]
        var line: Int
    }

    private let bytes: [UInt8]
    private var place = 0
    private var line = 1

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
    }

    /// The next row; nil at the end, and after a mistake that leaves no way on.
    mutating func next(_ data: inout DataRows, _ file: String) -> Row? {
        guard place < bytes.count else { return nil }
        var row = Row(fields: [], line: line)
        while true {
            guard let field = field(&data, file) else { return nil }
            row.fields.append(field)
            guard place < bytes.count else { return row }
            let byte = bytes[place]
            place += 1
            if byte == UInt8(ascii: ",") { continue }
            if byte == 0x0D, place < bytes.count, bytes[place] == 0x0A { place += 1 }
            line += 1
            return row
        }
    }

    /// A field, up to the comma, line end or end behind it.
    private mutating func field(_ data: inout DataRows, _ file: String) -> String? {
        guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else {
            let start = place
            while place < bytes.count, !isEnd(bytes[place]) {
                if bytes[place] == UInt8(ascii: "\"") {
                    data.problem(file, line, 1, "has a quote within a field that does not begin with one; write \"\"")
                    return nil
                }
                place += 1
            }
            return String(decoding: bytes[start..<place], as: UTF8.self)
        }
        return quoted(&data, file)
    }

    private mutating func quoted(_ data: inout DataRows, _ file: String) -> String? {
        let first = line
        var text: [UInt8] = []
        place += 1
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            guard byte == UInt8(ascii: "\"") else {
                if byte == 0x0A { line += 1 }
                text.append(byte)
                continue
            }
            if place < bytes.count, bytes[place] == UInt8(ascii: "\"") {
                text.append(byte)
                place += 1
                continue
            }
            if place < bytes.count, !isEnd(bytes[place]) {
                data.problem(file, line, 1, "goes on behind a quoted field; a comma is missing")
                return nil
            }
            return String(decoding: text, as: UTF8.self)
        }
        data.problem(file, first, 1, "a quoted field that begins here is not closed")
        return nil
    }

    private func isEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ",") || byte == 0x0A || byte == 0x0D }
}
