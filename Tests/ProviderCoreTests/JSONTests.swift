import ProviderCore
import Testing

@Suite struct JSONTests {
    @Test(arguments: [
        ("null", JSONValue.null), (" true ", .bool(true)), ("false", .bool(false)), ("[]", .array([])),
        ("{ }", .object([])),
        ("-0", .number("-0")), ("1e3", .number("1e3")),
        ("12345678901234567890.5E-10", .number("12345678901234567890.5E-10")),
        ("\u{FEFF}1", .number("1")), ("\"\"", .string("")),
        (#""a\"\\\/\b\f\n\r\té\u00e9\ud83d\ude00""#, .string("a\"\\/\u{8}\u{C}\n\r\té\u{e9}😀")),
        (#""\ud83d""#, .string("\u{FFFD}")), (#""\ude00x""#, .string("\u{FFFD}x")),
        (#""\ud83d\ud83d\ude00""#, .string("\u{FFFD}😀")), (#""\ud83d\u0041""#, .string("\u{FFFD}A")),
        (#""\u0000""#, .string("\0")),
        (
            #"{"b":[1,{"a":null}],"a":"x","b":2}"#,
            .object([
                JSONMember("b", .array([.number("1"), .object([JSONMember("a", .null)])])),
                JSONMember("a", .string("x")), JSONMember("b", .number("2")),
            ])
        ),
    ]) func reads(_ text: String, _ value: JSONValue) throws {
        #expect(try JSONParser.parse(text) == value)
    }

    @Test func lastOfRepeatedMembersCounts() throws {
        #expect(try JSONParser.parse(#"{"a":1,"a":2}"#)["a"]?.intValue == 2)
    }

    @Test func badUTF8IsRepaired() throws {
        let bytes: [UInt8] = [0x22, 0x61, 0xFF, 0x62, 0xE2, 0x82, 0x22]
        #expect(try JSONParser.parse(bytes) == .string("a\u{FFFD}b\u{FFFD}"))
        let escaped: [UInt8] = [0x22, 0x5C, 0x6E, 0xFF, 0x22]
        #expect(try JSONParser.parse(escaped) == .string("\n\u{FFFD}"))
    }

    @Test(arguments: [
        ("", 0, 1, 1), ("  ", 2, 1, 3), ("{", 1, 1, 2), ("[1,]", 3, 1, 4), ("{\"a\":1,}", 7, 1, 8), ("[1 2]", 3, 1, 4),
        ("{\"a\" 1}", 5, 1, 6), ("{a:1}", 1, 1, 2), ("nul", 0, 1, 1), ("01", 0, 1, 1), ("+1", 0, 1, 1), ("1.", 0, 1, 1),
        (".5", 0, 1, 1), ("1e", 0, 1, 1), ("-", 0, 1, 1), ("NaN", 0, 1, 1), ("1 2", 2, 1, 3), ("\"a", 0, 1, 1),
        ("\"a\nb\"", 2, 1, 3), (#""\x""#, 2, 1, 3), (#""\u12g4""#, 3, 1, 4), (#""\u12"#, 3, 1, 4),
        ("[1\n,\n  é\"x\"]", 7, 3, 3),
        ("[]]", 2, 1, 3), ("[}", 1, 1, 2), ("{\"a\":1]", 6, 1, 7), ("\"\\", 2, 1, 3), ("[tru]", 1, 1, 2),
        ("1\0", 1, 1, 2),
    ]) func refusesWithThePlace(_ text: String, _ offset: Int, _ line: Int, _ column: Int) throws {
        let error = try #require(throws: JSONSyntaxError.self) { try JSONParser.parse(text) }
        #expect(error.offset == offset)
        #expect(error.line == line)
        #expect(error.column == column)
    }

    @Test func nestingIsLimited() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try JSONParser.parse(nested(512))
        let error = #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(nested(513)) }
        #expect(error?.offset == 512)
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(String(repeating: "{\"a\":", count: 1_000_000)) }
    }

    @Test(arguments: [
        #"{"a":[1,2.50,{"b":null}],"c":"x\"\\\n\t\u0001\u007fé😀","d":{},"e":[],"f":true}"#, "\"\"", "-1.5e+300",
        "[[],{}]",
    ]) func writesWhatItReads(_ text: String) throws {
        let value = try JSONParser.parse(text)
        #expect(JSONWriter.string(value) == text)
        #expect(try JSONParser.parse(JSONWriter.pretty(value)) == value)
        #expect(JSONWriter.bytes(value) == Array(text.utf8))
    }

    @Test func writesForPeople() throws {
        let value = try JSONParser.parse(#"{"a":[1,{}],"b":{"c":[]}}"#)
        #expect(
            JSONWriter.pretty(value) == """
                {
                  "a": [
                    1,
                    {}
                  ],
                  "b": {
                    "c": []
                  }
                }
                """)
    }

    @Test func numbersThatAreNoneBecomeNull() {
        for spelling in ["", "NaN", "1,\"x\":2", "0x1", "1 "] {
            #expect(JSONWriter.string(.number(spelling)) == "null")
        }
        #expect(
            JSONWriter.string(.array([.double(.nan), .double(0.5), .double(3), .double(1e300)]))
                == "[null,0.5,3,1e+300]")
    }

    @Test func integersAreChecked() {
        #expect(JSONValue.number("5.0").intValue == 5)
        #expect(JSONValue.number("1e3").intValue == 1000)
        for text in ["5.5", "1e400", "9223372036854775808", "-1e30"] { #expect(JSONValue.number(text).intValue == nil) }
    }
}
