import Foundation
import Tokenization

/// The lines of a file of `Fixtures`, made with tiktoken 0.14.0.
func fixtures<Case: Decodable>(_ name: String, as type: Case.Type) throws -> [Case] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    return try text.split(separator: "\n").map { try JSONDecoder().decode(Case.self, from: Data($0.utf8)) }
}

/// A text and its tokens, or their number.
struct TextCase: Decodable {
    let encoding: String
    let text: String
    let tokens: [Int]?
    let count: Int?
}

/// The number of tokens after each delta.
struct StreamCase: Decodable {
    let encoding: String
    let deltas: [String]
    let counts: [Int]
}

/// `unit`, so many times, between two other texts.
struct RepeatCase: Decodable {
    let encoding: String
    let prefix: String
    let unit: String
    let times: Int
    let suffix: String
    let count: Int

    var text: String { prefix + String(repeating: unit, count: times) + suffix }
}

/// A counter of each encoding.
struct Counters {
    private let counters = Dictionary(uniqueKeysWithValues: TokenEncoding.allCases.map { ($0, TokenCounter($0)) })

    subscript(_ encoding: TokenEncoding) -> TokenCounter { counters[encoding] ?? TokenCounter(encoding) }
    subscript(_ name: String) -> TokenCounter { self[TokenEncoding(name: name) ?? .cl100kBase] }
}

/// A small generator with a seed, so that a failure can be repeated.
struct Chance: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
