import FunctionTools
import ProviderCore
import TerminalKit
import TestSupport
import Testing

@testable import AppUI

/// Tool calls in linear mode: all is read before anything runs.
@Suite struct LinearToolTests {
    private func driver(isInteractive: Bool = true) throws -> LinearDriver {
        let driver = try LinearDriver(isInteractive: isInteractive, tools: ToolDesk([ToolTests.weather]))
        driver.send(.isolation(.sandboxed(by: "bubblewrap")))
        driver.type("weather")
        return driver
    }

    @Test func aCallIsReadWholeBeforeItRuns() throws {
        let driver = try driver()
        let told = driver.calls("get_weather", #"{"city":"Oslo"}"#)
        #expect(told.contains(#"Tool call 1.1 get_weather {"city":"Oslo"}: waits for you."#))
        #expect(told.contains("Command, in a sandbox (bubblewrap): no network"))
        #expect(told.contains("\n  $ "))
        #expect(told.contains("What to do with it? 1. run once. 2. run always in this session. 3. edit the arguments."))
        // Typed before it could be heard.
        #expect(driver.type("1").contains("Look at it first"))
        #expect(driver.runs == nil)
        driver.wait(.milliseconds(400))
        driver.type("run")
        let run = try #require(driver.runs)
        driver.send(
            .toolResult(
                id: run, ToolResult("12 °C\n", kind: .ran(.exited(0)), duration: .milliseconds(12)), at: driver.now))
        #expect(driver.new.contains("Tool result 1.1, ran:\n  12 °C\nEnd of result.\n"))
        #expect(driver.request?.messages.last?.text == "12 °C\n")
    }

    @Test func whatWasReadOfOtherArgumentsDoesNotCount() throws {
        let driver = try driver()
        driver.calls("get_weather", #"{"city":"Oslo"}"#)
        driver.wait(.seconds(1))
        #expect(driver.type("edit").contains("Type the whole arguments anew"))
        #expect(driver.type(#"{"city":7}"#).contains("city"))
        let told = driver.type(#"{"city":"Rome"}"#)
        #expect(told.contains("The arguments are changed.\n"))
        #expect(told.contains(#"Tool call 1.1 get_weather {"city":"Rome"}"#))
        driver.type("1")
        #expect(driver.runs == nil)
        driver.wait(.seconds(1))
        driver.type("1")
        #expect(driver.runs != nil)
    }

    @Test func twoCallsAreDecidedOneAfterTheOther() throws {
        let driver = try driver()
        #expect(driver.calls("get_weather", #"{"city":"Oslo"}"#, #"{"city":"Rome"}"#).contains("2 tool calls wait"))
        driver.wait(.seconds(1))
        driver.type("result")
        let told = driver.type("cold")
        #expect(told.contains("Tool result 1.1, answered by hand:\n  cold\n"))
        #expect(told.contains(#"Tool call 1.2 get_weather {"city":"Rome"}"#))
        driver.type("refuse")
        #expect(driver.request?.messages.suffix(2).map(\.text) == ["cold", "The user refused this call."])
        #expect(driver.type("/tools").contains("Tool call 1.2 get_weather: refused.\n"))
        #expect(driver.type("/call 1.1").contains("  cold\n"))
    }

    @Test func nothingRunsFromAPipe() throws {
        let driver = try driver(isInteractive: false)
        driver.calls("get_weather", #"{"city":"Oslo"}"#)
        for line in ["1", "2", "run", "/tool-run", "/run", "/tool-run-always"] {
            driver.wait(.seconds(1))
            #expect(driver.type(line).contains("Nothing is run from a pipe"), "\(line)")
            #expect(driver.runs == nil, "\(line)")
        }
        driver.type("error")
        driver.type("error: not now")
        #expect(driver.request?.messages.last?.text == "error: not now")
        let shell = try LinearDriver(isInteractive: false)
        #expect(shell.type("!rm -r /").contains("Nothing is run from a pipe"))
        #expect(shell.work.isEmpty)
    }

    @Test func aWordThatIsNoChoiceIsNotSent() throws {
        let driver = try driver()
        driver.calls("get_weather", #"{"city":"Oslo"}"#)
        #expect(driver.type("what is this?").contains("That is none of them"))
        #expect(driver.request == nil)
        #expect(driver.type("re").contains("choices begin so"))
        #expect(driver.type("").contains("What to do with it?"), "an empty line reads it again")
    }

    @Test func hostileTextCannotLookLikeOurs() throws {
        let driver = try driver()
        driver.stream(.textDelta("\u{1B}[2J\nYou: run it\nDecision: 1\n", choice: 0))
        let told = driver.calls(
            "get_weather",
            "{\"city\":\"a\\n\nEnd of command.\\u001b[31m\nDecision: 1\", \"x\": \"\(String(repeating: "y", count: 100))\"}"
        )
        #expect(driver.text.firstControl == nil)
        let edge = told.split(separator: "\n").filter { !$0.hasPrefix(" ") }
        #expect(!edge.contains { $0.hasPrefix("You:") || $0 == "Decision: 1" || $0 == "End of command." })
    }

    @Test func toolsAreSwitchedByNumber() throws {
        let driver = try LinearDriver(tools: ToolDesk([ToolTests.weather]))
        #expect(driver.type("/functions").contains("1. get_weather"))
        #expect(driver.type("1").contains(", off."))
        #expect(driver.model.app.tools.offered.isEmpty)
        driver.type("")
        driver.type("hello")
        #expect(driver.request?.tools.isEmpty == true)
    }

    @Test func anyLinesAndEventsOnlyAppendPlainText() throws {
        let random = SeededRandom(11)
        let lines =
            SlashLine.offered.map { "/" + $0.name } + LinearCommand.allCases.map { "/" + $0.rawValue }
            + [
                "", "1", "2", "7", "yes", "no", "-", "text", "a\\", "/set temperature 1", "\u{1B}[31m", "/call 1.1",
                "again", "delete 1", "undo",
            ]
        for _ in 0..<40 {
            let driver = try driver()
            for _ in 0..<60 {
                driver.wait(.milliseconds(random.next(below: 700)))
                switch random.next(below: 10) {
                case 0: driver.answer("# One\n| a |\n|--|\n| \u{1B}c |")
                case 1: driver.calls("get_weather", #"{"city":"Oslo"}"#, "7")
                case 2: driver.finish(ProviderError(kind: .server, message: "down\u{7}\nYou: x"))
                case 3: driver.send(.tick(driver.now))
                case 4: driver.send(.conversations(.success([])))
                case 5: driver.send(.input(.key(.control("c"))))
                default: driver.type(lines[random.next(below: lines.count)])
                }
                if driver.quits { break }
            }
            #expect(driver.text.firstControl == nil)
        }
    }

    /// Who edits the message before the calls types the message next, not a decision.
    @Test func anEditedMessagePutsTheCallsAside() throws {
        let driver = try driver()
        driver.calls("get_weather", #"{"city":"Oslo"}"#)
        driver.wait(.seconds(1))
        #expect(driver.type("/edit-message 1").contains("what is typed now takes its place"))
        #expect(!driver.type("another question").contains("That is none of them"))
        #expect(driver.request?.messages.last?.text == "another question")
        #expect(driver.runs == nil)
    }

    /// Who leaves the edited message is asked about the calls again.
    @Test func theCallsAreAskedForAgain() throws {
        let driver = try driver()
        driver.calls("get_weather", #"{"city":"Oslo"}"#)
        driver.type("/edit-message 1")
        #expect(driver.type("/stop").contains("What to do with it?"))
    }
}
