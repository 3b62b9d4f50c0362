/// What all parts of one answer over the Responses API have in common, and how they are written.
struct ResponseContext: Sendable {
    var answer: AnswerContext
    /// `background`: the answer does not depend on the connection.
    var isBackground = false
    /// Reasoning items carry `encrypted_content`.
    var encryptsReasoning = false
    /// Members of the response object that repeat the request, each with a comma before it.
    var echo: [UInt8] = []

    /// The status before anything has been played.
    var firstStatus: ResponseDraft.Status { isBackground ? .queued : .inProgress }

    /// The id of an item: it differs from a call's `call_id`, which is what outputs refer to.
    func itemID(_ index: Int, of kind: ResponseDraft.Item.Kind) -> String {
        switch kind {
        case .message: "msg_\(suffix)_\(index)"
        case .reasoning: "rs_\(suffix)_\(index)"
        case .call: "fc_\(suffix)_\(index)"
        }
    }

    /// The id under which a call is answered.
    func callID(_ index: Int, given id: String?) -> String { id ?? "call_\(suffix)_\(index)" }

    private var suffix: String { String(answer.id.hasPrefix("resp_") ? answer.id.dropFirst(5) : answer.id[...]) }

    /// The response object.
    func object(_ draft: ResponseDraft) -> [UInt8] {
        var bytes = Array(#"{"id":"#.utf8)
        bytes.append(jsonString: answer.id.utf8)
        bytes.append(
            text: #","object":"response","created_at":\#(answer.created),"status":"\#(draft.status.rawValue)","#)
        let end = draft.status == .completed ? String(answer.created + draft.seconds) : "null"
        bytes.append(text: #""completed_at":\#(end),"background":\#(isBackground),"error":"#)
        if let error = draft.error {
            bytes.append(text: #"{"code":"#)
            bytes.append(json: error.code ?? error.type ?? "server_error")
            bytes.append(text: #","message":"#)
            bytes.append(jsonString: error.message.utf8)
            bytes.append(text: "}")
        } else {
            bytes.append(text: "null")
        }
        let reason = draft.incompleteReason.map { #"{"reason":"\#($0)"}"# } ?? "null"
        bytes.append(text: #","incomplete_details":\#(reason),"model":"#)
        bytes.append(jsonString: answer.model.utf8)
        if let tier = answer.serviceTier {
            bytes.append(text: #","service_tier":"#)
            bytes.append(jsonString: tier.utf8)
        }
        appendOutput(of: draft, to: &bytes)
        appendUsage(of: draft, to: &bytes)
        bytes += echo
        bytes.append(0x7D)
        return bytes
    }

    private func appendOutput(of draft: ResponseDraft, to bytes: inout [UInt8]) {
        bytes.append(text: #","output":["#)
        for (index, item) in draft.items.enumerated() {
            if index > 0 { bytes.append(0x2C) }
            append(item, at: index, to: &bytes)
        }
        bytes.append(text: #"],"usage":"#)
    }

    private func appendUsage(of draft: ResponseDraft, to bytes: inout [UInt8]) {
        guard let counts = draft.counts, answer.usage.isReported else { return bytes.append(text: "null") }
        bytes.append(responses: answer.usage, counted: counts, prompt: answer.promptTokens)
    }

    /// Appends an item as it is, or as it is announced: without anything in it.
    func append(_ item: ResponseDraft.Item, at index: Int, isAnnounced: Bool = false, to bytes: inout [UInt8]) {
        let status = isAnnounced ? .inProgress : item.status
        bytes.append(text: #"{"id":"#)
        bytes.append(jsonString: itemID(index, of: item.kind).utf8)
        switch item.kind {
        case .message:
            bytes.append(text: #","type":"message","role":"assistant","status":"\#(status.rawValue)","content":["#)
            if !isAnnounced { append(item.parts, to: &bytes) }
            bytes.append(text: "]}")
        case .reasoning:
            bytes.append(text: #","type":"reasoning","summary":["#)
            if !isAnnounced { append(item.parts, to: &bytes) }
            bytes.append(text: "]")
            if encryptsReasoning, !isAnnounced, item.status.isFinal {
                bytes.append(text: #","encrypted_content":"demo-\#(index)-\#(item.parts.first?.bytes.count ?? 0)""#)
            }
            bytes.append(text: "}")
        case .call(let id, let name):
            bytes.append(text: #","type":"function_call","status":"\#(status.rawValue)","call_id":"#)
            bytes.append(jsonString: callID(index, given: id).utf8)
            if let name {
                bytes.append(text: #","name":"#)
                bytes.append(jsonString: name.utf8)
            }
            bytes.append(text: #","arguments":"#)
            bytes.append(jsonString: isAnnounced ? [] : item.parts.first?.bytes ?? [])
            bytes.append(text: "}")
        }
    }

    private func append(_ parts: [ResponseDraft.Part], to bytes: inout [UInt8]) {
        for (position, part) in parts.enumerated() {
            if position > 0 { bytes.append(0x2C) }
            append(part, to: &bytes)
        }
    }

    /// Appends a content part, or a part of a summary.
    func append(_ part: ResponseDraft.Part, to bytes: inout [UInt8]) {
        switch part.kind {
        case .text:
            bytes.append(text: #"{"type":"output_text","annotations":[],"logprobs":["#)
            append(part.tokens, to: &bytes)
            bytes.append(text: #"],"text":"#)
        case .refusal: bytes.append(text: #"{"type":"refusal","refusal":"#)
        case .summary, .arguments: bytes.append(text: #"{"type":"summary_text","text":"#)
        }
        bytes.append(jsonString: part.bytes)
        bytes.append(0x7D)
    }

    /// Appends the entries of a `logprobs` array, if they were asked for.
    func append(_ tokens: [ScoredToken], to bytes: inout [UInt8]) {
        guard let top = answer.topLogprobs else { return }
        for (position, token) in tokens.enumerated() {
            if position > 0 { bytes.append(0x2C) }
            bytes.append(token, top: top)
        }
    }
}
