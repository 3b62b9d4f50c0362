/// Puts the changes of a response into the words of its events.
struct ResponseEventWriter: Sendable {
    let context: ResponseContext

    /// The events for a change, in order; `draft` is the response with that change.
    func events(for change: ResponseDraft.Change, of draft: ResponseDraft) -> [ResponseEvent] {
        switch change {
        case .itemAdded(let item): [self.item("added", item, of: draft)]
        case .itemDone(let item): [self.item("done", item, of: draft)]
        case .partAdded(let item, let part): self.part("added", item, part, of: draft)
        case .partDone(let item, let part):
            [whole(item, part, of: draft)] + self.part("done", item, part, of: draft)
        case .delta(let item, let part, let text, let token): [delta(item, part, text, token, of: draft)]
        case .ended: [response(draft.status.rawValue, draft)]
        case .broke(let error): [broken(error)]
        }
    }

    /// An event that carries the response object.
    func response(_ name: String, _ draft: ResponseDraft) -> ResponseEvent {
        event("response." + name) {
            $0.append(text: #","response":"#)
            $0 += context.object(draft)
        }
    }

    private func item(_ name: String, _ item: Int, of draft: ResponseDraft) -> ResponseEvent {
        event("response.output_item." + name) {
            $0.append(text: #","output_index":\#(draft.items[item].toldPosition ?? item),"item":"#)
            context.append(draft.items[item], at: item, isAnnounced: name == "added", to: &$0)
        }
    }

    /// Announces a part or says that it is done; arguments, which are all of a call, are not announced apart.
    private func part(_ name: String, _ item: Int, _ part: Int, of draft: ResponseDraft) -> [ResponseEvent] {
        var whole = draft.items[item].parts[part]
        if whole.kind == .arguments { return [] }
        if name == "added" { whole = ResponseDraft.Part(kind: whole.kind) }
        let type = whole.kind == .summary ? "reasoning_summary_part" : "content_part"
        return [
            event("response.\(type).\(name)") {
                append(placeOf: item, part, of: draft, to: &$0)
                $0.append(text: #","part":"#)
                context.append(whole, to: &$0)
            }
        ]
    }

    private func delta(
        _ item: Int, _ part: Int, _ text: ArraySlice<UInt8>, _ token: ScoredToken?, of draft: ResponseDraft
    ) -> ResponseEvent {
        let kind = draft.items[item].parts[part].kind
        return event("response.\(kind.event).delta") {
            append(placeOf: item, part, of: draft, to: &$0)
            $0.append(text: #","delta":"#)
            $0.append(jsonString: text)
            if kind == .text { append(logprobs: token.map { [$0] } ?? [], to: &$0) }
        }
    }

    private func whole(_ item: Int, _ part: Int, of draft: ResponseDraft) -> ResponseEvent {
        let whole = draft.items[item].parts[part]
        return event("response.\(whole.kind.event).done") {
            append(placeOf: item, part, of: draft, to: &$0)
            if case .call(_, let name?) = draft.items[item].kind {
                $0.append(text: #","name":"#)
                $0.append(jsonString: name.utf8)
            }
            $0.append(text: #","\#(whole.kind.member)":"#)
            $0.append(jsonString: whole.bytes)
            if whole.kind == .text { append(logprobs: whole.tokens, to: &$0) }
        }
    }

    private func broken(_ error: ErrorObject) -> ResponseEvent {
        event("error") {
            $0.append(text: #","code":"#)
            $0.append(json: error.code ?? error.type)
            $0.append(text: #","message":"#)
            $0.append(jsonString: error.message.utf8)
            $0.append(text: #","param":"#)
            $0.append(json: error.param)
        }
    }

    /// Appends the members that tell where in the output something happens.
    private func append(placeOf item: Int, _ part: Int, of draft: ResponseDraft, to bytes: inout [UInt8]) {
        bytes.append(text: #","item_id":"#)
        bytes.append(jsonString: context.itemID(item, of: draft.items[item].kind).utf8)
        bytes.append(text: #","output_index":\#(draft.items[item].toldPosition ?? item)"#)
        switch draft.items[item].parts[part].kind {
        case .text, .refusal: bytes.append(text: #","content_index":\#(part)"#)
        case .summary: bytes.append(text: #","summary_index":\#(part)"#)
        case .arguments: break
        }
    }

    private func append(logprobs tokens: [ScoredToken], to bytes: inout [UInt8]) {
        bytes.append(text: #","logprobs":["#)
        context.append(tokens, to: &bytes)
        bytes.append(text: "]")
    }

    private func event(_ type: String, _ members: (inout [UInt8]) -> Void) -> ResponseEvent {
        var event = ResponseEvent(type: type, members: [])
        members(&event.members)
        return event
    }
}

extension ResponseDraft.Part.Kind {
    /// The middle of the names of its events.
    fileprivate var event: String {
        switch self {
        case .text: "output_text"
        case .refusal: "refusal"
        case .summary: "reasoning_summary_text"
        case .arguments: "function_call_arguments"
        }
    }

    /// The member of a `done` event that has the whole.
    fileprivate var member: String {
        switch self {
        case .text, .summary: "text"
        case .refusal: "refusal"
        case .arguments: "arguments"
        }
    }
}
