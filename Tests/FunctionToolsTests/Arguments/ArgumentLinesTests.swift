import ProviderCore
import Testing

@testable import FunctionTools

/// Pretty-printed text of a stream.
@Suite struct ArgumentLinesTests {
    static func pretty(_ stream: ArgumentStream) -> [String] { stream.lines.map { $0.indentation + $0.text } }

    static func lines(_ text: String) -> [String] {
        var stream = ArgumentStream()
        stream.append(text)
        return pretty(stream)
    }

    static let table: [(text: String, lines: [String])] = [
        ("", []), (" ", []), ("{", ["{"]), ("{ ", ["{"]), ("{}", ["{}"]), ("[ ]", ["[]"]), ("{\"ci", ["{", "  \"ci"]),
        ("{\"city\" :", ["{", "  \"city\": "]), ("{\"city\":\"Be\\u00", ["{", "  \"city\": \"Be\\u00"]),
        ("{\"a\":1 , ", ["{", "  \"a\": 1,"]),
        (
            "{\"a\":[\n1,{\"b\" : [ ]}]}",
            [
                "{", "  \"a\": [", "    1,", "    {", "      \"b\": []", "    }", "  ]", "}",
            ]
        ),
        ("[\"a , b: {\\\" }\"]", ["[", "  \"a , b: {\\\" }\"", "]"]), ("\u{FEFF} 12", ["12"]),
        ("x", ["x"]), ("{\"a\": 01,\n\n b}\nc", ["{", "  \"a\": 01,", "", " b}", "c"]),
        ("{\"a\": \"b\nc\"}\n", ["{", "  \"a\": \"b", "c\"}"]), ("{} \n x", ["{}x"]), ("[1,\nx", ["[", "  1,x"]),
    ]

    @Test(arguments: table.indices) func growingTextIsShown(_ row: Int) {
        #expect(Self.lines(Self.table[row].text) == Self.table[row].lines)
    }

    /// What the writer makes of the value is what the lines make of its text.
    @Test(arguments: 0..<30) func equalTheWritersPrettyText(_ seed: Int) {
        let random = RandomJSON(UInt64(2000 + seed))
        for _ in 0..<40 {
            let value = random.value()
            let compact = JSONWriter.string(value)
            var stream = ArgumentStream()
            for piece in random.pieces(compact) { stream.append(piece) }
            #expect(Self.pretty(stream).joined(separator: "\n") == JSONWriter.pretty(value))
        }
    }

    /// White space between tokens is not shown, wherever it is and however the text is cut.
    @Test(arguments: 0..<30) func whiteSpaceMakesNoDifference(_ seed: Int) throws {
        let random = RandomJSON(UInt64(3000 + seed))
        for _ in 0..<40 {
            let text = random.text(random.value())
            var stream = ArgumentStream()
            var count = 0
            for piece in random.pieces(text) {
                stream.append(piece)
                #expect(stream.lines.count >= count, "lines are only added")
                count = stream.lines.count
            }
            let shown = Self.pretty(stream).joined(separator: "\n")
            #expect(try JSONParser.parse(shown) == JSONParser.parse(text))
            #expect(shown == Self.lines(shown).joined(separator: "\n"))
        }
    }

    /// A line is the same whether it is found alone or after all others, in text of many lines and of long ones.
    @Test func everyLineIsFoundAlone() {
        let elements = (0..<2_000).map { number in
            number % 97 == 0 ? "{\"n\":\"\(String(repeating: "x", count: 3_000))\"}" : "\(number)"
        }
        var stream = ArgumentStream()
        stream.append("[" + elements.joined(separator: ",") + "]")
        let lines = stream.lines
        var expected = ["["]
        for (index, element) in elements.enumerated() {
            let comma = index == elements.count - 1 ? "" : ","
            if element.hasPrefix("{") {
                expected += ["  {", "    " + element.dropFirst().dropLast().replacing(":", with: ": "), "  }" + comma]
            } else {
                expected.append("  " + element + comma)
            }
        }
        expected.append("]")
        #expect(lines.count == expected.count)
        for index in lines.indices.reversed() {
            #expect(lines[index].indentation + lines[index].text == expected[index])
        }
    }

    @Test func longLineCanBeReadInPart() {
        var stream = ArgumentStream()
        stream.append("{\"text\" : \"\(String(repeating: "y", count: 100_000))")
        #expect(stream.lines[1].byteCount == 100_010)
        #expect(stream.lines[1].text(limit: 15) == "\"text\": \"yyyyy")
        #expect(stream.lines[1].text(limit: -1) == "")
    }
}
