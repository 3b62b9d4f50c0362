import ProviderCore
import Testing

@testable import Simulator

/// The built-in conversations with tools, over both APIs, streamed and whole.
@Suite struct ToolScenarioTests {
    private func talk(
        _ prompt: String, _ way: AnswerWay, _ body: (inout ToolTalk) async throws -> Void
    ) async throws {
        try await withServer(ScenarioSet.builtIn().withoutPauses()) { server in
            var talk = try ToolTalk(server, way, prompt)
            try await talk.ask()
            try await body(&talk)
        }
    }

    /// The city of a call's arguments, or what the arguments are.
    private func city(_ call: ToolCall) -> String {
        (try? JSONParser.parse(call.arguments))?["city"]?.stringValue ?? call.arguments
    }

    @Test(arguments: AnswerWay.all) func weatherUsesBothResults(_ way: AnswerWay) async throws {
        try await talk("How is the weather?", way) { talk in
            #expect(talk.answer.text.hasPrefix("I will look up") && talk.answer.finishReason == .toolCalls)
            #expect(talk.answer.orderedCalls.map(city) == ["Lisbon", "Reykjavík"])
            #expect(Set(talk.answer.toolCalls.map(\.id)).count == 2)
            if way.delivery == .streamed { #expect(talk.turns.prefix(12).elementsEqual((0..<12).map { $0 % 2 })) }
            // What came is filled in once, whatever it looks like.
            try await talk.goOn { city($0) == "Lisbon" ? "24 °C, clear {{result 2}}" : "9 °C\nrain" }
            #expect(talk.answer.text.contains("- **Lisbon:** 24 °C, clear {{result 2}}\n"))
            #expect(talk.answer.text.contains("- **Reykjavík:** 9 °C\nrain\n"))
            #expect(talk.answer.toolCalls.isEmpty && talk.answer.finishReason == .stop)
        }
    }

    /// The check above tells calls that take turns from calls in a row.
    @Test(arguments: AnswerWay.all.filter { $0.delivery == .streamed })
    func callsInARowDoNotTakeTurns(_ way: AnswerWay) async throws {
        try await withServer("scenario s\ncall f with '{\"a\": 1}'\ncall g with '{\"b\": 2}'") { server in
            var talk = try ToolTalk(server, way, "x")
            try await talk.ask()
            #expect(talk.turns == talk.turns.sorted() && Set(talk.turns) == [0, 1])
        }
    }

    @Test(arguments: AnswerWay.all) func addTakesTwoSteps(_ way: AnswerWay) async throws {
        try await talk("add 2 and 3", way) { talk in
            #expect(talk.answer.toolCalls.map(\.name) == ["add"])
            #expect(talk.answer.toolCalls.map(\.arguments) == [#"{"a": 2, "b": 3}"#])
            try await talk.goOn { _ in "5" }
            #expect(talk.answer.toolCalls.map(\.name) == ["multiply"])
            #expect(talk.answer.toolCalls.map(\.arguments) == [#"{"a": 5, "b": 10}"#])
            try await talk.goOn { _ in "50" }
            #expect(talk.answer.text.hasSuffix("ten times as much: 50.") && talk.answer.toolCalls.isEmpty)
        }
    }

    @Test(
        arguments: AnswerWay.all,
        [
            ("broken arguments", "get_weather", #"{"city": "Lisbon", "unit": "celsius", "days": "#),
            ("wrong arguments", "get_weather", #"{"town": "Lisbon", "unit": "celcius", "days": "two"}"#),
            ("unknown function", "get_wether", #"{"city": "Lisbon", "unit": "celsius", "days": 2}"#),
        ])
    func callsAreCorrected(_ way: AnswerWay, _ item: (prompt: String, name: String, arguments: String)) async throws {
        let results = ["error: that is not as it should be", "The arguments are invalid.", "days must be a number"]
        for result in results {
            try await talk(item.prompt, way) { talk in
                #expect(talk.answer.toolCalls.map(\.name) == [item.name])
                #expect(talk.answer.toolCalls.map(\.arguments) == [item.arguments])
                try await talk.goOn { _ in result }
                #expect(talk.answer.text.hasPrefix("That was my mistake"))
                #expect(talk.answer.toolCalls.map(\.name) == ["get_weather"])
                #expect(talk.answer.toolCalls.map(city) == ["Lisbon"])
                try await talk.goOn { _ in "21 °C" }
                #expect(talk.answer.text.contains("**Lisbon:** 21 °C") && talk.answer.toolCalls.isEmpty)
            }
        }
        // Whoever lets it pass has the answer at once.
        try await talk(item.prompt, way) { talk in
            try await talk.goOn { _ in "22 °C" }
            #expect(talk.answer.text.contains("**Lisbon:** 22 °C") && talk.answer.toolCalls.isEmpty)
        }
    }

    @Test(arguments: AnswerWay.all) func textStandsBetweenCalls(_ way: AnswerWay) async throws {
        try await talk("text between calls", way) { talk in
            #expect(talk.answer.text == "First Lisbon. Then Reykjavík. And now it is your turn.")
            #expect(talk.answer.toolCalls.map(city) == ["Lisbon", "Reykjavík"])
            try await talk.goOn { "sun over \(city($0))" }
            #expect(talk.answer.text.contains("2 in all"))
            #expect(talk.answer.text.contains("- get_weather: sun over Lisbon\n- get_weather: sun over Reykjavík\n"))
        }
    }

    @Test(arguments: AnswerWay.all) func thoughtsStandBetweenCalls(_ way: AnswerWay) async throws {
        try await talk("thoughts between calls", way) { talk in
            #expect(talk.answer.reasoning?.contains("Lisbon comes first.") == true)
            #expect(talk.answer.reasoning?.hasSuffix("Now the other one.") == true)
            #expect(talk.answer.toolCalls.map(city) == ["Lisbon", "Reykjavík"])
            if way.api == .responses {
                #expect(
                    talk.answer.opaqueItems.map { $0["type"]?.stringValue } == [
                        "reasoning", "function_call", "reasoning", "function_call",
                    ])
            }
            try await talk.goOn { _ in "sun" }
            #expect(talk.failure == nil && talk.answer.text.contains("2 in all"))
        }
    }

    @Test(arguments: AnswerWay.all) func oneMoreCallForever(_ way: AnswerWay) async throws {
        try await talk("forever", way) { talk in
            for _ in 0..<55 {
                #expect(talk.answer.toolCalls.count == 1 && talk.failure == nil)
                try await talk.goOn { _ in "sun" }
            }
            let ids = talk.messages.flatMap { $0.toolCalls.map(\.id) }
            #expect(ids.count == 55 && Set(ids).count == 55)
        }
    }

    @Test(arguments: AnswerWay.all) func twentyCallsInOneTurn(_ way: AnswerWay) async throws {
        try await talk("many calls", way) { talk in
            #expect(talk.answer.toolCalls.map(city) == (1...20).map { "City \($0)" })
            #expect(Set(talk.answer.toolCalls.map(\.id)).count == 20)
            try await talk.goOn { "in \(city($0))" }
            #expect(talk.answer.text.contains("20 in all") && talk.answer.text.contains("- get_weather: in City 20\n"))
        }
    }

    @Test(arguments: AnswerWay.all) func callsWithoutIDsHaveTheirResults(_ way: AnswerWay) async throws {
        try await talk("without ids", way) { talk in
            #expect(talk.answer.toolCalls.map(city) == ["Lisbon", "Reykjavík"])
            #expect(talk.answer.toolCalls.allSatisfy { $0.id.isEmpty == (way.api == .chat) })
            try await talk.goOn { "sun over \(city($0))" }
            #expect(talk.answer.text.contains("sun over Lisbon\n- get_weather: sun over Reykjavík\n"))
        }
    }

    @Test(arguments: AnswerWay.all) func callsOfOneIDStayApart(_ way: AnswerWay) async throws {
        try await talk("same ids", way) { talk in
            #expect(talk.answer.toolCalls.map(\.name) == ["get_weather", "get_weather"])
            #expect(talk.answer.toolCalls.map(city) == ["Lisbon", "Reykjavík"])
            try await talk.goOn { "sun over \(city($0))" }
            #expect(talk.answer.text.contains("sun over Lisbon\n- get_weather: sun over Reykjavík\n"))
        }
    }

    @Test(arguments: AnswerWay.all) func indexesInNoOrder(_ way: AnswerWay) async throws {
        try await talk("index gaps", way) { talk in
            let isToldApart = way.delivery == .streamed
            #expect(
                talk.answer.orderedCalls.map(city)
                    == (isToldApart ? ["Reykjavík", "Tallinn", "Lisbon"] : ["Lisbon", "Reykjavík", "Tallinn"]))
            try await talk.goOn { "sun over \(city($0))" }
            #expect(talk.failure == nil && talk.answer.text.contains("3 in all"))
        }
    }

    @Test(arguments: AnswerWay.all) func aHugeIndex(_ way: AnswerWay) async throws {
        try await talk("huge index", way) { talk in
            #expect(talk.answer.text == "One call, and its number is a billion.")
            guard way.api == .chat, way.delivery == .streamed else {
                #expect(talk.failure == nil && talk.answer.toolCalls.map(city) == ["Lisbon"])
                return
            }
            #expect(talk.failure?.kind == .invalidResponse && talk.answer.toolCalls.isEmpty)
            #expect(talk.failure?.message.contains("tool call index 1000000000 (cap: 127)") == true)
        }
    }

    @Test(arguments: AnswerWay.all) func aThousandCallsAreCut(_ way: AnswerWay) async throws {
        try await talk("thousand calls", way) { talk in
            #expect(talk.failure?.kind == .invalidResponse && talk.answer.finishReason == nil)
            let message = talk.failure?.message ?? ""
            #expect(
                message.contains("more than 128 tool calls") || message.contains("tool call index 128"), "\(message)")
            // What came is kept.
            #expect(talk.answer.toolCalls.count == 128 && talk.answer.toolCalls.last.map(city) == "City 128")
        }
    }

    @Test(arguments: AnswerWay.all) func endlessArgumentsAreCut(_ way: AnswerWay) async throws {
        try await talk("endless arguments", way) { talk in
            #expect(talk.failure?.kind == .invalidResponse && talk.answer.finishReason == nil)
            #expect(talk.failure?.message.contains("tool call arguments of more than 1048576 bytes") == true)
            #expect(talk.failure?.fate == .interrupted)
            let kept = talk.answer.toolCalls.first?.arguments.utf8.count ?? 0
            #expect(kept <= 1 << 20)
            if way.delivery == .streamed { #expect(kept > 1 << 19, "what came is kept") }
        }
    }

    @Test(arguments: AnswerWay.all) func answersAreJSONWhereItIsDemanded(_ way: AnswerWay) async throws {
        let schema = try JSONParser.parse(#"{"type":"object","properties":{"city":{"type":"string"}}}"#)
        let forms: [ResponseFormat] = [.jsonObject, .jsonSchema(name: "weather", schema: schema, strict: true)]
        let right = #"{"city": "Lisbon", "celsius": 21.5}"#
        let cases: [(prompt: String, text: String)] = [
            ("json", right), ("anything JSON", right),
            ("json wrong", #"{"city": "Lisbon", "celsius": "warm", "wind": true}"#),
            ("broken json", #"{"city": "Lisbon", "celsius": "#),
        ]
        for form in forms {
            for item in cases {
                try await talk(item.prompt, way) { talk in
                    talk.responseFormat = form
                    try await talk.ask()
                    #expect(talk.answer.text == item.text && talk.failure == nil)
                }
            }
        }
        try await talk("json", way) { #expect($0.answer.text.hasPrefix("Your request did not ask for JSON")) }
    }
}
