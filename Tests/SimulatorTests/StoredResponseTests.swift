import Foundation
import Testing

@testable import Simulator

@Suite struct StoredResponseTests {
    private static let background = #","background":true"#

    private func id(_ response: RawClient.Response) throws -> String {
        let first = try #require(response.namedEvents.first)
        return try #require((json(first.data)["response"] as? [String: Any])?["id"] as? String)
    }

    @Test func resumesABackgroundStreamAfterACut() async throws {
        let script =
            "scenario s\nafter 2 pieces cut\nreply 'one two'\nreset\nreply ' three four'\nafter 40 bytes wait 1us"
        try await withServer(script) { server in
            let first = try ask(responses: server, respond("x", Self.background))
            #expect(first.ending == .closed)
            let start = try AssembledResponse(first)
            #expect(start.types.prefix(3) == ["response.created", "response.queued", "response.in_progress"])
            #expect(start.text == "one two" && start.final == nil)
            let last = try #require(start.numbers?.last)
            let path = try "/v1/responses/\(id(first))?stream=true"
            let rest = try get(server, path + "&starting_after=\(last)")
            #expect(rest.header("Content-Type") == "text/event-stream; charset=utf-8" && rest.ending == .complete)
            let end = try AssembledResponse(rest, isWhole: false)
            #expect(end.numbers?.first == last + 1 && end.text == " three four" && end.status == "completed")
            let whole = try AssembledResponse(get(server, path))
            #expect(whole.text == "one two three four" && whole.status == "completed")
            #expect(whole.types == start.types + end.types)
            #expect(whole.final as NSDictionary? == end.final as NSDictionary?)
            let object = try json(get(server, "/v1/responses/\(id(first))").body)
            #expect(object as NSDictionary == whole.final as NSDictionary?)
        }
    }

    @Test func resumesAtEveryNumber() async throws {
        let script = "scenario s\nreasoning 'a b'\nreply 'c d'\ncomment 'x'\ncall f with '{}'\nfinish stop\ndone"
        try await withServer(script) { server in
            let first = try ask(responses: server, respond("x", Self.background))
            let path = try "/v1/responses/\(id(first))?stream=true&starting_after="
            for number in 0..<first.namedEvents.count {
                let rest = try get(server, path + String(number))
                #expect(rest.namedEvents.map(\.data) == first.namedEvents.dropFirst(number + 1).map(\.data))
                #expect(first.body.hasSuffix(rest.body) && rest.body.hasSuffix("data: [DONE]\n\n"))
            }
            #expect(try get(server, path + "9999").bytes.isEmpty)
        }
    }

    @Test(.timeLimit(.minutes(1))) func goesOnWhileNobodyReads() async throws {
        let script = "scenario s\nafter 3 pieces wait forever\nrate 2000 tokens/s\nreply 'a b c d e'"
        try await withServer(script) { server in
            let client = try RawClient(port: server.port)
            client.post(respond("x", Self.background), path: "/v1/responses")
            #expect(client.chunks(3).count == 3)
            client.disconnect()
            #expect(await server.ending(ofRequest: 1) == .abandoned)
            // The stream goes on until it stands still; then somebody else cancels it, which ends it properly.
            let second = try RawClient(port: server.port)
            second.get("/v1/responses/resp_demo_000001?stream=true&starting_after=4")
            let live = second.chunks(3)
            #expect(String(decoding: live.last ?? [], as: UTF8.self).contains(#""delta":" c""#))
            let running = try json(get(server, "/v1/responses/resp_demo_000001").body)
            #expect(running["status"] as? String == "in_progress" && outputText(of: running) == "a b c")
            let cancelled = try get(server, "/v1/responses/resp_demo_000001/cancel", method: "POST")
            #expect(try json(cancelled.body)["status"] as? String == "cancelled")
            #expect(await server.ending(ofRequest: 2) == .finished)
            let replay = try get(server, "/v1/responses/resp_demo_000001?stream=true")
            let replayed = try AssembledResponse(replay)
            #expect(replayed.text == "a b c" && replayed.final == nil && replay.ending == .complete)
            let again = try get(server, "/v1/responses/resp_demo_000001/cancel", method: "POST")
            #expect(try json(again.body)["status"] as? String == "cancelled")
        }
    }

    @Test(.timeLimit(.minutes(1))) func cancelsTheFirstConnectionToo() async throws {
        try await withServer("scenario s\nreply 'a'\nwait forever") { server in
            let client = try RawClient(port: server.port)
            client.post(respond("x", Self.background), path: "/v1/responses")
            #expect(await server.request(number: 1) != nil)
            _ = try get(server, "/v1/responses/resp_demo_000001/cancel", method: "POST")
            #expect(await server.ending(ofRequest: 1) == .finished)
            let response = client.response()
            #expect(response.ending == .complete && response.namedEvents.last?.name == "response.output_text.delta")
        }
    }

    @Test func answersABackgroundRequestAtOnceAndLetsPoll() async throws {
        try await withServer("scenario s\nafter 1 piece wait forever\nreply 'a b'\nheader X-A: b") { server in
            let first = try ask(responses: server, respond("x", stream: false, Self.background))
            #expect(first.status == 200 && first.header("X-A") == "b")
            let queued = try json(first.body)
            #expect(queued["status"] as? String == "queued" && (queued["output"] as? [Any])?.isEmpty == true)
            let polled = try json(get(server, "/v1/responses/resp_demo_000001").body)
            #expect(polled["status"] as? String == "in_progress" && outputText(of: polled) == "a")
            #expect(try get(server, "/v1/responses/resp_demo_000001?stream=true").status == 400)
        }
        try await withServer("scenario s\nreply 'a b'\nfinish length") { server in
            _ = try ask(responses: server, respond("x", stream: false, Self.background))
            let polled = try json(get(server, "/v1/responses/resp_demo_000001").body)
            #expect(polled["status"] as? String == "incomplete" && outputText(of: polled) == "a b")
        }
        try await withServer("scenario s\nreply 'a'\nerror 'no' code c") { server in
            _ = try ask(responses: server, respond("x", stream: false, Self.background))
            let polled = try json(get(server, "/v1/responses/resp_demo_000001").body)
            #expect(polled["status"] as? String == "failed")
            #expect((polled["error"] as? [String: String])?["code"] == "c")
        }
    }

    @Test(arguments: [("cut", RawClient.Ending.closed), ("comment 'x'\nreset", .reset)])
    func cutsABackgroundRequestBeforeItsAnswer(_ lines: String, _ ending: RawClient.Ending) async throws {
        try await withServer("scenario s\n\(lines)\nreply 'a'") { server in
            let response = try ask(responses: server, respond("x", stream: false, Self.background))
            #expect(response.status == 0 && response.ending == ending)
        }
    }

    @Test func keepsWhatIsNotInTheBackgroundButDoesNotResumeIt() async throws {
        try await withServer("scenario s\nafter 1 piece cut\nreply 'a b'") { server in
            let first = try ask(responses: server)
            #expect(first.ending == .closed)
            let path = try "/v1/responses/\(id(first))"
            #expect(try outputText(of: json(get(server, path).body)) == "a b")
            for (target, method, param) in [
                (path + "?stream=true", "GET", "stream"), (path + "/cancel", "POST", "response_id"),
                (path + "?starting_after=1", "GET", "starting_after"),
                (path + "?stream=true&starting_after=x", "GET", "starting_after"),
                (path + "?stream=true&starting_after=-1", "GET", "starting_after"),
            ] {
                let refused = try get(server, target, method: method)
                let error = try json(refused.body)["error"] as? [String: Any]
                #expect(refused.status == 400 && error?["param"] as? String == param, "\(target)")
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func deletesAndForgets() async throws {
        try await withServer("scenario s\nreply 'a'\nwait forever") { server in
            let client = try RawClient(port: server.port)
            client.post(respond("x", Self.background), path: "/v1/responses")
            #expect(await server.request(number: 1) != nil)
            let deleted = try json(get(server, "/v1/responses/resp_demo_000001", method: "DELETE").body)
            #expect(deleted["deleted"] as? Bool == true && deleted["id"] as? String == "resp_demo_000001")
            #expect(await server.ending(ofRequest: 1) == .finished)
            for (path, method) in [("", "GET"), ("?stream=true", "GET"), ("", "DELETE"), ("/cancel", "POST")] {
                let gone = try get(server, "/v1/responses/resp_demo_000001" + path, method: method)
                #expect(gone.status == 404 && gone.body.contains("resp_demo_000001"))
            }
        }
    }

    @Test func doesNotKeepWhatShallNotBeStored() async throws {
        try await withServer("scenario s\nreply 'a'") { server in
            let response = try ask(responses: server, respond("x", #","store":false"#))
            #expect(response.status == 200)
            #expect(try get(server, "/v1/responses/resp_demo_000001").status == 404)
        }
    }

    @Test func aScenarioCanStandInTheWay() async throws {
        let script = """
            scenario poll
              when path is "/v1/responses/*"
              times 1
              status 500
              error "no"
            scenario s
              reply "a"
            """
        try await withServer(script) { server in
            _ = try ask(responses: server)
            let statuses = try (0..<2).map { _ in try get(server, "/v1/responses/resp_demo_000002").status }
            #expect(statuses == [500, 404])
            #expect(try get(server, "/v1/responses/resp_demo_000001").status == 200)
        }
    }

    // MARK: without a socket

    private func stored(_ script: String, id: String = "r", _ message: String = "") throws -> StoredResponse {
        let scenario = try #require(ScenarioSet(parsing: "scenario s\n" + script, file: "f").scenarios.first)
        let answer = AnswerContext(
            id: id, created: 1_000, model: "m", usage: UsagePlan(), promptTokens: 0, reportsUsage: false)
        return StoredResponse(
            scenario, options: .init(sendsDone: false), context: ResponseContext(answer: answer, isBackground: true),
            isStreamed: true, conversation: [Message(role: "user", text: message)])
    }

    private func text(_ draft: ResponseDraft) -> String {
        String(decoding: draft.items.flatMap(\.parts).flatMap(\.bytes), as: UTF8.self)
    }

    @Test func isAsFarAsItsScriptAtAnyTime() throws {
        let response = try stored("wait 1s\nrate 1 tokens/s\nreply 'a b c'\nwait 2s")
        for (seconds, expected) in [(0.5, ""), (1, "a"), (1.9, "a"), (2, "a b"), (5.9, "a b c")] {
            let draft = response.draft(at: Int64(seconds * 1e9))
            #expect(text(draft) == expected && draft.status == .inProgress)
        }
        let end = response.draft(at: 6_000_000_000)
        #expect(end.status == .completed && end.seconds == 6)
        #expect(String(decoding: response.context.object(end), as: UTF8.self).contains(#""completed_at":1006"#))
    }

    @Test func keepsTheTimeOfItsStartWhenResumed() throws {
        let scenarios = try ScenarioSet(parsing: "scenario s\nwait 60m\nreply 'x'", file: "f")
        let director = Director(scenarios, log: RequestLog(limit: 9, byteLimit: 9_999), limits: ServerLimits())
        func answer(_ method: String, _ target: String, _ body: String) -> Response {
            director.answer(WireRequest(method: method, target: target, headers: [], body: Array(body.utf8))).response
        }
        let first = answer("POST", "/v1/responses", respond("x", Self.background))
        let second = answer("GET", "/v1/responses/resp_demo_000001?stream=true", "")
        #expect(first.startedAt != nil && first.startedAt == second.startedAt)
        #expect(answer("POST", "/v1/responses", respond("x", #","store":false"#)).startedAt == nil)
    }

    @Test func standsStillOnceCancelled() throws {
        let response = try stored("rate 1 tokens/s\nreply 'a b c d e'")
        response.cancellation.cancel(at: 2_500_000_000)
        response.cancellation.cancel(at: 4_500_000_000)
        let draft = response.draft(at: 60_000_000_000)
        #expect(text(draft) == "a b c" && draft.status == .cancelled)
        var events = response.events(after: 3)
        var bytes: [UInt8] = []
        while let cue = events.next() { if case .bytes(let part) = cue.action { bytes += part } }
        #expect(String(decoding: bytes, as: UTF8.self).components(separatedBy: "event: ").count - 1 == 4)
    }

    @Test func keepsSoManyAndSoMuch() throws {
        let store = ResponseStore(limit: 3, byteLimit: 2_000)
        for id in ["a", "b", "c", "d"] { store.add(try stored("reply 'x'", id: id)) }
        #expect(["a", "b", "c", "d"].map { store.find($0) != nil } == [false, true, true, true])
        store.add(try stored("reply 'x'", id: "e", String(repeating: "y", count: 1_900)))
        #expect(["b", "c", "d", "e"].map { store.find($0) != nil } == [false, false, false, true])
        // A response grows while it is played.
        let growing = try stored("repeat 100\nreply '0123456789 0123456789 '\nend", id: "f")
        let other = try stored("reply 'x'", id: "g")
        let large = ResponseStore(limit: 9, byteLimit: 2_000)
        large.add(growing)
        large.add(other)
        #expect(large.find("f") != nil)
        _ = growing.draft(at: 0)
        large.trim()
        #expect(large.find("f") == nil && large.find("g") != nil)
    }

    @Test func oneIDIsOneResponse() throws {
        let store = ResponseStore(limit: 3, byteLimit: 1_000_000)
        store.add(try stored("reply 'x'"))
        store.add(try stored("reply 'y'"))
        #expect(text(try #require(store.find("r")).draft(at: 0)) == "y")
        #expect(store.remove("r") != nil)
        #expect(store.find("r") == nil && store.remove("r") == nil)
    }
}
