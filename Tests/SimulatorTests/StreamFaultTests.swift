import ProviderCore
import ProviderHTTP
import ProviderOpenAI
import TestSupport
import Testing

@testable import Simulator

/// What can go wrong with a stream, played over a real socket with seeds for where and how the bytes are cut, and what a client
/// has to make of it within its deadline.
struct StreamFault: Sendable, CustomTestStringConvertible {
    let name: String
    /// The lines of the scenario; `%N` is a number of pieces that the seed chooses, `%B` one of bytes.
    let script: String
    /// Why the call fails; nil = it does not.
    let kind: ProviderError.Kind?
    /// How far the failed request got.
    var fate: RequestFate?
    /// Whether text must have come.
    var hasText = true
    /// Whether it is the same over both APIs.
    var apis: [ModelAPI] = [.chat, .responses]
    /// Whether so much comes that only a cap ends it: sent as fast as it goes.
    var isFlood = false
    /// The time limit that has to end it. The others are long then: tests run beside others on few cores.
    var limit: Limit?

    enum Limit {
        case firstByte, stall, event
    }

    var testDescription: String { name }

    static let reply = "reply 'Tape, wire and a reader: one word after the other, é, 漢字 and 📈.'"

    static let all: [StreamFault] = [
        StreamFault(name: "nothing wrong", script: reply, kind: nil),
        StreamFault(
            name: "closed before the headers", script: "cut", kind: .connection, fate: .unknown, hasText: false),
        StreamFault(
            name: "reset before the headers", script: "reset", kind: .connection, fate: .unknown, hasText: false),
        StreamFault(
            name: "closed after the headers", script: "headers\ncut", kind: .connection, fate: .interrupted,
            hasText: false),
        StreamFault(
            name: "closed in the middle", script: "after %N pieces cut\n\(reply)", kind: .connection,
            fate: .interrupted),
        StreamFault(
            name: "reset in the middle", script: "wait 1ms\nafter %N pieces reset\n\(reply)", kind: .connection,
            fate: .interrupted, hasText: false),
        StreamFault(
            name: "closed within an event", script: "after %B bytes cut\n\(reply)", kind: .connection,
            fate: .interrupted, hasText: false),
        StreamFault(name: "no [DONE]", script: "\(reply)\nfinish stop\ndone none", kind: nil),
        StreamFault(
            name: "no finish reason", script: "\(reply)\nfinish none", kind: .connection, fate: .interrupted),
        StreamFault(
            name: "neither finish reason nor [DONE]", script: "\(reply)\nfinish none\ndone none", kind: .connection,
            fate: .interrupted),
        StreamFault(
            name: "silence instead of headers", script: "wait forever", kind: .timeout, fate: .unknown,
            hasText: false, limit: .firstByte),
        StreamFault(
            name: "silence after the headers", script: "headers\nwait forever", kind: .timeout, fate: .interrupted,
            hasText: false, limit: .stall),
        StreamFault(
            name: "silence in the middle", script: "after %N pieces wait 3600s\n\(reply)", kind: .timeout,
            fate: .interrupted, limit: .stall),
        StreamFault(
            name: "comments only", script: "headers\nrepeat forever\ncomment 'alive'\nwait 20ms\nend", kind: .timeout,
            fate: .interrupted, hasText: false, limit: .event),
        StreamFault(
            name: "comments only from the middle on",
            script: "\(reply)\nrepeat forever\ncomment 'alive'\nwait 20ms\nend", kind: .timeout, fate: .interrupted,
            limit: .event),
        StreamFault(
            name: "one byte at a time", script: "split every 1 bytes\n\(reply)", kind: nil),
        StreamFault(
            name: "an event that never ends", script: "\(reply)\nrepeat forever\nraw 'data: '\nwait 20ms\nend",
            kind: .timeout, fate: .interrupted, limit: .event),
        StreamFault(
            name: "a page in place of a stream", script: "header Content-Type: text/html\nbody '<html>no</html>'",
            kind: .invalidResponse, hasText: false),
        StreamFault(name: "an empty body", script: "body ''", kind: .invalidResponse, hasText: false),
        StreamFault(
            name: "an error with status 200",
            script: #"body '{"error":{"message":"busy","type":"server_error","code":"server_is_overloaded"}}'"#,
            kind: .overloaded, fate: .refused, hasText: false),
        StreamFault(
            name: "an error in the middle",
            script: "\(reply)\nerror 'gone' type server_error code server_error", kind: .server, fate: .interrupted),
        StreamFault(
            name: "an error before content", script: "headers\nerror 'gone' type server_error code server_error",
            kind: .server, fate: .refused, hasText: false),
        StreamFault(
            name: "broken JSON in the middle", script: "\(reply)\ndata '{\"choices\":[{'", kind: .invalidResponse,
            fate: .interrupted),
        StreamFault(
            name: "bytes that are no UTF-8",
            script: #"raw "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\xff\xfeb\"}}]}\n\n""# + "\n"
                + reply,
            kind: nil, apis: [.chat]),
        StreamFault(
            name: "carriage returns, comments, unknown fields",
            script: #"raw "\u{FEFF}: hello\r\rid: 7\rretry: 10\rx: y\r\r""# + "\n" + reply, kind: nil),
        StreamFault(
            name: "more after the end", script: "\(reply)\nfinish stop\ndone\nraw 'data: {broken\\n\\n'", kind: nil,
            apis: [.chat]),
        StreamFault(
            name: "an endless answer",
            script: "pieces whole\nrepeat forever\nreply '\(String(repeating: "tape ", count: 4000))'\nend",
            kind: .invalidResponse, fate: .interrupted, isFlood: true),
        StreamFault(
            name: "an endless line",
            script: "headers\nrepeat forever\nraw '\(String(repeating: "x", count: 60_000))'\nend",
            kind: .invalidResponse, fate: .interrupted, hasText: false, isFlood: true),
        StreamFault(
            name: "a redirect", script: "status 307\nheader Location: http://127.0.0.1:1/v1", kind: .invalidResponse,
            hasText: false),
        StreamFault(
            name: "usage that is none", script: #"usage '{"prompt_tokens":-5,"completion_tokens":1.5}'"# + "\n" + reply,
            kind: nil),
        StreamFault(
            name: "too many requests",
            script: "status 429\nheader Retry-After: 999999999\nerror 'slow' code rate_limit_exceeded",
            kind: .rateLimited, fate: .refused, hasText: false),
        StreamFault(
            name: "no service", script: "status 503\nbody 'down for maintenance'", kind: .overloaded, fate: .refused,
            hasText: false),
    ]
}

@Suite struct StreamFaultTests {
    private static func limits(_ limit: StreamFault.Limit?) -> HTTPTimeouts {
        let long = Duration.seconds(60)
        return HTTPTimeouts(
            connect: long, firstByte: limit == .firstByte ? .milliseconds(250) : long,
            stall: limit == .stall ? .milliseconds(300) : long, event: limit == .event ? .milliseconds(400) : long,
            total: long)
    }

    @Test func thereAreTwentyFourKinds() { #expect(StreamFault.all.count >= 24) }

    @Test(.timeLimit(.minutes(2)), arguments: StreamFault.all) func hasItsOutcome(_ fault: StreamFault) async throws {
        for api in fault.apis {
            for seed in 0..<4 {
                try await play(fault, api, seed: seed)
            }
        }
    }

    private func play(_ fault: StreamFault, _ api: ModelAPI, seed: Int) async throws {
        let random = SeededRandom(UInt64(seed))
        let script = fault.script
            .replacing("%N", with: "\(2 + random.next(below: 8))")
            .replacing("%B", with: "\(20 + random.next(below: 900))")
        // The first seed leaves the bytes as they are; the others cut them in places of their own.
        let cut =
            seed == 0 || fault.isFlood || script.contains("split")
            ? "" : "split every \(1 + random.next(below: 300)) bytes\n"
        try await withServer("scenario s\n\(cut)\(script)") { server in
            var response = ChatResponse()
            var failure: ProviderError?
            do {
                let provider = try OpenAIProvider(
                    endpoint: ProviderEndpoint(baseURL: server.baseURL, timeouts: Self.limits(fault.limit)),
                    transport: CurlTransport())
                let request = ChatRequest(model: "m", messages: [ChatMessage(.user, "hi")], api: api)
                for try await event in try await provider.stream(request) { response.apply(event) }
            } catch let error as ProviderError {
                failure = error
            }
            let label: Comment = "\(api.rawValue), seed \(seed): \(failure?.message ?? "no error")"
            #expect(failure?.kind == fault.kind, label)
            if let fate = fault.fate { #expect(failure?.fate == fate, label) }
            if fault.hasText { #expect(!response.text.isEmpty, label) }
            // A failed answer is never complete, a good one always.
            #expect((response.finishReason != nil && failure == nil) == (fault.kind == nil), label)
            // The limit in question ended it, and none of the long ones.
            if fault.limit != nil { #expect(failure?.message.contains("0 ms") == true, label) }
        }
    }
}
