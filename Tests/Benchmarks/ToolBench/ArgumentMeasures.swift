import FunctionTools
import ProviderCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Figures of arguments that stream.
enum ArgumentMeasures {
    /// Measures and prints.
    static func run() throws {
        memory("one-digit numbers", "1,")
        memory("brackets", "[[[[[[[[]]]]]]]],")
        memory("prose", "\"\(String(repeating: "As models write it. ", count: 20))\",")
        let schema = try JSONSchema(JSONParser.parse(schemaText))
        let text = text(bytes: 1_000_000)
        for (name, size) in [("4-character", 4), ("20-character", 20), ("4,096-character", 4_096)] {
            let pieces = pieces(of: text, size: size)
            report("arguments, \(name) pieces", megabytes(pieces, nil))
            report("arguments with a schema, \(name) pieces", megabytes(pieces.dropLast(), schema))
            report("arguments with a schema, \(name) pieces and the check of the whole", megabytes(pieces, schema))
        }
        for kilobytes in [1, 10, 100, 1_000] {
            curve(kilobytes, nil)
            curve(kilobytes, schema)
        }
        pretty(text)
    }

    private static let schemaText = """
        {"type": "object", "additionalProperties": false, "required": ["orders"], "properties": {"orders": {"type": "array",
        "items": {"type": "object", "additionalProperties": false, "required": ["id", "city", "amount"], "properties": {
        "id": {"type": "integer", "minimum": 0}, "city": {"enum": ["Bern", "Zürich"]}, "amount": {"type": "number"},
        "express": {"type": "boolean"}, "note": {"type": "string", "maxLength": 500},
        "tags": {"type": "array", "items": {"type": ["string", "null"]}, "maxItems": 10}}}}}}
        """

    /// Arguments of a tool that takes orders: names, numbers, prose with escapes.
    static func text(bytes: Int) -> String {
        var text = "{\"orders\":["
        var number = 0
        while text.utf8.count < bytes {
            if number > 0 { text += "," }
            text += """
                {"id": \(number), "city": "Zürich", "amount": \(number).50, "express": \(number % 2 == 0), "note": \
                "Two lines\\nand \\"quotes\\", as models write them, \\u00fcber den See", "tags": ["a", "b", null]}
                """
            number += 1
        }
        return text + "]}"
    }

    static func pieces(of text: String, size: Int) -> [String] {
        var rest = text[...]
        var pieces: [String] = []
        while !rest.isEmpty {
            pieces.append(String(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        return pieces
    }

    /// The median of seven runs.
    private static func megabytes(_ pieces: some Collection<String>, _ schema: JSONSchema?) -> Double {
        let bytes = pieces.reduce(0) { $0 + $1.utf8.count }
        let times = (0..<7).map { _ in
            ContinuousClock().measure {
                var stream = ArgumentStream(schema: schema)
                for piece in pieces { stream.append(piece) }
                precondition(stream.faults.isEmpty)
            }
        }
        return Double(bytes) / seconds(times.sorted()[3]) / 1e6
    }

    /// What one piece of 20 characters costs when so much came before.
    private static func curve(_ kilobytes: Int, _ schema: JSONSchema?) {
        let before = String(text(bytes: kilobytes * 1_000).dropLast(2))
        let more = pieces(of: String(text(bytes: 100_000).dropFirst(11).dropLast(2)), size: 20)
        let times = (0..<7).map { _ in
            var stream = ArgumentStream(schema: schema, limit: 1 << 24)
            stream.append(before + ",")
            return ContinuousClock().measure { for piece in more { stream.append(piece) } }
        }
        let nanoseconds = seconds(times.sorted()[3]) / Double(more.count) * 1e9
        let name = "arguments\(schema == nil ? "" : " with a schema"), a 20-character piece after \(kilobytes) KB"
        print("\(name): \(tenths(nanoseconds)) ns")
    }

    /// What 50 lines cost at the end of a megabyte.
    private static func pretty(_ text: String) {
        var stream = ArgumentStream()
        stream.append(text)
        var bytes = 0
        let time = ContinuousClock().measure {
            for line in stream.lines.suffix(50) { bytes += line.text.utf8.count }
        }
        print("arguments, 50 pretty lines at the end of 1 MB: \(tenths(seconds(time) * 1e6)) us, \(bytes) bytes")
    }

    /// What a stream holds when 16 MB have come in pieces, as a multiple of the text. Measured before all else, while no
    /// memory lies about that it could take again.
    private static func memory(_ name: String, _ unit: String) {
        let unit = Array(repeating: unit, count: 4_096 / unit.utf8.count).joined()
        let before = residentBytes()
        var stream = ArgumentStream(limit: 1 << 25)
        stream.append("[")
        while stream.byteCount < 16_000_000 { stream.append(unit) }
        let held = residentBytes() - before
        precondition(stream.state == .growing)
        print("arguments of \(name), memory: \(tenths(Double(held) / 16e6)) times the text (goal 4)")
    }

    /// Bytes of this process in memory; 0 where there is no /proc.
    private static func residentBytes() -> Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    private static func report(_ name: String, _ speed: Double) {
        print("\(name): \(Int(speed)) MB/s (goal 100)")
    }

    private static func seconds(_ time: Duration) -> Double {
        Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
    }

    private static func tenths(_ value: Double) -> String { String((value * 10).rounded() / 10) }
}
