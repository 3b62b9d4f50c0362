import ProviderCore
import TestSupport
import Testing

@testable import ProviderOpenAI

/// Items of an answer, the calls as the conversation goes on with them, and the items that have to go back.
struct KeptCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let items: [String]
    let calls: [ToolCall]
    let sent: [String]

    init(_ name: String, _ items: [String], _ calls: [ToolCall], sent: [String]? = nil) {
        testDescription = name
        self.items = items
        self.calls = calls
        self.sent = sent ?? items
    }
}

private func reasoning(_ number: Int) -> String {
    #"{"id":"rs_\#(number)","type":"reasoning","summary":[],"encrypted_content":"gAAA\#(number)"}"#
}

/// An item of a call, with the members in an order that ours have not.
private func item(_ number: Int, _ callID: String, _ name: String, _ arguments: String) -> String {
    #"{"id":"fc_\#(number)","type":"function_call","status":"completed","arguments":"\#(arguments)","#
        + #""call_id":"\#(callID)","name":"\#(name)"}"#
}

private func customItem(_ number: Int, _ callID: String, _ name: String, _ input: String) -> String {
    #"{"id":"ctc_\#(number)","type":"custom_tool_call","call_id":"\#(callID)","name":"\#(name)","input":"\#(input)"}"#
}

/// A call as it goes out when no item came with it.
private func plain(_ callID: String, _ name: String, _ arguments: String) -> String {
    #"{"type":"function_call","call_id":"\#(callID)","name":"\#(name)","arguments":"\#(arguments)"}"#
}

private func call(_ id: String, _ name: String, _ arguments: String, rank: Int? = nil) -> ToolCall {
    ToolCall(id: id, name: name, arguments: arguments, rank: rank)
}

private func custom(_ id: String, _ name: String, _ input: String) -> ToolCall {
    ToolCall(id: id, name: name, arguments: input, extraFields: [JSONMember("type", .string("custom"))])
}

private let message =
    #"{"id":"msg_1","type":"message","role":"assistant","status":"completed","#
    + #""content":[{"type":"output_text","text":"I look.","annotations":[]}]}"#

private let cases = [
    KeptCase("unedited", [reasoning(1), message, item(1, "a", "f", "[1]")], [call("a", "f", "[1]")]),
    KeptCase("unedited and blank", [reasoning(1), item(1, "a", "f", " ")], [call("a", "f", " ")]),
    KeptCase(
        "edited", [reasoning(1), message, item(1, "a", "f", "[1]")], [call("a", "f", "[2]")],
        sent: [reasoning(1), message, item(1, "a", "f", "[2]")]),
    KeptCase(
        "edited to nothing", [reasoning(1), item(1, "a", "f", "[1]")], [call("a", "f", " ")],
        sent: [reasoning(1), item(1, "a", "f", "{}")]),
    KeptCase(
        "another name", [reasoning(1), item(1, "a", "f", "[1]")], [call("a", "g", "[1]")],
        sent: [reasoning(1), item(1, "a", "g", "[1]")]),
    KeptCase(
        "one edited among others",
        [reasoning(1), item(1, "a", "f", "[1]"), item(2, "b", "f", "[1]"), item(3, "c", "f", "[1]")],
        [call("a", "f", "[1]"), call("b", "f", "[2]"), call("c", "f", "[1]")],
        sent: [reasoning(1), item(1, "a", "f", "[1]"), item(2, "b", "f", "[2]"), item(3, "c", "f", "[1]")]),
    KeptCase(
        "reasoning between",
        [reasoning(1), item(1, "a", "f", "[1]"), reasoning(2), message, item(2, "b", "g", "[1]")],
        [call("b", "g", "[3]"), call("a", "f", "[2]")],
        sent: [reasoning(1), item(1, "a", "f", "[2]"), reasoning(2), message, item(2, "b", "g", "[3]")]),
    KeptCase(
        "renamed", [reasoning(1), item(1, "a", "f", "[1]"), item(2, "b", "g", "[2]")],
        [call("x", "f", "[1]"), call("y", "g", "[3]")],
        sent: [reasoning(1), item(1, "x", "f", "[1]"), item(2, "y", "g", "[3]")]),
    KeptCase(
        "one id for all", [reasoning(1), item(1, "a", "f", "[1]"), item(2, "a", "f", "[2]")],
        [call("a", "f", "[1]"), call("call_0_2", "f", "[2]")],
        sent: [reasoning(1), item(1, "a", "f", "[1]"), item(2, "call_0_2", "f", "[2]")]),
    KeptCase(
        "one id for all, edited", [reasoning(1), item(1, "a", "f", "[1]"), item(2, "a", "f", "[2]")],
        [call("a", "f", "[1]"), call("call_0_2", "f", "[4]")],
        sent: [reasoning(1), item(1, "a", "f", "[1]"), item(2, "call_0_2", "f", "[4]")]),
    KeptCase(
        "one id for all, told in another order", [reasoning(1), item(1, "a", "f", "[1]"), item(2, "a", "g", "[2]")],
        [call("a", "g", "[2]", rank: 2), call("call_0_2", "f", "[3]", rank: 1)],
        sent: [reasoning(1), item(1, "call_0_2", "f", "[3]"), item(2, "a", "g", "[2]")]),
    KeptCase(
        "no ids", [reasoning(1), item(1, "", "f", "[1]"), item(2, "", "f", "[1]")],
        [call("call_0_1", "f", "[2]"), call("call_0_2", "f", "[3]")],
        sent: [reasoning(1), item(1, "call_0_1", "f", "[2]"), item(2, "call_0_2", "f", "[3]")]),
    KeptCase(
        "an item's id only",
        [reasoning(1), #"{"id":"fc_1","type":"function_call","name":"f","arguments":"[1]"}"#],
        [call("fc_1", "f", "[2]")],
        sent: [reasoning(1), #"{"id":"fc_1","type":"function_call","name":"f","arguments":"[2]","call_id":"fc_1"}"#]),
    KeptCase(
        "arguments that are no text, edited",
        [reasoning(1), #"{"type":"function_call","call_id":"a","name":"f","arguments":{"x":1}}"#],
        [call("a", "f", "[2]")], sent: [reasoning(1), plain("a", "f", "[2]")]),
    KeptCase(
        "custom", [reasoning(1), customItem(1, "a", "sh", "date"), item(2, "b", "f", "[1]")],
        [custom("a", "sh", ""), call("b", "f", "[1]")],
        sent: [reasoning(1), customItem(1, "a", "sh", ""), item(2, "b", "f", "[1]")]),
    KeptCase(
        "of another kind", [reasoning(1), customItem(1, "a", "f", "x"), message], [call("a", "f", "[1]")],
        sent: [reasoning(1), plain("a", "f", "[1]"), message]),
    KeptCase(
        "a call without an item", [reasoning(1), item(1, "a", "f", "[1]")],
        [call("a", "f", "[1]"), call("b", "g", "[2]")],
        sent: [reasoning(1), item(1, "a", "f", "[1]"), plain("b", "g", "[2]")]),
    KeptCase(
        "an item without a call",
        [reasoning(1), item(1, "a", "f", "[1]"), reasoning(2), item(2, "b", "f", "[1]"), item(3, "c", "f", "[1]")],
        [call("c", "f", "[2]")], sent: [reasoning(2), item(3, "c", "f", "[2]")]),
    KeptCase(
        "no call any more", [reasoning(1), message, reasoning(2), item(1, "a", "f", "[1]")], [],
        sent: [
            reasoning(1), message,
        ]),
]

@Suite struct EditedCallTests {
    private func conversation(_ items: [String], _ calls: [ToolCall]) -> [ChatMessage] {
        [
            ChatMessage(.user, "hi"),
            ChatMessage(
                role: .assistant, content: [.text("I look.")], toolCalls: calls,
                opaqueItems: items.map(JSONValue.parsed)),
        ] + calls.map { .toolResult(callID: $0.id, "result of \($0.id)") }
    }

    private func body(_ messages: [ChatMessage]) -> JSONValue {
        let request = ChatRequest(model: "m", messages: messages)
        return ResponsesBody(request: request, wantsEncryptedReasoning: true).value
    }

    @Test(arguments: cases) func responses(_ item: KeptCase) throws {
        let body = body(conversation(item.items, item.calls))
        let input = try #require(body["input"]?.arrayValue)
        let kept = Array(input.dropFirst().dropLast(item.calls.count))
        // Compared as text: what was not edited goes back byte for byte.
        #expect(kept.map { JSONWriter.string($0) } == item.sent)
        let results = input.suffix(item.calls.count)
        #expect(results.map { $0["call_id"]?.stringValue } == item.calls.map(\.id))
        #expect(Set(kept.compactMap { $0["call_id"]?.stringValue }) == Set(item.calls.map(\.id)))
        for call in kept where call["call_id"] != nil {
            let result = results.first { $0["call_id"] == call["call_id"] }
            #expect(result?["type"]?.stringValue == (call["type"]?.stringValue ?? "") + "_output")
        }
        let failures = try JSONSchema(named: "responses-request").failures(body)
        #expect(failures.isEmpty, "\(failures)")
    }

    /// The cases can fail: sent as they came, the items of most are others.
    @Test func theCasesTellItemsThatAreSentAsTheyCame() {
        #expect(cases.count { $0.items == $0.sent } == 2)
    }

    /// Calls that share an id, or have none, are told apart on the way out where nobody did so before.
    @Test(arguments: ["a", ""]) func callsThatShareAnID(_ id: String) throws {
        let items = [reasoning(1), item(1, id, "f", "[1]"), item(2, id, "f", "[2]")]
        let input = try #require(
            body(conversation(items, [call(id, "f", "[1]"), call(id, "f", "[3]")]))["input"]?.arrayValue)
        let ids = input.compactMap { $0["call_id"]?.stringValue }
        #expect(ids.count == 4)
        #expect(Array(ids.prefix(2)) == Array(ids.suffix(2)))
        #expect(Set(ids).count == 2 && !ids.contains(""))
        #expect(input.compactMap { $0["arguments"]?.stringValue } == ["[1]", "[3]"])
        #expect(input.compactMap { $0["id"]?.stringValue } == ["rs_1", "fc_1", "fc_2"])
    }

    @Test func withoutItemsOrCallsTheTextIsSent() {
        let input = body(conversation([reasoning(1), item(1, "a", "f", "[1]")], []))["input"]?.arrayValue
        #expect(input?.map { $0["content"] != nil } == [true, true])
        #expect(input?.last?["content"] == .string("I look."))
    }

    /// The ids, the signature and the form of a call stay on Chat Completions; the arguments are the edited ones.
    @Test func chat() throws {
        let signature = JSONMember("extra_content", .parsed(#"{"google":{"thought_signature":"c2ln"}}"#))
        var calls = [
            ToolCall(id: "a", name: "f", arguments: "[1]", extraFields: [signature]), call("b", "f", "[1]"),
            custom("c", "sh", "date"),
        ]
        calls[0].arguments = "[2]"
        calls[2].arguments = "ls"
        let request = ChatRequest(model: "m", messages: conversation([], calls))
        let body = ChatCompletionBody(request: request, outputLimitField: "max_tokens", asksForUsage: false).value
        let sent = body["messages"]?.arrayValue?[1]["tool_calls"]?.arrayValue
        #expect(
            sent?.map { JSONWriter.string($0) } == [
                #"{"id":"a","type":"function","function":{"name":"f","arguments":"[2]"},"#
                    + #""extra_content":{"google":{"thought_signature":"c2ln"}}}"#,
                #"{"id":"b","type":"function","function":{"name":"f","arguments":"[1]"}}"#,
                #"{"id":"c","type":"custom","custom":{"name":"sh","input":"ls"}}"#,
            ])
        #expect(
            body["messages"]?.arrayValue?.compactMap { $0["tool_call_id"]?.stringValue } == ["a", "b", "c"])
    }
}

/// From the answer of a server to the body of the next request.
@Suite struct EditedAnswerTests {
    @Test(arguments: [nil, #"{"city":"Porto"}"#]) func goesBack(_ edited: String?) async throws {
        let arguments = #"{\"city\":\"Lisbon\"}"#
        let items = [reasoning(1), item(1, "call_1", "weather", arguments)]
        let done =
            #"{"type":"response.completed","sequence_number":1,"response":{"id":"resp_1","status":"completed","output":["#
            + items.joined(separator: ",") + "]}}"
        let transport = ScriptedTransport([.events(["data: \(done)\n\n"]), .events(["data: \(done)\n\n"])])
        let endpoint = ProviderEndpoint(baseURL: OpenAIProvider.defaultBaseURL, key: Secret("sk-0123456789abcdef"))
        let provider = try OpenAIProvider(endpoint: endpoint, transport: transport, catalog: .builtIn())
        let question = ChatMessage(.user, "Weather?")
        var answer = ChatResponse()
        for try await event in try await provider.stream(
            ChatRequest(model: "gpt-5.4", messages: [question], api: .responses))
        {
            answer.apply(event)
        }
        var message = answer.message
        #expect(message.toolCalls.map(\.arguments) == [#"{"city":"Lisbon"}"#])
        if let edited { message.toolCalls[0].arguments = edited }
        _ = try await provider.stream(
            ChatRequest(
                model: "gpt-5.4", messages: [question, message, .toolResult(callID: "call_1", "24 °C")], api: .responses
            ))
        let body = try #require(transport.requests.last?.body.flatMap { try? JSONParser.parse($0) })
        let sent = edited == nil ? items : [reasoning(1), item(1, "call_1", "weather", #"{\"city\":\"Porto\"}"#)]
        #expect(body["input"]?.arrayValue?.dropFirst().dropLast().map { JSONWriter.string($0) } == sent)
    }
}
