import ProviderCore
import TestSupport

/// JSON made by chance.
struct RandomJSON {
    let chance: SeededRandom

    init(_ seed: UInt64) { chance = SeededRandom(seed) }

    private static let scalars: [JSONValue] = [
        .null, .bool(true), .bool(false), .number("0"), .number("-0"), .number("12"), .number("1e5"),
        .number("-1.50E-3"),
        .string(""), .string("a"), .string("Zürich 🎈"), .string("\"\\/\n\u{1}\u{7F}"), .string("e\u{301}\u{200D}"),
        .string(String(repeating: "long ", count: 9)),
    ]
    private static let mayBeOfAnEscape = "\"\\0123456789abcdefABCDEF".unicodeScalars
    private static let names = ["city", "days", "", "a b", "~/", "größe", "x\"y", "city"]

    func value(depth: Int = 0) -> JSONValue {
        let choice = chance.next(below: depth > 5 ? 4 : 10)
        switch choice {
        case 0..<5: return Self.scalars[chance.next(below: Self.scalars.count)]
        case 5..<7: return .array((0..<chance.next(below: 4)).map { _ in value(depth: depth + 1) })
        default:
            let count = chance.next(below: 5)
            return .object(
                (0..<count).map { _ in
                    JSONMember(Self.names[chance.next(below: Self.names.count)], value(depth: depth + 1))
                })
        }
    }

    /// The text of a value with white space at random, and some letters spelt as escapes.
    func text(_ value: JSONValue) -> String {
        var text = ""
        var isInString = false
        var isEscape = false
        for scalar in JSONWriter.string(value).unicodeScalars {
            if !isInString, "{}[]:,\"".unicodeScalars.contains(scalar) { text += space }
            if isInString, !isEscape, !Self.mayBeOfAnEscape.contains(scalar), chance.next(below: 8) == 0 {
                text += Self.escaped(scalar)
            } else {
                text.unicodeScalars.append(scalar)
            }
            let isQuote = scalar == "\"" && !isEscape
            isEscape = isInString && !isEscape && scalar == "\\"
            if isQuote { isInString.toggle() }
            if !isInString, "{}[]:,\"".unicodeScalars.contains(scalar) { text += space }
        }
        return text
    }

    private var space: String { chance.next(below: 4) == 0 ? [" ", "\n", "\t", "\r\n  "][chance.next(below: 4)] : "" }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        Character(scalar).utf16.map { unit in
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }

    /// The text in pieces.
    func pieces(_ text: String, upTo longest: Int = 9) -> [String] {
        var rest = Array(text.unicodeScalars)[...]
        var pieces: [String] = []
        while !rest.isEmpty {
            var piece = String.UnicodeScalarView()
            piece.append(contentsOf: rest.prefix(chance.next(below: longest + 1)))
            pieces.append(String(piece))
            rest = rest.dropFirst(pieces[pieces.count - 1].unicodeScalars.count)
        }
        return pieces
    }

    /// A text with something wrong: a scalar dropped, doubled, put in or the end cut off.
    func damaged(_ text: String) -> String {
        var scalars = Array(text.unicodeScalars)
        guard !scalars.isEmpty else { return "}" }
        let place = chance.next(below: scalars.count)
        let foreign: [Unicode.Scalar] = ["{", "}", "[", "]", ":", ",", "\"", "\\", "0", "x", "\n", "-", ".", "e", "u"]
        switch chance.next(below: 4) {
        case 0: scalars.remove(at: place)
        case 1: scalars.insert(scalars[place], at: place)
        case 2: scalars.insert(foreign[chance.next(below: foreign.count)], at: place)
        default: scalars.removeSubrange(place...)
        }
        var damaged = String.UnicodeScalarView()
        damaged.append(contentsOf: scalars)
        return String(damaged)
    }
}
