import ProviderCore

/// Holds a body to everything that can be said of it: the schema, what was asked for, and rules that no schema can tell.
struct RequestProblems {
    private let chat: JSONSchema
    private let responses: JSONSchema

    init() throws {
        chat = try JSONSchema(named: "chat-request")
        responses = try JSONSchema(named: "responses-request")
    }

    /// What is wrong with a body; empty when nothing is.
    func problems(of sent: SentRequest) -> [String] {
        let failures = (sent.api == .chat ? chat : responses).failures(sent.body).map(\.description)
        return failures + memberProblems(sent) + formProblems(sent.body, "$") + callProblems(sent) + jsonProblems(sent)
    }

    private func memberProblems(_ sent: SentRequest) -> [String] {
        let expected = ExpectedMembers(sent).all
        let members = sent.body.objectValue ?? []
        let unasked = members.filter { expected[$0.key] == nil }.map { "$.\($0.key) was not asked for" }
        let lost = expected.keys.sorted().filter { sent.body[$0] == nil }.map { "$.\($0) is not sent" }
        let wrong = members.filter { member in (expected[member.key] ?? nil).map { $0 != member.value } ?? false }
        return unasked + lost + wrong.map { "$.\($0.key) is \(JSONWriter.string($0.value))" }
    }

    /// No member is null and none is there twice. What a caller's schema says is the caller's own.
    private func formProblems(_ value: JSONValue, _ path: String) -> [String] {
        switch value {
        case .null: ["\(path) is null"]
        case .array(let elements): elements.enumerated().flatMap { formProblems($1, "\(path)[\($0)]") }
        case .object(let members):
            (Set(members.map(\.key)).count == members.count ? [] : ["\(path) has a member twice"])
                + members.filter { !["parameters", "schema"].contains($0.key) }
                .flatMap { formProblems($0.value, "\(path).\($0.key)") }
        default: []
        }
    }

    /// Every call has an id of its own and is answered once, before anybody else speaks, and only calls are answered.
    private func callProblems(_ sent: SentRequest) -> [String] {
        var open: Set<String> = []
        var known: Set<String> = []
        var found: [String] = []
        for item in (sent.body["messages"] ?? sent.body["input"])?.arrayValue ?? [] {
            let calls =
                item["tool_calls"]?.arrayValue?.map { $0["id"]?.stringValue ?? "" } ?? item.call.map { [$0] } ?? []
            if let answered = item["tool_call_id"]?.stringValue ?? item.answeredCall {
                if open.remove(answered) == nil { found.append("\(answered) is answered, but not open") }
            } else if !open.isEmpty, item.call == nil {
                found.append("\(open.sorted()) is not answered")
            }
            for call in calls where !known.insert(call).inserted { found.append("the call id \(call) is there twice") }
            open.formUnion(calls)
        }
        return found
    }

    /// Where the messages mention JSON for its mode, the part that the server looks at must do so.
    private func jsonProblems(_ sent: SentRequest) -> [String] {
        guard sent.request.responseFormat == .jsonObject, let part = sent.body["messages"] ?? sent.body["input"] else {
            return []
        }
        return JSONWriter.string(part).lowercased().contains("json") ? [] : ["the input does not mention JSON"]
    }
}

extension JSONValue {
    /// The id of a call that is an item of its own.
    fileprivate var call: String? {
        ["function_call", "custom_tool_call"].contains(self["type"]?.stringValue) ? self["call_id"]?.stringValue : nil
    }

    fileprivate var answeredCall: String? {
        ["function_call_output", "custom_tool_call_output"].contains(self["type"]?.stringValue)
            ? self["call_id"]?.stringValue : nil
    }
}
