import Foundation
import Testing

@testable import Simulator

@Suite struct FaultTests {
    @Test(arguments: [true, false]) func sendsStatusHeadersAndBodyVerbatim(_ stream: Bool) async throws {
        let script = """
            scenario s
              status 503 Too Busy
              header Content-Type: text/html
              header Set-Cookie: a
              header Set-Cookie: b
              body "<h1>502\\n</h1>\\xff"
            """
        try await withServer(script) { server in
            let response = try ask(server, chat(stream: stream))
            #expect(response.status == 503)
            #expect(response.headers.filter { $0.name == "Set-Cookie" }.map(\.value) == ["a", "b"])
            #expect(response.headers.filter { $0.name == "Content-Type" }.map(\.value) == ["text/html"])
            #expect(response.bytes == Array("<h1>502\n</h1>".utf8) + [0xFF])
        }
    }

    @Test func redirectsWithoutABody() async throws {
        try await withServer("scenario s\nstatus 307\nheader Location: http://127.0.0.1:1/x") { server in
            let client = try RawClient(port: server.port)
            client.post(chat())
            let response = client.response()
            #expect(response.status == 307 && response.header("location") == "http://127.0.0.1:1/x")
            #expect(response.bytes.isEmpty)
            client.get("/v1/models")
            #expect(client.response().status == 200)
        }
    }

    @Test func sendsHTMLInPlaceOfAStream() async throws {
        try await withServer("scenario s\nheader Content-Type: text/html\nbody '<html>'") { server in
            let response = try ask(server)
            #expect(response.status == 200 && response.body == "<html>")
        }
    }

    @Test func changesTheContentTypeOfAStream() async throws {
        try await withServer("scenario s\nheader content-type: text/plain\nreply 'a'") { server in
            let response = try ask(server)
            #expect(response.header("Content-Type") == "text/plain")
            #expect(response.headers.filter { $0.name.lowercased() == "content-type" }.count == 1)
        }
    }

    @Test(arguments: [0, 1, 10, 100, 200, 431]) func cutsAfterBytes(_ count: Int) async throws {
        let whole = try await withServer("scenario s\nid i\nreply 'one two'") { try ask($0).bytes }
        try await withServer("scenario s\nid i\nafter \(count) bytes cut\nreply 'one two'") { server in
            let response = try ask(server)
            #expect(response.ending == .closed)
            #expect(response.bytes.count == count)
            #expect(withoutTime(response.bytes) == withoutTime(Array(whole.prefix(count))))
            #expect(await server.ending(ofRequest: 1) == .cut)
        }
    }

    /// The bytes with the time of creation, which may differ by a second, made equal.
    private func withoutTime(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self).replacing(#/"created":\d+/#, with: "")
    }

    @Test(arguments: ["after 2 pieces reset", "after 700 bytes reset"]) func resetsInTheMiddle(_ fault: String)
        async throws
    {
        try await withServer("scenario s\n\(fault)\nreply 'one two three four'") { server in
            let response = try ask(server)
            #expect(response.status == 200 && response.ending == .reset)
            #expect(response.body.contains(#""content":"one""#) && !response.body.contains("four"))
            #expect(await server.ending(ofRequest: 1) == .reset)
        }
    }

    @Test(arguments: [("cut", RawClient.Ending.closed), ("reset", .reset)], [true, false])
    func endsBeforeTheHeaders(_ fault: (String, RawClient.Ending), _ stream: Bool) async throws {
        try await withServer("scenario s\n\(fault.0)") { server in
            let response = try ask(server, chat(stream: stream))
            #expect(response.status == 0 && response.ending == fault.1)
        }
    }

    @Test func endsAfterTheHeaders() async throws {
        try await withServer("scenario s\nheaders\ncut") { server in
            let response = try ask(server)
            #expect(response.status == 200 && response.bytes.isEmpty && response.ending == .closed)
        }
    }

    @Test func stallsUntilTheClientLeaves() async throws {
        try await withServer("scenario s\nafter 2 pieces wait forever\nreply 'one two three'") { server in
            let client = try RawClient(port: server.port)
            client.post(chat())
            let chunks = client.chunks(3)
            #expect(chunks.count == 3 && String(decoding: chunks[2], as: UTF8.self).contains(" two"))
            client.disconnect()
            #expect(await server.ending(ofRequest: 1) == .abandoned)
        }
    }

    @Test func stopsPlayingWhenTheClientLeaves() async throws {
        try await withServer("scenario s\nrepeat forever\nreply 'on and on '\nend") { server in
            let client = try RawClient(port: server.port)
            client.post(chat())
            #expect(client.chunks(100).count == 100)
            client.disconnect()
            #expect(await server.ending(ofRequest: 1) == .abandoned)
        }
    }

    @Test(arguments: [1, 2, 7, 100]) func splitsIntoSlices(_ size: Int) async throws {
        let whole = try await withServer("scenario s\nid i\nreply 'né 📈'") { try ask($0).bytes }
        try await withServer("scenario s\nid i\nsplit every \(size) bytes\nreply 'né 📈'") { server in
            let response = try ask(server)
            #expect(response.chunks.dropLast().allSatisfy { $0.count <= size })
            #expect(response.chunks.contains { $0.count == size })
            #expect(withoutTime(response.bytes) == withoutTime(whole))
            #expect(response.ending == .complete)
        }
    }

    @Test func splitsAtGivenBytes() async throws {
        try await withServer("scenario s\nsplit at 5 3 9\npieces whole\nraw '0123456789ab'\nfinish none\ndone none") {
            server in
            let response = try ask(server)
            #expect(response.chunks.map { String(decoding: $0, as: UTF8.self) } == ["012", "34", "5678", "9ab"])
        }
    }

    @Test func sendsWhatIsNoStreamVerbatim() async throws {
        let script = """
            scenario s
              comment "keep-alive"
              data "{broken"
              raw "data:no space\\r\\n\\r\\n"
              data <<END
              {"a":
              1}
              END
              delta '{"tool_calls":[{"index":7}]}'
              error "It broke." type server_error code oops
              data "late"
            """
        try await withServer(script) { server in
            let response = try ask(server)
            let parts = response.chunks.map { String(decoding: $0, as: UTF8.self) }
            #expect(parts.count == 8)
            #expect(parts[0] == ": keep-alive\n\n" && parts[1] == "data: {broken\n\n")
            #expect(parts[2] == "data:no space\r\n\r\n" && parts[3] == "data: {\"a\":\ndata: 1}\n\n")
            #expect(parts[5].contains(#""delta":{"tool_calls":[{"index":7}]}"#))
            #expect(
                parts[6] == #"data: {"error":{"message":"It broke.","type":"server_error","param":null,"code":"oops"}}"#
                    + "\n\n")
            #expect(parts[7] == "data: late\n\n")
            #expect(response.ending == .complete)
            let whole = try ask(server, chat(stream: false))
            #expect(whole.status == 200 && whole.body.hasPrefix(#"{"error":{"message":"It broke.""#))
        }
    }

    @Test(arguments: [
        ("finish none", false, true), ("done none", true, false), ("finish none\ndone none", false, false),
        ("finish odd", true, true),
    ])
    func leavesOutTheEnd(_ lines: String, _ hasFinish: Bool, _ hasDone: Bool) async throws {
        try await withServer("scenario s\nreply 'a'\n\(lines)") { server in
            let response = try ask(server)
            let answer = try Assembled(response)
            #expect((answer.finish != nil) == hasFinish && answer.isDone == hasDone)
            #expect(response.ending == .complete)
        }
    }

    @Test func playsTheFirstRequestsOnly() async throws {
        let script = """
            scenario first
              times 2
              status 500
              error "no"
            scenario other
              when path is "/v1/models"
              times 1
              status 404
            scenario then
              reply "yes"
            """
        try await withServer(script) { server in
            var statuses: [Int] = []
            for _ in 0..<4 { statuses.append(try ask(server).status) }
            #expect(statuses == [500, 500, 200, 200])
            let client = try RawClient(port: server.port)
            client.get("/v1/models")
            #expect(client.response().status == 404)
            client.get("/v1/models")
            #expect(client.response().status == 200)
            #expect(server.requests.map(\.scenario) == ["first", "first", "then", "then", "other", nil])
        }
    }

    @Test func keepsOrderAndBytesAtAnyRate() async throws {
        let script = """
            scenario s
              rate 9000 tokens/s
              repeat 200
                reply "{{n}} one two, "
              end
              wait 1ms
              reply "end"
            """
        let expected = (1...200).map { "\($0) one two, " }.joined() + "end"
        try await withServer(script) { server in
            let answer = try Assembled(ask(server))
            #expect(answer.texts["content"] == expected && answer.isDone)
        }
    }

    @Test func makesNothingWhileTheClientDoesNotRead() async throws {
        try await withServer("scenario s\nrepeat forever\nreply 'on and on '\nend") { server in
            let lazy = try RawClient(port: server.port)
            lazy.post(chat())
            _ = await server.request(number: 1)
            // The endless stream of the first client must not keep the one thread from a second.
            let second = try RawClient(port: server.port)
            second.get("/v1/models")
            #expect(second.response().status == 200)
        }
    }
}
