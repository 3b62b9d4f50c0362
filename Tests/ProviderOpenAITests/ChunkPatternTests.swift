import ProviderCore
import Testing

@testable import ProviderOpenAI

/// Knowing a chunk by the one before must never find anything else than reading it does.
struct ChunkPatternTests {
    private static let opening = #"{"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":["#

    private static func chunk(_ delta: String, index: Int = 0, rest: String = #","finish_reason":null}]}"#) -> String {
        #"\#(opening){"index":\#(index),"delta":{\#(delta)}\#(rest)"#
    }

    static let chunks = [
        chunk(#""content":"word ""#), chunk(#""content":"another, longer""#), chunk(#""content":"""#),
        chunk(#""content":"a\"b\\c\n""#), chunk(#""content":"\ud83d\ude00""#), chunk(#""content":"\ud83d""#),
        chunk(#""content":"bad \x""#), chunk(#""content":"open"#), chunk(#""content":null"#),
        chunk(#""content":"word "#) + "\n\"", chunk(#""content": "blank before""#),
        chunk(#""content":"other choice""#, index: 1), chunk(#""content":"huge index""#, index: 70_000),
        chunk(#""reasoning_content":"thought""#), chunk(#""reasoning_content":"""#),
        chunk(#""reasoning_content":"thought","reasoning":"thought""#),
        chunk(#""reasoning_content":"","reasoning_details":[]"#),
        chunk(#""reasoning_content":"x","reasoning_details":[]"#), chunk(#""content":"a","reasoning":"b""#),
        chunk(#""content":"end""#, rest: #","finish_reason":"stop"}]}"#),
        chunk(#""content":"more""#, rest: #","finish_reason":null}]} {"#), chunk(#""content":"cut""#, rest: "}"),
        chunk(#""content":"padded""#, rest: #","finish_reason":null}],"obfuscation":"x"}"#), "{}", "",
    ]

    private func finding(_ chunk: String, _ known: inout KnownMetadata) -> [String?]? {
        Array(chunk.utf8).withUnsafeBytes { bytes in
            var scanner = ChunkScanner(bytes)
            guard let found = scanner.chunk(&known) else { return nil }
            return ["\(found.choice)", scanner.text(found.content), scanner.text(found.reasoning)]
        }
    }

    private var known: KnownMetadata { KnownMetadata(ResponseMetadata(id: "c1", model: "m")) }

    /// Every chunk after every other, the first one twice so that it has been learnt.
    @Test func everyPair() {
        for first in Self.chunks {
            for second in Self.chunks {
                var pattern = known
                _ = finding(first, &pattern)
                _ = finding(first, &pattern)
                let found = finding(second, &pattern)
                var fresh = known
                let read = finding(second, &fresh)
                #expect(found == read, "\(first) then \(second)")
            }
        }
    }

    @Test func chunksThatNeverRepeat() {
        var pattern = known
        for number in 0..<100 {
            let found = finding(
                Self.chunk(#""content":"w""#, rest: #","finish_reason":null}],"obfuscation":"\#(number)"}"#), &pattern)
            #expect(found == ["0", "w", ""])
        }
    }

    /// What is no usual chunk is not learnt, however much of it comes.
    @Test func chunksThatAreNeverUsual() {
        var pattern = known
        for _ in 0..<2 { _ = finding(Self.chunk(#""content":"w""#), &pattern) }
        for _ in 0..<1_000 {
            let found = finding(Self.chunk(#""tool_calls":[]"#), &pattern)
            #expect(found == nil)
        }
        let found = finding(Self.chunk(#""content":"w""#), &pattern)
        #expect(found == ["0", "w", ""])
    }

    @Test func otherMetadataIsRead() {
        var pattern = known
        let usual = Self.chunk(#""content":"w""#)
        _ = finding(usual, &pattern)
        let other = finding(usual.replacing(#""m""#, with: #""n""#), &pattern)
        #expect(other == nil)
    }
}
