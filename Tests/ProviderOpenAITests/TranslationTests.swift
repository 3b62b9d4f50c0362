import ProviderCore
import Testing

@testable import ProviderOpenAI

/// How a conversation becomes the messages of Chat Completions and the items of Responses, where the two differ.
@Suite struct TranslationTests {
    private func responses(_ messages: [ChatMessage], _ format: ResponseFormat? = nil) -> JSONValue {
        let request = ChatRequest(model: "m-1", messages: messages, responseFormat: format)
        return ResponsesBody(request: request, wantsEncryptedReasoning: false).value
    }

    private func chat(_ messages: [ChatMessage]) -> [JSONValue] {
        let body = ChatCompletionBody(
            request: ChatRequest(model: "m-1", messages: messages), outputLimitField: "max_tokens", asksForUsage: false)
        return body.value["messages"]?.arrayValue ?? []
    }

    private func idless(_ names: String...) -> ChatMessage {
        ChatMessage(
            role: .assistant, content: [], toolCalls: names.map { ToolCall(id: "", name: $0, arguments: "{}") })
    }

    @Test func aSystemMessageLeadsAsInstructions() {
        let body = responses([ChatMessage(.system, "Be brief."), ChatMessage(.user, "hi")])
        #expect(body["instructions"] == .string("Be brief."))
        #expect(body["input"]?.arrayValue?.map { $0["role"] } == [.string("user")])
    }

    /// The service counts an empty input as none.
    @Test func aSystemMessageAloneIsInput() {
        let body = responses([ChatMessage(.system, "Tell a joke.")])
        #expect(body["instructions"] == nil)
        #expect(body["input"]?.arrayValue?.map { $0["content"] } == [.string("Tell a joke.")])
    }

    /// The service looks for the word JSON in the input, not in the instructions.
    @Test func jsonModeKeepsTheSystemMessageInTheInput() {
        let messages = [ChatMessage(.system, "Answer in JSON."), ChatMessage(.user, "hi")]
        let body = responses(messages, .jsonObject)
        #expect(body["instructions"] == nil)
        #expect(body["input"]?.arrayValue?.map { $0["role"] } == [.string("system"), .string("user")])
        let schema = responses(messages, .jsonSchema(name: "s", schema: .object([]), strict: nil))
        #expect(schema["instructions"] == .string("Answer in JSON."))
    }

    @Test func aPictureInAToolResultIsKept() {
        let result = ChatMessage(
            role: .tool, content: [.text("The map:"), .image(url: "https://h/a", detail: nil)], toolCallID: "c1")
        let parts = responses([result])["input"]?.arrayValue?.first?["output"]?.arrayValue
        #expect(parts?.map { $0["type"] } == [.string("input_text"), .string("input_image")])
    }

    @Test func callsWithoutIDsAndTheirResultsNameEachOther() {
        let messages = [
            idless("a", "b"), .toolResult(callID: "", "1"), ChatMessage(role: .tool, content: [.text("2")]),
            idless("c"), .toolResult(callID: "", "3"),
        ]
        let sent = chat(messages)
        let calls = sent.flatMap { $0["tool_calls"]?.arrayValue ?? [] }.compactMap { $0["id"]?.stringValue }
        #expect(calls.count == 3 && Set(calls).count == 3)
        #expect(calls.allSatisfy { $0.utf8.count == 9 && $0.allSatisfy { $0.isLetter || $0.isNumber } })
        #expect(sent.compactMap { $0["tool_call_id"]?.stringValue } == calls)
        let items = responses(messages)["input"]?.arrayValue ?? []
        #expect(
            items.map { $0["call_id"]?.stringValue } == [calls[0], calls[1], calls[0], calls[1], calls[2], calls[2]])
    }

    @Test func idsThatAreThereStay() {
        let calls = ["call00003", "", "call00004"].map { ToolCall(id: $0, name: "f", arguments: "{}") }
        let sent = chat([
            ChatMessage(role: .assistant, content: [], toolCalls: calls), .toolResult(callID: "call00004", "3"),
            .toolResult(callID: "", "2"), .toolResult(callID: "call00003", "1"),
        ])
        let ids = sent[0]["tool_calls"]?.arrayValue?.compactMap { $0["id"]?.stringValue } ?? []
        #expect(ids.count == 3 && Set(ids).count == 3 && ids.first == "call00003" && ids.last == "call00004")
        #expect(sent.compactMap { $0["tool_call_id"]?.stringValue } == [ids[2], ids[1], ids[0]])
    }

    @Test func callsOfOneIDAndTheirResultsAreToldApart() {
        let calls = ["same", "other", "same"].map { ToolCall(id: $0, name: "f", arguments: "{}") }
        let turn = [
            ChatMessage(role: .assistant, content: [], toolCalls: calls), .toolResult(callID: "same", "1"),
            .toolResult(callID: "same", "3"), .toolResult(callID: "other", "2"),
        ]
        let sent = chat(turn + turn)
        for start in [0, 4] {
            let ids = sent[start]["tool_calls"]?.arrayValue?.compactMap { $0["id"]?.stringValue } ?? []
            #expect(ids.count == 3 && Set(ids).count == 3 && ids.prefix(2) == ["same", "other"])
            #expect(
                sent[start + 1...start + 3].compactMap { $0["tool_call_id"]?.stringValue } == [ids[0], ids[2], ids[1]])
        }
        #expect(sent[0]["tool_calls"]?.arrayValue?.last?["id"] != sent[4]["tool_calls"]?.arrayValue?.last?["id"])
    }

    @Test func aLaterResultDoesNotAnswerAnEarlierTurn() {
        let sent = chat([idless("a"), ChatMessage(.user, "?"), idless("b"), .toolResult(callID: "", "2")])
        let calls = sent.flatMap { $0["tool_calls"]?.arrayValue ?? [] }.compactMap { $0["id"]?.stringValue }
        #expect(sent.last?["tool_call_id"]?.stringValue == calls.last)
    }
}
