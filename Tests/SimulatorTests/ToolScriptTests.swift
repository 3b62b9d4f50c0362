import Foundation
import ProviderCore
import Testing

@testable import Simulator

/// What a script can say about calls and their results.
@Suite struct ToolScriptTests {
    private static let results = [
        ToolResult(name: "f", text: "{{n}}"), ToolResult(name: "g", text: ""), ToolResult(name: "f", text: "two"),
    ]

    @Test(arguments: [
        ("{{result 1}}|{{result 2}}|{{result 3}}", "{{n}}||two"),
        ("{{result 4}}{{result 0}}", "(no result)(no result)"),
        ("{{result f}}, {{result g}}, {{result h}}", "{{n}}, , (no result)"), ("{{result }}", "(no result)"),
        ("{{results}}", "- f: {{n}}\n- g: \n- f: two"), ("{{count}} in step {{step}} of {{model}}", "3 in step 2 of m"),
        (#"{"a": {{result 3}}}"#, #"{"a": two}"#), ("{{{n}}}", "{7}"), ("{{{{n}}}}", "{{7}}"), ("{{", "{{"),
        ("{{}}", "{{}}"),
        ("{{n}", "{{n}"), ("n}} {{x}} {{n}}", "n}} {{x}} 7"), ("{{result -1}}", "(no result)"),
        ("{{result 99999999999999999999}}", "(no result)"), ("", ""),
    ])
    func fillsInOnce(_ template: String, _ expected: String) {
        var marks = Placeholders(model: "m")
        marks.results = Self.results
        marks.step = 2
        #expect(String(decoding: marks.filled(template, round: 7), as: UTF8.self) == expected)
    }

    @Test func keepsTheBeginningOfALongResult() {
        let whole = String(repeating: "e\u{301}", count: 500)
        #expect(ToolResult(name: "f", text: whole).text == whole)
        #expect(
            ToolResult(name: "f", text: whole + "x").text.unicodeScalars.elementsEqual((whole + "…").unicodeScalars))
    }

    @Test func resultsStandInTheOrderOfTheCalls() {
        let calls = ["a", "b", "a", "c"].map { Message.Call(id: $0, name: "f" + $0) }
        let results = ["b", "a", "a"].enumerated().map {
            Message(role: "tool", text: "\($0)", answeredCallID: $1)
        }
        let turn = [Message(role: "user", text: "x"), Message(role: "assistant", text: "", calls: calls)] + results
        #expect(turn.results.map(\.name) == ["fa", "fb", "fa"] && turn.results.map(\.text) == ["1", "0", "2"])
        #expect((turn + [Message(role: "user", text: "and?")]).results.count == 3)
        #expect((turn + [Message(role: "assistant", text: "done")]).results.isEmpty)
        #expect(turn.step == 2 && Placeholders(model: "m", turn).step == 2)
    }

    @Test(arguments: AnswerWay.all) func conditionsLookAtResultsAndFormat(_ way: AnswerWay) async throws {
        let script = """
            scenario failed
              when last message is tool
              when result says "no such"
              reply 'failed'
            scenario plain
              when last message is tool
              when response format is text
              reply 'plain: {{result lookup}}'
            scenario object
              when last message is tool
              when response format is json_object
              reply 'object'
            scenario ask
              call note with '{}'
              call lookup with '{}'
            """
        try await withServer(script) { server in
            for (result, format, expected) in [
                ("There is NO SUCH thing", nil, "failed"), ("no, such", ResponseFormat.jsonObject, "failed"),
                ("nosuch", nil, "plain: nosuch"), ("fine", .jsonObject, "object"),
            ] {
                var talk = try ToolTalk(server, way, "x")
                talk.responseFormat = format
                try await talk.ask()
                try await talk.goOn { $0.name == "lookup" ? result : "noted" }
                #expect(talk.answer.text == expected)
            }
        }
    }

    @Test(arguments: AnswerWay.all) func moreArgumentsBelongToTheLastCall(_ way: AnswerWay) async throws {
        let script = """
            scenario s
              call f with '{"n": ['
              repeat 3
                arguments "{{n}},"
              end
              arguments '4]}'
              together
                call g with '{"a": 1}'
                call h with ''
              end
              arguments '{}'
              reply 'and text'
            """
        try await withServer(script) { server in
            var talk = try ToolTalk(server, way, "x")
            try await talk.ask()
            #expect(talk.answer.orderedCalls.map(\.name) == ["f", "g", "h"])
            #expect(talk.answer.orderedCalls.map(\.arguments) == [#"{"n": [1,2,3,4]}"#, #"{"a": 1}"#, "{}"])
            #expect(talk.answer.text == "and text" && talk.failure == nil)
        }
    }

    /// Some servers send the arguments themselves, and not their text.
    @Test(arguments: ModelAPI.allCases) func argumentsMayBeAnObject(_ api: ModelAPI) async throws {
        let script = """
            scenario chat
              when api is chat
              delta '{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":{"a":[1,{"b":null}]}}}]}'
              finish tool_calls
            scenario responses
              data '{"type":"response.output_item.done","output_index":0,"item":{"type":"function_call","id":"i","call_id":"c","name":"f","arguments":{"a":[1,{"b":null}]}}}'
              finish tool_calls
            """
        try await withServer(script) { server in
            var talk = try ToolTalk(server, AnswerWay(api: api, delivery: .streamed), "x")
            try await talk.ask()
            #expect(talk.failure == nil && talk.answer.toolCalls.map(\.name) == ["f"])
            #expect(talk.answer.toolCalls.map(\.arguments) == [#"{"a":[1,{"b":null}]}"#])
        }
    }

    /// All events of a stream over Responses are in the order of the protocol, whatever is played together, and to the end of a limit.
    @Test(arguments: [nil, 16, 20]) func whatIsPlayedTogetherEndsTogether(_ limit: Int?) async throws {
        let words = (0..<12).map { "w\($0)" }.joined(separator: " ")
        let script = """
            scenario s
              reasoning 'one two'
              together
                call f with '\(words)'
                call g with 'short'
                call h with '\(words)'
              end
              reply 'and so on'
            """
        try await withServer(script) { server in
            let extra = limit.map { #","max_output_tokens":\#($0)"# } ?? ""
            let answer = try AssembledResponse(ask(responses: server, respond("x", extra)))
            #expect(answer.status == (limit == nil ? "completed" : "incomplete"))
            #expect(answer.calls.map(\.name) == ["f", "g", "h"])
            let items = try #require(answer.final?["output"] as? [[String: Any]])
            #expect(items.compactMap { $0["status"] as? String }.contains("incomplete") == (limit != nil))
            if limit == nil { #expect(answer.calls.map(\.arguments) == [words, "short", words]) }
        }
    }

    @Test func resultsOfAStoredAnswerAreKnown() async throws {
        let script = """
            scenario answer
              when last message is tool
              reply 'f: {{result f}}, g: {{result 2}}'
            scenario ask
              together
                call f with '{}'
                call g with '{}'
              end
            """
        try await withServer(script) { server in
            let first = try AssembledResponse(ask(responses: server, respond("x")))
            let outputs = first.calls.map {
                #"{"type":"function_call_output","call_id":"\#($0.callID)","output":"of \#($0.name)"}"#
            }
            let body = """
                {"model":"m","stream":true,"previous_response_id":"resp_demo_000001","input":[\(outputs.reversed().joined(separator: ","))]}
                """
            #expect(try AssembledResponse(ask(responses: server, body)).text == "f: of f, g: of g")
        }
    }

    @Test func heedsACapInACallOfManyRounds() async throws {
        try await withServer("scenario s\ncall f id c with ''\nrepeat forever\narguments 'x y z '\nend") { server in
            let streamed = try Assembled(ask(server, chat("x", #","max_tokens":50"#)))
            #expect(streamed.finish == "length" && streamed.calls[0]?.arguments.isEmpty == false)
            let whole = try json(ask(server, chat("x", stream: false)).body)
            #expect(((whole["choices"] as? [[String: Any]])?.first)?["finish_reason"] as? String == "tool_calls")
        }
    }
}
