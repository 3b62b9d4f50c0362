import ProviderCore
import Testing

@testable import FunctionTools

/// The stream against the parser of whole texts.
@Suite struct ArgumentStreamTests {
    /// What both say of a text: the value, or where and why it is none.
    enum Verdict: Equatable {
        case value(JSONValue)
        case error(JSONSyntaxError)
        case other

        init(parsing text: String) {
            do {
                self = .value(try JSONParser.parse(text))
            } catch { self = (error as? JSONSyntaxError).map { .error($0) } ?? .other }
        }

        init(_ stream: ArgumentStream) {
            switch stream.state {
            case .whole: self = stream.value.map { .value($0) } ?? .other
            case .broken(let error): self = .error(error)
            case .growing, .tooLong: self = .other
            }
        }

        /// The same, or broken at the same place: a text that goes on after the place may be told in other words.
        func agrees(with other: Verdict) -> Bool {
            if case .error(let one) = self, case .error(let two) = other { return one.offset == two.offset }
            return self == other
        }
    }

    static func stream(_ pieces: [String]) -> ArgumentStream {
        var stream = ArgumentStream()
        for piece in pieces { stream.append(piece) }
        stream.finish()
        return stream
    }

    static let nasty: [String] = [
        "", " ", "\n\t\r ", "{}", "[]", " { } ", "[ ]\n", "0", "-0", "12", " 12 ", "1e5", "1E+5", "1.5e-7", "01", "-",
        "-a",
        "1.", "1.e", "1e", "1e+", ".5", "+1", "1x", "1 2", "true", "tru", "trux", "nulll", "null,", "\"\"", "\"a",
        "\"a\"b",
        #""\"\\\/\b\f\n\r\t""#, #""\u00e9\u12G4""#, #""\ud83d\ude00""#, #""\ud83d""#, #""\ud83d\n""#,
        #""\ude00\ud83d""#,
        #""\ud83d\ud83d\ude00""#, #""\x""#, #""\u12"#, #""\"#, "\"\u{0}\"", "\"\n\"", "\"\u{7F}ü🎈e\u{301}\"",
        "\u{FEFF}{}", "{\u{FEFF}}", "\u{FEFF}", "{\"a\":1}", "{\"a\" : [ 1 , {\"b\":null} ] }", "{\"a\":1,}", "[1,]",
        "[,1]",
        "{,}", "{\"a\"}", "{\"a\":}", "{\"a\" 1}", "{a:1}", "{'a':1}", "[1 2]", "[1}", "{\"a\":1]", "]", "}", ":",
        "[[]", "{}{}",
        "{\"a\":1,\"a\":2}", "[true,false,null]", "[tru]", "[-]", "[01]", "[1.5.5]", "NaN", "Infinity", "[1]\n\nx\ny\n",
        "{\"a\": \"line\nnext\",\n \"b\": 2}\nmore", "// comment\n{}", "{\"größe\":\"🇨🇭\"}", "\u{A0}1", "1\u{A0}",
    ]

    static let deep: [String] = [
        String(repeating: "[", count: 512) + String(repeating: "]", count: 512),
        String(repeating: "[", count: 513), String(repeating: "{\"a\":", count: 512) + "{}",
        String(repeating: "{\"a\":", count: 511) + "{" + String(repeating: "}", count: 512),
    ]

    @Test(arguments: nasty) func isReadAsTheWholeTextHoweverItIsCut(_ text: String) {
        let expected = Verdict(parsing: text)
        let scalars = Array(text.unicodeScalars)
        for cut in 0...scalars.count {
            let head = String(String.UnicodeScalarView(scalars[..<cut]))
            let tail = String(String.UnicodeScalarView(scalars[cut...]))
            #expect(Verdict(Self.stream([head, tail])).agrees(with: expected), "cut at \(cut)")
        }
        #expect(Verdict(Self.stream([text])).agrees(with: expected))
        #expect(Verdict(Self.stream(scalars.map { String($0) })).agrees(with: expected))
    }

    @Test(arguments: deep) func nestingHasTheSameLimit(_ text: String) {
        #expect(Verdict(Self.stream([text])).agrees(with: Verdict(parsing: text)))
        #expect(Verdict(Self.stream(text.map { String($0) })).agrees(with: Verdict(parsing: text)))
    }

    /// The message names what the parser of whole texts says of the text as far as it came.
    @Test func tellsWhereItBroke() {
        var stream = ArgumentStream()
        stream.append("{\"city\": \"Bern\",\n \"days\": 0")
        #expect(stream.state == .growing)
        stream.append("1")
        guard case .broken(let error) = stream.state else {
            Issue.record("not broken")
            return
        }
        #expect(error.description == "line 2, column 10: malformed number")
        stream.append("}")
        #expect(stream.state == .broken(error))
        #expect(stream.text.hasSuffix("01}"))
        #expect(stream.value == nil)
    }

    @Test func wholeIsKnownAtTheLastBracket() {
        var stream = ArgumentStream()
        #expect(stream.isEmpty)
        stream.append(" \n")
        #expect(stream.isEmpty && stream.state == .growing && stream.byteCount == 2)
        stream.append("{\"a\": 1")
        #expect(!stream.isEmpty && stream.state == .growing && stream.value == nil)
        stream.append("}")
        #expect(stream.state == .whole && stream.value == .object([JSONMember("a", .number("1"))]))
        stream.append(" ")
        #expect(stream.state == .whole)
        stream.append("x")
        guard case .broken(let error) = stream.state else {
            Issue.record("not broken")
            return
        }
        #expect(error.message == "something follows the end of the value")
    }

    @Test func numberIsWholeOnlyWhenFinished() {
        var stream = ArgumentStream()
        stream.append("12")
        #expect(stream.state == .growing)
        stream.finish()
        #expect(stream.state == .whole && stream.value == .number("12"))
        stream.append("3")
        #expect(stream.text == "12")
    }

    @Test func textOverTheLimitIsDropped() {
        var stream = ArgumentStream(limit: 10)
        stream.append("\"12345678")
        #expect(stream.state == .growing)
        stream.append("é")
        stream.append("!")
        stream.append("\"")
        #expect(stream.state == .tooLong && stream.text == "\"12345678" && stream.byteCount == 13)
        stream.finish()
        #expect(stream.state == .tooLong && stream.value == nil)
        #expect(Array(stream.lines.map(\.text)) == ["\"12345678"])
        var exact = ArgumentStream(limit: 4)
        exact.append("\"12\"")
        #expect(exact.state == .whole)
    }

    @Test(arguments: 0..<40) func anyValueInAnyPiecesIsReadAsOneText(_ seed: Int) {
        let random = RandomJSON(UInt64(seed))
        for _ in 0..<50 {
            let text = random.text(random.value())
            var stream = ArgumentStream()
            for piece in random.pieces(text) {
                stream.append(piece)
                #expect(stream.lines.count == Array(stream.lines).count)
            }
            stream.finish()
            #expect(Verdict(stream) == Verdict(parsing: text), "\(text)")
        }
    }

    @Test(arguments: 0..<40) func damagedTextHasTheSameVerdict(_ seed: Int) {
        let random = RandomJSON(UInt64(1000 + seed))
        for _ in 0..<100 {
            let text = random.damaged(random.text(random.value()))
            let stream = Self.stream(random.pieces(text))
            #expect(Verdict(stream).agrees(with: Verdict(parsing: text)), "\(text)")
            #expect(stream.text == text)
        }
    }

    /// The harness must be able to fail: a stream that loses a piece is found out.
    @Test func lostPieceIsFoundOut() {
        let pieces = ["{\"a\":", "1", "2", "}"]
        let expected = Verdict(parsing: pieces.joined())
        #expect(Verdict(Self.stream(pieces)) == expected)
        #expect(!Verdict(Self.stream([pieces[0], pieces[1], pieces[3]])).agrees(with: expected))
    }
}
