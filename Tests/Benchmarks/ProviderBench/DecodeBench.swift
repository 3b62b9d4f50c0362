import ProviderCore
import ProviderOpenAI
import Synchronization

/// Events decoded per second from memory, through everything that lies between the transport and the consumer.
enum DecodeBench {
    private static let rounds = 5

    static func run() async throws {
        let text = Wire.event(delta: #"{"content":" thirteen set"}"#)
        report("usual_bytes", Double(text.utf8.count))
        try await measure("usual", text, perRead: 200, reads: 1000)
        try await measure("single", text, perRead: 1, reads: 200_000)
        try await measure("tool", Wire.event(delta: Wire.toolCall), perRead: 200, reads: 300, first: Wire.firstToolCall)
        let long = Wire.event(delta: #"{"content":"\#(Wire.longText)"}"#)
        report("long_bytes", Double(long.utf8.count))
        try await measure("long", long, perRead: 20, reads: 80, streams: 20)
    }

    /// The best of some rounds. One answer may not be longer than its limits allow, so short ones come several at a time.
    private static func measure(
        _ name: String, _ event: String, perRead: Int, reads: Int, first: String = "", streams: Int = 1
    ) async throws {
        let opening = Wire.event(delta: #"{"role":"assistant","content":""}"#) + first
        let transport = MemoryTransport(first: opening, event: event, perRead: perRead, reads: reads)
        let provider = try OpenAIProvider(
            endpoint: ProviderEndpoint(baseURL: "http://127.0.0.1/v1"), transport: transport)
        let count = perRead * reads * streams
        var best = Double.infinity
        for _ in 0..<rounds {
            let before = processCPU()
            var seen = 0
            for _ in 0..<streams {
                var batches = try await provider.stream(benchRequest).batches()
                while let batch = try await batches.nextBatch() { seen += batch.count }
            }
            guard seen >= count else { throw BenchFailure("\(seen) of \(count) events") }
            best = min(best, (processCPU() - before) / Double(count))
        }
        report("\(name)_ns", best * 1e9)
    }
}

/// What a benchmark could not do.
struct BenchFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Events as a server sends them.
private enum Wire {
    static let toolCall = #"{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\": "}}]}"#
    static let firstToolCall = event(
        delta: #"{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"f","arguments":""}}]}"#)
    static let longText = String(repeating: #"A sentence of some length, with \"quotes\" and \n an end. "#, count: 34)

    static func event(delta: String, finish: String = "null") -> String {
        #"data: {"id":"chatcmpl-B8m1q5vXkq0y7Yh2Zr3Jd4Wc9TzLp","object":"chat.completion.chunk","created":1764000000,"#
            + #""model":"sim-large-2026-08-07","service_tier":"default","system_fingerprint":"fp_5a3c0f9d21","choices":"#
            + #"[{"index":0,"delta":\#(delta),"logprobs":null,"finish_reason":\#(finish)}]}"# + "\n\n"
    }

    static let end = event(delta: "{}", finish: #""stop""#) + "data: [DONE]\n\n"
}

/// Answers every request from memory.
private struct MemoryTransport: HTTPTransport {
    let first: String
    let event: String
    let perRead: Int
    let reads: Int

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let block = Array(String(repeating: event, count: perRead).utf8)
        let body = MemoryBody(
            first: Array(first.utf8), block: block, blocks: reads, last: Array(Wire.end.utf8))
        return HTTPResponse(
            status: 200, headers: [HTTPHeader("content-type", "text/event-stream")], body: body)
    }
}

private final class MemoryBody: HTTPBody {
    private let first: [UInt8]
    private let block: [UInt8]
    private let blocks: Int
    private let last: [UInt8]
    private let reads = Atomic(-1)

    init(first: [UInt8], block: [UInt8], blocks: Int, last: [UInt8]) {
        self.first = first
        self.block = block
        self.blocks = blocks
        self.last = last
    }

    func read() async throws -> [UInt8]? {
        let number = reads.wrappingAdd(1, ordering: .relaxed).oldValue
        if number < 0 { return first }
        if number < blocks { return block }
        return number == blocks ? last : nil
    }
}
