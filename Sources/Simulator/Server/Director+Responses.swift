extension Director {
    /// Plays a scenario over the Responses API, and keeps the response unless the request does not want that.
    func respond(to request: ResponsesRequest, with scenario: Scenario, number: String) -> Response {
        let context = ResponseContext(
            answer: context(for: .responses(request), scenario, id: "resp_demo_\(number)"),
            isBackground: request.isBackground, encryptsReasoning: request.encryptsReasoning, echo: request.echo)
        let options = BeatSequence.Options(
            placeholders: Placeholders(model: context.answer.model, request.conversation),
            maxTokens: scenario.settings.heeded(request.maxTokens), maxBytes: limits.responseBytes,
            isWhole: !request.stream, sendsDone: false)
        var response = Response(scenario, options: options, form: .responses(context), streams: request.stream)
        guard request.isStored, scenario.settings.status == 200, !scenario.hasBody else { return response }
        let isDetached = request.isBackground && !request.stream
        if isDetached, BeatSequence(scenario, options: options).beginsWithCut { return response }
        let stored = StoredResponse(
            scenario, options: options, context: context, isStreamed: request.stream,
            conversation: request.conversation)
        store.add(stored)
        if isDetached {
            return Response(
                headers: scenario.settings.headers, json: context.object(ResponseDraft(status: .queued)) + [0x0A])
        }
        response.startedAt = stored.start
        if request.isBackground { response.cancellation = stored.cancellation }
        return response
    }

    /// `GET /responses/{id}`: the response as it is now, or its events.
    func retrieve(_ id: String, query: [String: String]) throws -> Response {
        let stored = try find(id)
        let last = query["starting_after"].map { Int($0) ?? -1 }
        if let last, last < 0 {
            throw RequestProblem.invalid("starting_after", "must be the number of an event.")
        }
        guard query["stream"] == "true" else {
            if last != nil { throw RequestProblem.invalid("starting_after", "needs 'stream' to be true.") }
            return object(of: stored)
        }
        guard stored.context.isBackground, stored.isStreamed else {
            throw RequestProblem.invalid(
                "stream", "needs a response that was asked for with 'background' and 'stream': no other can be resumed."
            )
        }
        let isLive = stored.cancellation.time == nil
        var response = Response(streaming: stored.events(after: last ?? -1))
        response.startedAt = stored.start
        if isLive { response.cancellation = stored.cancellation }
        return response
    }

    /// `POST /responses/{id}/cancel`. What has ended stays as it is.
    func cancel(_ id: String) throws -> Response {
        let stored = try find(id)
        guard stored.context.isBackground else {
            throw RequestProblem.invalid("response_id", "is not of a response that was asked for with 'background'.")
        }
        let age = stored.age
        if !stored.draft(at: age).status.isFinal { stored.cancellation.cancel(at: age) }
        return object(of: stored)
    }

    /// `DELETE /responses/{id}`, which also ends it.
    func delete(_ id: String) throws -> Response {
        guard let stored = store.remove(id) else { throw RequestProblem.noSuchResponse(id) }
        stored.cancellation.cancel(at: stored.age)
        var body = Array(#"{"id":"#.utf8)
        body.append(jsonString: id.utf8)
        body.append(text: #","object":"response","deleted":true}"#)
        return Response(json: body + [0x0A])
    }

    private func find(_ id: String) throws -> StoredResponse {
        guard let stored = store.find(id) else { throw RequestProblem.noSuchResponse(id) }
        return stored
    }

    private func object(of stored: StoredResponse) -> Response {
        defer { store.trim() }
        return Response(json: stored.context.object(stored.draft(at: stored.age)) + [0x0A])
    }
}

extension BeatSequence {
    /// Whether the connection is cut or reset before anything has been played.
    var beginsWithCut: Bool {
        var beats = self
        // A script may repeat what plays nothing for ever.
        for _ in 0..<1_000 {
            switch beats.next()?.event {
            case .cut, .reset: return true
            case .headers, .comment, .data, .delta, .raw: continue
            default: return false
            }
        }
        return false
    }
}
