import ProviderCore
import Testing

@testable import FunctionTools

@Suite struct NumberTests {
    @Test(arguments: [
        ("1", "1.0"), ("1", "1e0"), ("100", "1e2"), ("0", "-0.0"), ("0", "0e99"), ("0.5", "5E-1"), ("-120", "-1.2e+2"),
        ("12345678901234567890123", "1.2345678901234567890123e22"), ("999999999999999999", "999999999999999999.0"),
        ("1000000000000000000", "1e18"),
    ])
    func areEqual(_ left: String, _ right: String) {
        #expect(ExactNumber(left) == ExactNumber(right))
        #expect(ExactNumber(left).hashValue == ExactNumber(right).hashValue)
        #expect(!(ExactNumber(left) < ExactNumber(right)) && !(ExactNumber(right) < ExactNumber(left)))
    }

    @Test(arguments: [
        ("1", "2"), ("-2", "-1"), ("-1", "1"), ("0", "1e-400"), ("-1e-400", "0"), ("0.1", "0.11"), ("9", "10"),
        ("9007199254740992", "9007199254740993"), ("12345678901234567890", "12345678901234567891"),
        ("1e999999999", "1e1000000000"), ("-1e1000000000", "-5"), ("999999999999999999", "1e18"),
        ("0.30000000000000004", "0.30000000000000005"),
    ])
    func areInOrder(_ less: String, _ greater: String) {
        #expect(ExactNumber(less) < ExactNumber(greater))
        #expect(!(ExactNumber(greater) < ExactNumber(less)))
        #expect(ExactNumber(less) != ExactNumber(greater))
    }

    @Test(arguments: [
        ("0.07", "0.01", true), ("4.35", "0.01", true), ("4.355", "0.01", false), ("1.1", "0.1", true),
        ("0", "0.01", true),
        ("-6", "3", true), ("7", "3", false), ("1e308", "0.123456789", false), ("12391239123", "1e-8", true),
        ("1e1000000000", "3", false), ("3e1000000000", "3", true), ("1e1000000000", "1e-1000000000", true),
        ("1e-1000000000", "1", false), ("0.0075", "0.0001", true), ("0.00751", "0.0001", false), ("100", "2e1", true),
        ("30", "2e1", false), ("123456789012345678901234567890", "10", true),
        ("123456789012345678901234567891", "7", false),
        ("9007199254740993", "2", false), ("1e80", "1208925819614629174706176", true),
        ("1e79", "1208925819614629174706176", false),
        ("9999999999999999999999999999999999999", "3333333333333333333333333333333333333", true),
    ])
    func areMultiples(_ value: String, _ divisor: String, _ isMultiple: Bool) {
        #expect(ExactNumber(value).isMultiple(of: ExactNumber(divisor)) == isMultiple)
    }

    @Test(arguments: [
        ("1", true), ("1.0", true), ("1.5", false), ("1e2", true), ("1e-2", false), ("100e-2", true), ("1.50e1", true),
        ("1e1000000000", true), ("1e-99999999999999999999999999", false), ("123456789012345678901234567890.5", false),
    ])
    func areWhole(_ text: String, _ isInteger: Bool) { #expect(ExactNumber(text).isInteger == isInteger) }

    @Test(arguments: [
        ("5", "5"), ("1e3", "1000"), ("0.010", "0.01"), ("-12.50", "-12.5"), ("1e30", "1e30"), ("123e-40", "123e-40"),
        ("12345678901234567890", "12345678901234567890"),
    ])
    func areWritten(_ text: String, _ words: String) { #expect(Words.number(ExactNumber(text)) == words) }

    @Test func lengthsCountCodePoints() throws {
        for (text, count) in [("", 0), ("é", 1), ("e\u{301}", 2), ("😀", 1), ("👩‍👩‍👧", 5), ("🇩🇪", 2), ("a\r\n", 3)] {
            let schema = try JSONSchema(
                .object([JSONMember("minLength", .int(count)), JSONMember("maxLength", .int(count))]))
            #expect(schema.isValid(.string(text)), "\(text)")
        }
    }

    @Test func textComparesByCodePoints() throws {
        let schema = try JSONSchema(
            JSONParser.parse(
                #"{"properties": {"é": {"type": "integer"}}, "additionalProperties": false, "maxProperties": 2}"#))
        #expect(schema.isValid(.object([JSONMember("é", .int(1))])))
        #expect(!schema.isValid(.object([JSONMember("e\u{301}", .int(1))])))
        let constant = try JSONSchema(JSONParser.parse(#"{"const": "é"}"#))
        #expect(constant.isValid(.string("é")) && !constant.isValid(.string("e\u{301}")))
    }
}
