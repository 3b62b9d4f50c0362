import ProviderCore
import TestSupport
import Testing

@testable import ProviderOpenAI

/// The caps of tool calls as they are, over both APIs, streamed and whole: what passes, what is cut, and what is kept of it.
@Suite struct ToolCallLimitTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var api = ModelAPI.chat
        var body: String
        var type = "text/event-stream"
        /// Part of the message; nil = nothing is cut.
        var cut: String?
        /// How many calls must be there, and how long the longest arguments are at most and at least.
        var calls: Int
        var bytes = 0...1 << 20

        var testDescription: String { "\(api.rawValue): \(name)" }
    }

    private static let mebibyte = String(repeating: "x", count: 1 << 20)
    private static let kibibyte = String(repeating: "y", count: 1 << 10)

    // MARK: Chat Completions

    private static func chunk(_ calls: String, finish: String = "null") -> String {
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[\(calls)]},\"finish_reason\":\(finish)}]}\n\n"
    }

    private static func call(_ index: Int, _ arguments: String) -> String {
        #"{"index":\#(index),"id":"c\#(index)","function":{"name":"f","arguments":\#(arguments)}}"#
    }

    private static func stream(_ calls: [String]) -> String {
        calls.map { chunk($0) }.joined() + chunk("", finish: "\"tool_calls\"") + "data: [DONE]\n\n"
    }

    private static func whole(_ calls: [String]) -> String {
        """
        {"choices":[{"message":{"content":null,"tool_calls":[\(calls.joined(separator: ","))]},"finish_reason":"tool_calls"}]}
        """
    }

    private static let pieces = (0..<1_024).map { _ in #"{"index":0,"function":{"arguments":"\#(kibibyte)"}}"# }

    static let chat: [Case] = [
        Case(name: "1 MiB", body: stream([call(0, "\"\(mebibyte)\"")]), calls: 1, bytes: 1 << 20...1 << 20),
        Case(
            name: "1 MiB in pieces", body: stream([call(0, "\"\"")] + pieces), calls: 1, bytes: 1 << 20...1 << 20),
        Case(
            name: "a byte more", body: stream([call(0, "\"z\"")] + pieces), cut: "arguments of more than 1048576 bytes",
            calls: 1, bytes: (1 << 20) - 1_024...1 << 20),
        Case(
            name: "a byte more at once, whole", body: whole([call(0, "\"\(mebibyte)z\"")]), type: "application/json",
            cut: "arguments of more than 1048576 bytes", calls: 0),
        Case(
            name: "an object of more than a mebibyte", body: stream([call(0, "{\"a\":\"\(mebibyte)\"}")]),
            cut: "arguments of more than 1048576 bytes", calls: 0),
        Case(name: "128 calls", body: stream((0..<128).map { call($0, "\"{}\"") }), calls: 128),
        Case(
            name: "129 calls", body: stream((0..<129).map { call($0, "\"{}\"") }),
            cut: "tool call index 128 (cap: 127)",
            calls: 128),
        Case(
            name: "129 calls without an index",
            body: stream((0..<129).map { #"{"id":"c\#($0)","function":{"name":"f","arguments":"{}"}}"# }),
            cut: "more than 128 tool calls", calls: 128),
        Case(
            name: "129 calls, whole", body: whole((0..<129).map { call($0, "\"{}\"") }), type: "application/json",
            cut: "tool call index 128", calls: 128),
        Case(name: "indexes 127, 5 and 64", body: stream([127, 5, 64].map { call($0, "\"{}\"") }), calls: 3),
        Case(
            name: "index 2147483647", body: stream([call(0, "\"{}\""), call(2_147_483_647, "\"{}\"")]),
            cut: "tool call index 2147483647", calls: 1),
        Case(
            name: "one index, 129 calls",
            body: stream((0..<129).map { #"{"index":0,"id":"c\#($0)","function":{"name":"f","arguments":"{}"}}"# }),
            cut: "more than 128 tool calls", calls: 128),
    ]

    // MARK: Responses

    private static func event(_ type: String, _ members: String) -> String {
        "event: \(type)\ndata: {\"type\":\"\(type)\",\(members)}\n\n"
    }

    private static func item(_ index: Int, _ arguments: String) -> String {
        #"{"id":"fc_\#(index)","type":"function_call","call_id":"c\#(index)","name":"f","arguments":\#(arguments)}"#
    }

    private static func added(_ index: Int) -> String {
        event("response.output_item.added", "\"output_index\":\(index),\"item\":\(item(index, "\"\""))")
    }

    private static func done(_ index: Int, _ arguments: String) -> String {
        event("response.output_item.done", "\"output_index\":\(index),\"item\":\(item(index, arguments))")
    }

    private static func delta(_ index: Int, _ text: String) -> String {
        event(
            "response.function_call_arguments.delta",
            #""item_id":"fc_\#(index)","output_index":\#(index),"delta":"\#(text)""#)
    }

    private static let completed = event("response.completed", #""response":{"id":"r","status":"completed"}"#)
    private static let deltas = String(repeating: delta(0, kibibyte), count: 1_024)

    private static func output(_ items: [String]) -> String {
        #"{"id":"r","status":"completed","output":[\#(items.joined(separator: ","))]}"#
    }

    static let responses: [Case] = [
        Case(
            name: "1 MiB in pieces", api: .responses, body: added(0) + deltas + completed, calls: 1,
            bytes: 1 << 20...1 << 20),
        Case(
            name: "a byte more", api: .responses, body: added(0) + deltas + delta(0, "z") + completed,
            cut: "arguments of more than 1048576 bytes", calls: 1, bytes: 1 << 20...1 << 20),
        Case(
            name: "a byte more when it is done", api: .responses,
            body: added(0) + done(0, "\"\(mebibyte)z\"") + completed, cut: "arguments of more than 1048576 bytes",
            calls: 1, bytes: 0...0),
        Case(
            name: "an object of more than a mebibyte, whole", api: .responses,
            body: output([item(0, "{\"a\":\"\(mebibyte)\"}")]), type: "application/json",
            cut: "arguments of more than 1048576 bytes", calls: 1, bytes: 0...0),
        Case(
            name: "128 calls", api: .responses, body: (0..<128).map { done($0, "\"{}\"") }.joined() + completed,
            calls: 128),
        Case(
            name: "129 calls", api: .responses, body: (0..<129).map { done($0, "\"{}\"") }.joined() + completed,
            cut: "more than 128 tool calls", calls: 128),
        Case(
            name: "129 calls, whole", api: .responses, body: output((0..<129).map { item($0, "\"{}\"") }),
            type: "application/json", cut: "more than 128 tool calls", calls: 128),
        Case(
            name: "pieces of 129 calls that nothing announced", api: .responses,
            body: (0..<129).map { delta($0, "{}") }.joined() + completed, cut: "more than 128 tool calls", calls: 128),
        // Positions count other items too: they have no cap of their own.
        Case(
            name: "positions 99999 and 2147483647", api: .responses,
            body: added(99_999) + added(2_147_483_647) + delta(99_999, "{}") + completed, calls: 2),
    ]

    @Test(arguments: chat + responses) func areKept(_ item: Case) async throws {
        let transport = ScriptedTransport([.text(item.body, type: item.type)])
        let provider = try OpenAIProvider(
            endpoint: ProviderEndpoint(baseURL: "http://127.0.0.1:9/v1"), transport: transport)
        let request = ChatRequest(model: "m", messages: [ChatMessage(.user, "x")], api: item.api)
        var answer = ChatResponse()
        var failure: ProviderError?
        do {
            for try await event in try await provider.stream(request) { answer.apply(event) }
        } catch let error as ProviderError {
            failure = error
        }
        #expect(failure?.kind == (item.cut == nil ? nil : .invalidResponse))
        if let cut = item.cut { #expect(failure?.message.contains(cut) == true, "\(failure?.message ?? "")") }
        #expect(answer.toolCalls.count == item.calls)
        #expect((answer.finishReason == nil) == (item.cut != nil))
        // A call that was cut never goes back, and so is never run.
        if item.cut != nil { #expect(answer.message.toolCalls.isEmpty) }
        #expect(item.bytes.contains(answer.toolCalls.map(\.arguments.utf8.count).max() ?? 0))
    }
}
