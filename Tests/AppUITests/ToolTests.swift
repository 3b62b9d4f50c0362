import FunctionTools
import ProviderCore
import TerminalKit
import Testing

@testable import AppUI

/// Deciding on calls, in a user's terms.
@Suite struct ToolTests {
    static let schema = try? JSONParser.parse(
        """
        {"type": "object", "required": ["city"], "additionalProperties": false,
         "properties": {"city": {"type": "string"}, "days": {"type": "integer", "maximum": 7}}}
        """)
    static let weather = Tool(
        ToolDefinition(name: "get_weather", parameters: schema),
        run: .command(CommandTemplate(["printf", "%s", "{city}"])), place: "tools.json:1:1")
    static let person = Tool(ToolDefinition(name: "ask_person"))
    static let shell = Tool(ToolDefinition(name: "sh"), run: .shell(argument: "line", CommandLimits()))

    private func driver(_ tools: [Tool] = [weather, person, shell], limits: ToolLoop.Limits = ToolLoop.Limits()) throws
        -> Driver
    {
        let driver = try Driver(tools: ToolDesk(tools, limits: limits))
        driver.send(.isolation(.sandboxed(by: "bubblewrap")))
        return driver
    }

    @Test func yRunsTheChosenCallOnceAndTheConversationGoesOn() throws {
        let driver = try driver()
        #expect(driver.ask("weather")?.tools.map(\.name) == ["get_weather", "ask_person", "sh"])
        driver.calls("get_weather", #"{"city": "Lisbon"}"#)
        driver.press(.alt("3"))
        #expect(driver.screen().contains("$ printf %s Lisbon"))
        driver.decide("y")
        let run = try #require(driver.runs)
        #expect(run.tool.name == "get_weather")
        #expect(run.arguments["city"]?.stringValue == "Lisbon")
        #expect(driver.request == nil)
        #expect(driver.screen().contains("tools run"))
        driver.result(run.id, "24 °C")
        let request = try #require(driver.request)
        #expect(request.messages.map(\.role) == [.user, .assistant, .tool])
        #expect(request.messages[2].text == "24 °C")
        #expect(driver.screen().contains("✓ ran"))
    }

    @Test func enterNeverRuns() throws {
        let driver = try driver()
        driver.ask("weather")
        driver.calls("get_weather", #"{"city": "Lisbon"}"#)
        driver.press(.alt("3"))
        for _ in 0..<4 {
            driver.press(key: .enter)
            #expect(driver.runs == nil)
        }
        driver.press(.alt("1"))
        driver.press(key: .enter)
        #expect(driver.runs == nil)
        #expect(driver.model.conversation.openCalls == [0])
    }

    @Test func editedArgumentsRunAndGoBack() throws {
        let driver = try driver()
        driver.ask("weather")
        driver.calls("get_weather", #"{"city": "Lisbon", "days": 2}"#)
        driver.press(.alt("3"))
        driver.press(.character("e"))
        driver.model.replaceEntry(#"{"city": "Porto"}"#)
        driver.press(key: .enter)
        #expect(driver.runs == nil)
        driver.decide("y")
        let run = try #require(driver.runs)
        #expect(run.arguments == .object([JSONMember("city", .string("Porto"))]))
        driver.result(run.id, "21 °C")
        let request = try #require(driver.request)
        #expect(request.messages[1].toolCalls[0].arguments == #"{"city":"Porto"}"#)
        driver.press(key: .enter)
        let screen = driver.screen()
        #expect(screen.contains("as edited") && screen.contains("the model's own"))
    }

    @Test func editedArgumentsMustMatchTheSchema() throws {
        let driver = try driver()
        driver.ask("weather")
        driver.calls("get_weather", #"{"city": "Lisbon"}"#)
        driver.press(.alt("3"))
        driver.press(.character("e"))
        driver.model.replaceEntry(#"{"city": 7}"#)
        driver.press(key: .enter)
        #expect(driver.screen().contains("city must be a string"))
        driver.press(key: .escape)
        #expect(driver.model.conversation.openCalls == [0])
    }

    @Test(arguments: [
        ("get_weather", #"{"city": "Lis"#, "not JSON"), ("get_weather", #"{"city": 7}"#, "must be a string"),
        ("get_weather", #"{"town": "Lisbon"}"#, "town"), ("get_wether", "{}", "did you mean"),
        ("get_weather", "[]", "object"), ("get_weather", #"{"city":"a","days":9}"#, "7"),
    ]) func aWrongCallIsShownAndNeverRun(name: String, arguments: String, word: String) throws {
        let driver = try driver()
        driver.ask("weather")
        driver.calls(name, arguments)
        driver.press(.alt("3"))
        driver.decide("y")
        #expect(driver.runs == nil)
        #expect(driver.screen().contains("It is not run"))
        driver.decide("a")
        #expect(driver.runs == nil)
        driver.press(key: .enter)
        #expect(driver.screen().contains(word))
        driver.press(key: .escape)
        driver.press(.character("x"))
        driver.press(key: .enter)
        let request = try #require(driver.request)
        #expect(request.messages.last?.text.hasPrefix("error: ") == true)
        #expect(request.messages.last?.text.contains(word) == true)
    }

    @Test func aRemembersThisExactCommandOnly() throws {
        let driver = try driver()
        driver.ask("weather")
        driver.calls("get_weather", #"{"city": "Lisbon"}"#)
        driver.press(.alt("3"))
        driver.decide("a")
        driver.result(try #require(driver.runs).id, "24 °C")
        driver.calls("get_weather", #"{ "city":"Lisbon" }"#, #"{"city": "Lisbon", "days": 1}"#)
        let run = try #require(driver.runs)
        #expect(driver.model.conversation.openCalls == [1])
        driver.result(run.id, "25 °C")
        #expect(driver.request == nil)
        driver.press(.character("n"))
        #expect(driver.request?.messages.suffix(2).map(\.text) == ["25 °C", "The user refused this call."])
    }

    @Test func resultsGoBackInTheOrderOfTheCalls() throws {
        let driver = try driver()
        driver.ask("weather")
        driver.calls("get_weather", #"{"city": "Lisbon"}"#, #"{"city": "Oslo"}"#)
        driver.press(.alt("3"))
        driver.decide("y")
        let first = try #require(driver.runs)
        driver.decide("y")
        let second = try #require(driver.runs)
        driver.result(second.id, "Oslo's")
        driver.result(first.id, "Lisbon's")
        #expect(driver.request?.messages.suffix(2).map(\.text) == ["Lisbon's", "Oslo's"])
    }

    @Test func rReplaysTheLastResultOfTheSameArgumentsFirst() throws {
        let driver = try driver()
        driver.ask("weather")
        driver.calls("get_weather", #"{"city": "Lisbon"}"#, #"{"city": "Oslo"}"#)
        driver.press(.alt("3"))
        driver.press(.character("r"))
        #expect(driver.screen().contains("no earlier result"))
        for text in ["for Lisbon", "for Oslo"] {
            driver.press(.character("v"))
            driver.type(text)
            driver.press(key: .enter)
        }
        driver.calls("get_weather", #"{"city":"Lisbon"}"#, #"{"city": "Rome"}"#)
        driver.press(.character("r"))
        #expect(driver.model.conversation.openCalls == [1])
        // For Rome there is none: the last one is shown first.
        driver.press(.character("r"))
        #expect(driver.screen().contains("result of call 1.2, for"))
        #expect(driver.request == nil)
        driver.press(key: .enter)
        #expect(driver.request?.messages.suffix(2).map(\.text) == ["for Lisbon", "for Oslo"])
    }

    @Test func resultsOfEarlierSessionsCanBeReplayed() throws {
        let driver = try driver()
        let call = ToolCall(id: "c", name: "get_weather", arguments: #"{"city": "Lisbon"}"#)
        driver.send(
            .calls([
                DecidedCall(
                    conversation: "old-1", turn: 1, position: 1, call: call, result: ToolResult("old", kind: .typed),
                    decider: .person)
            ]))
        driver.ask("weather")
        driver.calls("get_weather", #"{"city":"Lisbon"}"#)
        driver.press(.alt("3"))
        driver.press(.character("r"))
        #expect(driver.screen().contains("result of an earlier session"))
        driver.press(key: .enter)
        #expect(driver.request?.messages.last?.text == "old")
    }

    @Test func anErrorIsNoResultToReplay() throws {
        let driver = try driver()
        driver.ask("weather")
        driver.calls("get_weather", #"{"city": 7}"#, #"{"city": "Oslo"}"#)
        driver.press(.alt("3"))
        driver.press(.character("x"))
        driver.press(key: .enter)
        driver.press(.character("r"))
        #expect(driver.screen().contains("no earlier result"))
    }

    @Test func aBurstOfKeysRunsOneCallOnly() throws {
        let driver = try driver()
        driver.ask("weather")
        driver.calls("get_weather", #"{"city": "Lisbon"}"#, #"{"city": "Oslo"}"#)
        driver.press(.alt("3"))
        driver.decide("y")
        #expect(driver.runs != nil)
        driver.press(.character("y"))
        #expect(driver.runs == nil)
        // Painted, but chosen a moment ago: the key was meant for the call before.
        driver.press(key: .escape)
        _ = driver.screen()
        driver.press(.character("y"))
        #expect(driver.runs == nil)
        driver.decide("y")
        #expect(driver.runs != nil)
    }

    @Test func nothingRunsThatWasNotOnTheScreen() throws {
        let driver = try driver()
        driver.ask("weather")
        driver.calls("get_weather", #"{"city": "Lisbon"}"#)
        driver.press(.alt("3"))
        _ = driver.screen(18, 5)
        driver.wait(.seconds(1))
        driver.press(.character("y"))
        for _ in 0..<200 { driver.press(key: .down) }
        _ = driver.screen(18, 5)
        driver.press(.character("y"))
        #expect(driver.runs == nil)
    }

    @Test func whatWasSeenInAnotherWidthDoesNotCount() throws {
        let driver = try driver()
        driver.ask("weather")
        let city = String(repeating: "long way to ", count: 400)
        driver.calls("get_weather", #"{"city": "\#(city)"}"#)
        driver.press(.alt("3"))
        driver.decide("y")
        for _ in 0..<30 {
            driver.press(key: .pageDown)
            _ = driver.screen()
        }
        _ = driver.screen(60, 20)
        driver.wait(.seconds(1))
        driver.press(.character("y"))
        #expect(driver.runs == nil)
    }

    @Test func whatWasSeenWhileItArrivedDoesNotCount() throws {
        let driver = try driver()
        driver.ask("weather")
        driver.stream(
            .toolCallDelta(
                ToolCallDelta(
                    index: 0, id: "c", name: "get_weather",
                    argumentsDelta: #"{"city": "\#(String(repeating: "far ", count: 2000))"#)))
        driver.press(.alt("3"))
        driver.press(key: .enter)
        for _ in 0..<40 {
            driver.press(key: .pageDown)
            _ = driver.screen()
        }
        driver.stream(
            .toolCallDelta(ToolCallDelta(index: 0, argumentsDelta: #"away"}"#)), .finished(.toolCalls, choice: 0))
        driver.finish()
        driver.decide("y")
        #expect(driver.runs == nil)
    }

    @Test(arguments: ["\u{202E}\u{202E}\u{202E}\u{202E}\u{202E}\u{202E}>rm -rf /", "\u{E0072}\u{E006D}", "a\u{200B}b"])
    func hiddenCharactersInArgumentsAreSpeltOut(text: String) throws {
        let tool = Tool(ToolDefinition(name: "cat"), run: .command(CommandTemplate(["cat"])))
        let driver = try driver([tool])
        driver.ask("go")
        driver.calls("cat", JSONWriter.string(.object([JSONMember("t", .string(text))])))
        driver.press(.alt("3"))
        #expect(driver.screen().contains("\\u"))
        driver.press(key: .enter)
        #expect(driver.screen().contains("\\u"))
        driver.press(.character("e"))
        #expect(driver.screen().contains("\\u"))
    }

    @Test func aToolThatIsOffIsNotRunAndAllowedNoMore() throws {
        let driver = try driver()
        driver.ask("weather")
        driver.calls("get_weather", #"{"city": "Lisbon"}"#)
        driver.press(.alt("3"))
        driver.decide("a")
        driver.result(try #require(driver.runs).id, "24 °C")
        driver.answer("done")
        driver.press(.control("x"))
        driver.press(.character("f"))
        driver.press(.character(" "))
        driver.press(key: .escape)
        driver.press(.alt("1"))
        #expect(driver.ask("again")?.tools.map(\.name) == ["ask_person", "sh"])
        driver.calls("get_weather", #"{"city": "Lisbon"}"#)
        #expect(driver.runs == nil)
        driver.press(.alt("3"))
        driver.decide("y")
        #expect(driver.runs == nil)
        #expect(driver.screen().contains("was not offered"))
    }

    @Test func aResultDoesNotMoveTheChoice() throws {
        let driver = try driver()
        driver.ask("weather")
        driver.calls("get_weather", #"{"city": "A"}"#, #"{"city": "B"}"#, #"{"city": "C"}"#)
        driver.press(.alt("3"))
        driver.decide("y")
        let run = try #require(driver.runs)
        driver.press(key: .down)
        let chosen = driver.model.traceSelection
        driver.result(run.id, "done")
        #expect(driver.model.traceSelection == chosen)
        #expect(chosen?.call == 2)
    }

    @Test(arguments: [#"{"city":"Porto"}"#, #"{"city": "Porto"}"#]) func anEditIsAnEditHoweverItIsTyped(text: String)
        throws
    {
        let driver = try driver()
        driver.ask("weather")
        driver.calls("get_weather", #"{"city": "Lisbon"}"#)
        driver.press(.alt("3"))
        driver.press(.character("e"))
        driver.model.replaceEntry(text)
        driver.press(key: .enter)
        driver.press(.character("n"))
        #expect(driver.request?.messages[1].toolCalls[0].arguments == #"{"city":"Porto"}"#)
    }

    @Test func aForcedChoiceIsNotForcedAgainAfterResults() throws {
        let driver = try driver()
        driver.model.parameters.set(.toolChoice, to: .text("required"))
        #expect(driver.ask("weather")?.toolChoice == .required)
        driver.calls("get_weather", #"{"city": "Lisbon"}"#)
        driver.press(.alt("3"))
        driver.press(.character("n"))
        #expect(driver.request != nil)
        #expect(driver.request?.toolChoice == nil)
        driver.answer("no weather")
        driver.press(.alt("1"))
        #expect(driver.ask("again")?.toolChoice == .required)
    }

    @Test func argumentsGrowInTheTraceByThemselves() throws {
        let driver = try driver()
        driver.ask("weather")
        driver.stream(
            .toolCallDelta(
                ToolCallDelta(index: 0, id: "c", name: "get_weather", argumentsDelta: #"{"city": 7, "da"#)))
        let screen = driver.screen()
        #expect(screen.contains(#""city": 7,"#) && screen.contains("must be a string"))
    }

    @Test func aLongResultIsFolded() throws {
        let driver = try driver()
        driver.ask("weather")
        driver.calls("get_weather", #"{"city": "Lisbon"}"#)
        driver.press(.alt("3"))
        driver.decide("y")
        driver.result(try #require(driver.runs).id, (1...300).map { "row \($0)" }.joined(separator: "\n"))
        #expect(driver.screen().contains("… 290 more lines (^O shows)"))
        #expect(!driver.screen().contains("row 299"))
    }

    @Test func stoppedCallsSaySoToTheModel() throws {
        let driver = try driver()
        driver.ask("weather")
        driver.calls("get_weather", #"{"city": "Lisbon"}"#)
        driver.press(.alt("3"))
        driver.decide("y")
        driver.wait(.seconds(2))
        driver.press(key: .escape)
        #expect(driver.screen().contains("stopped after"))
        driver.press(.character("n"))
        #expect(driver.request?.messages.last?.text.contains("it may have had effects") == true)
    }

    @Test func everyDecisionIsKept() throws {
        let driver = try driver()
        driver.ask("weather")
        driver.calls("get_weather", #"{"city": "Lisbon"}"#)
        driver.press(.alt("3"))
        driver.press(.character("n"))
        let kept = driver.effects.compactMap { if case .keep(let call) = $0 { call } else { nil } }
        #expect(kept.map(\.result.kind) == [.refused])
        #expect(kept.first?.conversation == "session-1")
    }

    @Test func whatDoesNotFitMustBeReadToItsEndFirst() throws {
        let driver = try driver()
        driver.ask("weather")
        let city = String(repeating: "long way to ", count: 400)
        driver.calls("get_weather", #"{"city": "\#(city)"}"#)
        driver.press(.alt("3"))
        driver.decide("y")
        #expect(driver.runs == nil)
        #expect(driver.screen().contains("This is the whole of it"))
        driver.decide("y")
        #expect(driver.runs == nil)
        for _ in 0..<30 {
            driver.press(key: .pageDown)
            _ = driver.screen()
        }
        driver.decide("y")
        #expect(driver.runs != nil)
    }

    @Test(arguments: [
        ("ls                          ; rm -rf x", "blanks"), ("ls \u{200B}x", "hidden"), ("ls \u{202E}x", "hidden"),
    ]) func aShellLineThatHidesSomethingIsRefused(line: String, word: String) throws {
        let driver = try driver()
        driver.ask("run")
        driver.calls("sh", JSONWriter.string(.object([JSONMember("line", .string(line))])))
        driver.press(.alt("3"))
        driver.decide("y")
        #expect(driver.runs == nil)
        #expect(driver.screen().contains(word))
    }

    @Test func aFunctionWithoutAWayToRunIsAnsweredByHand() throws {
        let driver = try driver()
        driver.ask("who")
        driver.calls("ask_person", "")
        driver.press(.alt("3"))
        driver.decide("y")
        #expect(driver.runs == nil)
        #expect(driver.screen().contains("v types the result"))
    }

    @Test func atMostSixteenCallsOfATurnAreLeftToDecide() throws {
        let driver = try driver()
        driver.ask("many")
        for index in 0..<20 {
            driver.stream(
                .toolCallDelta(
                    ToolCallDelta(index: index, name: "get_weather", argumentsDelta: #"{"city": "\#(index)"}"#)))
        }
        driver.stream(.finished(.toolCalls, choice: 0))
        driver.finish()
        #expect(driver.model.conversation.openCalls == Array(0..<16))
        driver.press(.alt("3"))
        for _ in 0..<16 { driver.press(.character("n")) }
        let results = try #require(driver.request).messages.filter { $0.role == .tool }
        #expect(results.count == 20)
        #expect(Set(results.compactMap(\.toolCallID)).count == 20)
        #expect(results[19].text.contains("at most 16"))
    }

    @Test func escStopsWhatRunsAndTheCallWaitsAgain() throws {
        let driver = try driver()
        driver.ask("weather")
        driver.calls("get_weather", #"{"city": "Lisbon"}"#)
        driver.press(.alt("3"))
        driver.decide("y")
        let run = try #require(driver.runs)
        driver.press(key: .escape)
        #expect(driver.cancelled == [run.id])
        #expect(driver.model.conversation.openCalls == [0])
        driver.result(run.id, "too late")
        #expect(driver.request == nil)
        driver.press(.character("n"))
        #expect(driver.request?.messages.last?.text.contains("stopped this call") == true)
    }

    /// What runs belongs to its answer, whatever stands in that place of the transcript when it ends.
    @Test func aResultGoesToTheAnswerThatAskedForIt() throws {
        let driver = try driver()
        driver.ask("weather")
        driver.calls("get_weather", #"{"city": "Lisbon"}"#)
        driver.press(.alt("2"))
        driver.press(.character("r"))
        driver.calls("get_weather", #"{"city": "Porto"}"#)
        driver.press(.alt("3"))
        driver.decide("y")
        let run = try #require(driver.runs)
        driver.model.conversation.go(to: 2)
        driver.result(run.id, "24 °C")
        #expect(driver.request == nil)
        #expect(driver.model.conversation.answer(2)?.calls.first?.state == .waiting)
        #expect(driver.model.conversation.answer(3)?.calls.first?.result?.text == "24 °C")
        #expect(!driver.screen().contains("24 °C"))
    }

    @Test func aPromptWaitsForToolsThatRun() throws {
        let driver = try driver()
        driver.ask("weather")
        driver.calls("get_weather", #"{"city": "Lisbon"}"#)
        driver.press(.alt("3"))
        driver.decide("y")
        driver.press(.alt("1"))
        #expect(driver.ask("never mind") == nil)
        #expect(driver.screen().contains("1 queued"))
        #expect(driver.model.queue.map(\.text) == ["never mind"])
    }

    @Test func aModelThatCallsForEverIsStopped() throws {
        let driver = try driver(limits: ToolLoop.Limits(turns: 3))
        driver.ask("loop")
        for turn in 1...4 {
            driver.calls("get_weather", #"{"city": "Lisbon"}"#)
            driver.press(.alt("3"))
            driver.press(.character("n"))
            #expect((driver.request != nil) == (turn < 4))
        }
        #expect(driver.screen().contains("3 turns with calls in a row"))
    }

    @Test func toolsAreSwitchedOffForAConversation() throws {
        let driver = try driver()
        driver.press(.control("x"))
        driver.press(.character("f"))
        #expect(driver.screen().contains("[x] get_weather"))
        driver.press(.character(" "))
        #expect(driver.screen().contains("[ ] get_weather"))
        driver.press(key: .escape)
        #expect(driver.ask("hi")?.tools.map(\.name) == ["ask_person", "sh"])
        driver.answer("hello")
        driver.press(.control("n"))
        #expect(driver.ask("hi")?.tools.count == 3)
    }

    @Test func whatTheWorkingFolderOffersIsOffUntilItIsWanted() throws {
        var tool = Self.weather
        tool.origin = .project
        let driver = try driver([tool])
        #expect(driver.ask("hi")?.tools.isEmpty == true)
    }

    @Test func whatChangesInTheWorkingFolderIsOffAgain() throws {
        var project = Self.person
        project.origin = .project
        let driver = try driver([Self.weather, project])
        driver.model.tools.toggle(project.name)
        driver.send(.tools([Self.weather, project], warnings: []))
        #expect(driver.model.tools.offered.map(\.name) == ["get_weather", "ask_person"])
        // Another command under the same name, and one in the place of the user's own.
        var changed = project
        changed.run = .command(CommandTemplate(["rm", "-rf", "."]))
        var instead = Self.weather
        instead.origin = .project
        driver.send(.tools([instead, changed], warnings: []))
        #expect(driver.model.tools.offered.isEmpty)
    }

    @Test func withoutASandboxEveryCallSaysSo() throws {
        let driver = try driver()
        driver.send(.isolation(.none(because: "bubblewrap is not installed")))
        driver.ask("weather")
        driver.calls("get_weather", #"{"city": "Lisbon"}"#)
        driver.press(.alt("3"))
        #expect(driver.screen().contains("NO SANDBOX"))
        driver.press(key: .enter)
        #expect(driver.screen().contains("NO SANDBOX: bubblewrap is not installed"))
    }
}

extension AppModel {
    /// Replaces what stands in an open box.
    mutating func replaceEntry(_ text: String) {
        guard case .entry(var entry) = overlay else { return }
        entry.editor = LineEditor(text)
        overlay = .entry(entry)
    }
}
