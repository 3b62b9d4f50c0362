import FunctionTools
import ProviderCore

/// Figures of arguments that stream.
enum ArgumentMeasures {
    /// Measures and prints.
    static func run() throws {
        let schema = try JSONSchema(JSONParser.parse(schemaText))
        for (name, size) in [("4-character", 4), ("20-character", 20), ("4,096-character", 4096)] {
            let pieces = pieces(of: text(bytes: 1_000_000), size: size)
            report("arguments, \(name) pieces", megabytes(pieces) { ArgumentStream() })
            report(
                "arguments with schema, \(name) pieces, until the end",
                megabytes(pieces.dropLast()) { ArgumentStream(schema: schema) })
            report(
                "arguments with schema, \(name) pieces, and the whole checked",
                megabytes(pieces) { ArgumentStream(schema: schema) })
        }
        for kilobytes in [1, 100, 1_000] {
            curve(kilobytes, nil)
            curve(kilobytes, schema)
        }
        pretty()
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
    private static func megabytes(_ pieces: some Collection<String>, _ start: () -> ArgumentStream) -> Double {
        let bytes = pieces.reduce(0) { $0 + $1.utf8.count }
        let times = (0..<7).map { _ in
            ContinuousClock().measure {
                var stream = start()
                for piece in pieces { stream.append(piece) }
                precondition(stream.faults.isEmpty)
            }
        }
        return Double(bytes) / seconds(times.sorted()[3]) / 1e6
    }

    /// What one piece of 20 characters costs when so much came before.
    private static func curve(_ kilobytes: Int, _ schema: JSONSchema?) {
        let before = String(text(bytes: kilobytes * 1_000).dropLast(2))
        let more = pieces(of: String(text(bytes: 20_000).dropFirst(11).dropLast(2)), size: 20)
        var stream = ArgumentStream(schema: schema, limit: 1 << 24)
        stream.append(before + ",")
        let time = ContinuousClock().measure { for piece in more { stream.append(piece) } }
        precondition(stream.state == .growing)
        print(
            "arguments, a 20-character piece after \(kilobytes) KB\(schema == nil ? "" : ", with schema"): \(tenths(seconds(time) / Double(more.count) * 1e9)) ns"
        )
    }

    /// What 50 lines cost at the end of a megabyte.
    private static func pretty() {
        var stream = ArgumentStream()
        stream.append(text(bytes: 1_000_000))
        var bytes = 0
        let time = ContinuousClock().measure {
            for line in stream.lines.suffix(50) { bytes += line.text.utf8.count }
        }
        print("arguments, 50 pretty lines at the end of 1 MB: \(tenths(seconds(time) * 1e6)) us, \(bytes) bytes")
    }

    private static func report(_ name: String, _ speed: Double) {
        print("\(name): \(Int(speed)) MB/s (goal 100)")
    }

    private static func seconds(_ time: Duration) -> Double {
        Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
    }

    private static func tenths(_ value: Double) -> String { String((value * 10).rounded() / 10) }
}
