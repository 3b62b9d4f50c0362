import Conversations
import Foundation
import FunctionTools
import ProviderCore
import TerminalKit
import TestSupport
import Testing

@testable import AppUI

/// Linear mode: what is told, line by line.
@Suite struct LinearTests {
    @Test func aPromptAndItsAnswerAreToldWithRoles() throws {
        let driver = try LinearDriver()
        #expect(driver.type("hello") == "You: hello\n")
        #expect(driver.request?.messages.map(\.text) == ["hello"])
        driver.stream(.responseStarted(ResponseMetadata(model: "gpt-5.4-mini")), .textDelta("Good ", choice: 0))
        #expect(driver.new == "Assistant (gpt-5.4-mini, defaults):\n")
        driver.stream(.textDelta("day.\nHow", choice: 0))
        #expect(driver.new == "  Good day.\n")
        driver.stream(.finished(.stop, choice: 0))
        driver.finish()
        #expect(driver.new == "  How\nEnd of answer.\n")
    }

    @Test func aTerminalShowsWhatIsTypedAndIsAskedForIt() throws {
        let driver = try LinearDriver(echoes: false)
        #expect(driver.text.hasSuffix("\nYou: "))
        // The terminal itself shows "hello" and the line end.
        #expect(driver.type("hello").isEmpty)
        #expect(driver.answer("Hi.") == "Assistant (gpt-5.4-mini, defaults):\n  Hi.\nEnd of answer.\nYou: ")
        driver.send(.notices(["The ledger is full."]))
        #expect(driver.new == "\nWarning: The ledger is full.\nYou: ")
    }

    @Test func aLineThatEndsInABackslashGoesOn() throws {
        let driver = try LinearDriver()
        #expect(driver.type("one\\") == "You: one\\\n")
        #expect(driver.type("two") == "And: two\n")
        #expect(driver.request?.messages.map(\.text) == ["one\ntwo"])
    }

    @Test func everyChangeOfAParameterIsTold() throws {
        let driver = try LinearDriver()
        #expect(driver.type("/set temperature 0.75").hasSuffix("\ntemperature 0.75.\n"))
        #expect(
            driver.type("/nudge up").hasSuffix("\ntemperature 0.90.\n") || driver.model.app.parameters.stamp == "T=0.9")
        #expect(driver.type("/unset temperature").hasSuffix("\ntemperature not sent.\n"))
        #expect(driver.type("/set temperature 9").contains("from 0 to 2"))
        #expect(driver.type("/model gpt-4o").hasSuffix("\nmodel gpt-4o.\n"))
        #expect(driver.type("/parameters").contains("\ntemperature not sent.\n"))
    }

    @Test func aParameterIsAskedForInSteps() throws {
        let driver = try LinearDriver()
        #expect(driver.type("/set").contains("2. temperature not sent.\n"))
        #expect(driver.type("temp").contains("Type a value; - sends none, nothing keeps it"))
        #expect(driver.type("3").contains("from 0 to 2"))
        #expect(driver.type("0.3").hasSuffix("Value: 0.3\ntemperature 0.30.\n"))
        driver.type("/set")
        driver.type("2")
        #expect(driver.type("-").hasSuffix("temperature not sent.\n"))
        driver.type("/set")
        #expect(driver.type("").hasSuffix("Left as it is.\n"))
        #expect(driver.type("hello").hasPrefix("You: hello"))
    }

    @Test func modelsAreNumberedChoices() throws {
        let driver = try LinearDriver()
        driver.type("/model")
        driver.type("2")
        #expect(driver.model.app.parameters.model == "gpt-5.4-mini", "typed ahead: it waits for the list")
        driver.send(.models(.success(["a-model", "b-model", "gpt-5.4-mini"].map { ModelListing(id: $0) })))
        #expect(driver.new.contains("2. b-model.\n"))
        #expect(driver.model.app.parameters.model == "b-model")
        driver.type("/model")
        #expect(driver.type("a-").hasSuffix("model a-model.\n"))
        driver.type("/model")
        #expect(driver.type("").hasSuffix("Left as it is.\n"))
        #expect(driver.model.app.parameters.model == "a-model")
    }

    @Test func figuresAndReasoningAreToldWhenAskedFor() throws {
        let driver = try LinearDriver()
        driver.type("one")
        let first = driver.answer("1", reasoning: "I count.")
        #expect(first.contains("Reasoning, folded: /reasoning reads it.\n"))
        #expect(!first.contains("I count"))
        #expect(!first.contains("Tokens"))
        #expect(driver.type("/reasoning").contains("Reasoning:\n  I count.\nEnd of reasoning.\n"))
        #expect(driver.type("/meter").contains("Tokens of the last answer: 10 in, 5 out.\nCost: less than $0.0001."))
        driver.type("/meter always")
        driver.type("/reasoning always")
        driver.type("two")
        let second = driver.answer("2", reasoning: "Again.")
        #expect(
            second.contains("Reasoning:\n  Again.\nEnd of reasoning.\n  2\nEnd of answer.\nTokens of the last answer"))
    }

    @Test func whatIsTypedWhileAnAnswerComesIsQueuedAndReadWhenItIsSent() throws {
        let driver = try LinearDriver()
        driver.type("one")
        #expect(driver.type("two").contains("Queued: it is sent when the answer is there. /stop takes it back."))
        let told = driver.answer("1")
        #expect(told == "Assistant (gpt-5.4-mini, defaults):\n  1\nEnd of answer.\nYou: two\n")
        #expect(driver.type("7").contains("a number alone is not queued"))
    }

    @Test func interruptStopsTheAnswerAndTwiceLeaves() throws {
        let driver = try LinearDriver()
        driver.type("one")
        driver.stream(.textDelta("Some text", choice: 0))
        driver.send(.input(.key(.control("c"))))
        #expect(driver.cancelled == [1])
        #expect(driver.new.hasSuffix("  Some text\nEnd of answer: stopped. The text so far is kept.\n"))
        driver.send(.input(.key(.control("c"))))
        #expect(!driver.quits)
        driver.send(.input(.key(.control("c"))))
        #expect(driver.quits)
    }

    @Test func retriesAndFailuresAreSentences() throws {
        let driver = try LinearDriver()
        driver.type("busy")
        let refusal = ProviderError(kind: .rateLimited, status: 429, message: "Slow down")
        driver.stream(
            .policy(
                .retryScheduled(
                    RetryNotice(
                        attempt: 1, limit: 3, error: refusal, wait: .seconds(1), until: driver.now + .seconds(1),
                        basis: .backoff))))
        #expect(driver.new.contains("Attempt 2 of 3 in 1.0 s: rate limited, status 429: Slow down.\n"))
        driver.finish(refusal)
        #expect(
            driver.new.hasSuffix(
                "Failed: rate limited, status 429: Slow down.\n/retry-now asks again.\nEnd of answer.\n"))
        driver.type("/retry-now")
        #expect(driver.request?.messages.map(\.text) == ["busy"])
    }

    @Test func silenceIsToldBesideTheTextAtMostEveryTenSeconds() throws {
        let driver = try LinearDriver()
        driver.type("one")
        var told: [String] = []
        for _ in 0..<100 {
            driver.wait(.milliseconds(250))
            driver.send(.tick(driver.now))
            told += driver.asides
        }
        #expect(told == ["Waiting for the first token for 10 s.", "Waiting for the first token for 20 s."])
        #expect(driver.new.isEmpty || !driver.text.contains("Waiting"))
    }

    @Test func branchesAreWalkedComparedAndEdited() throws {
        let driver = try LinearDriver()
        driver.type("hello")
        driver.answer("It is one two.")
        driver.type("/set temperature 0.2")
        driver.type("/again")
        #expect(
            driver.answer("It is one three.").hasPrefix("Assistant (gpt-5.4-mini, temperature 0.2), version 2 of 2:\n"))
        let compared = driver.type("/compare")
        #expect(compared.contains("version 1 of 2:\n  It is one two.\n"))
        #expect(
            compared.contains("version 2 of 2:\n  It is one three.\nEnd of answer.\nOther than in version 1: three.\n"))
        #expect(driver.type("1").hasSuffix("The conversation goes on from version 1 of 2.\n"), "it was just read")
        #expect(driver.type("/output").contains("version 1 of 2:\n  It is one two.\nEnd of answer.\n"))
        #expect(driver.type("/next-version").contains("It is one three."))
        #expect(
            driver.type("/messages").contains("2. Assistant (gpt-5.4-mini, temperature 0.2), version 2 of 2: It is"))
        #expect(driver.type("/edit-message 1").contains("The message to edit:\n  hello\n"))
        driver.type("hello you")
        #expect(driver.request?.messages.map(\.text) == ["hello you"])
        driver.answer("Hi.")
        #expect(driver.type("/branches").contains("5. Assistant"))
        #expect(driver.type("1").contains("You, version 1 of 2: hello\n"))
    }

    @Test func anAnswerThatWasLeftIsToldOfWhenItEnds() throws {
        let driver = try LinearDriver()
        driver.type("hello")
        driver.stream(.textDelta("slow", choice: 0))
        let first = try #require(driver.model.app.running)
        #expect(driver.type("/again").contains("The answer before goes on beside this one.\n"))
        driver.answer("quick")
        driver.send(.streamEnded(id: first, nil, at: driver.now))
        #expect(driver.new.contains("Version 1 of 2 is there too"))
        #expect(driver.type("/previous-version").contains("version 1 of 2:\n  slow\nEnd of answer"))
    }

    @Test func aLongConversationIsNotReadWhole() throws {
        let driver = try LinearDriver()
        let messages = (1...9).map {
            StoredMessage(id: $0, parent: $0 > 1 ? $0 - 1 : nil, author: .user, text: "message \($0)")
        }
        driver.send(
            .opened(
                .success(StoredConversation(id: "old", messages: messages, head: 9)), message: nil, isElsewhere: false))
        let told = driver.new
        #expect(told.contains("Conversation, 9 messages.\n7 messages before are not read now"))
        #expect(!told.contains("message 7") && told.contains("You: message 9\n"))
        #expect(driver.type("/top").contains("You: message 1\n"))
        #expect(driver.type("/find MESSAGE 3").contains("Message 3: message 3\n"))
    }

    @Test func theEndOfTheInputWaitsForTheAnswer() throws {
        let driver = try LinearDriver(isInteractive: false)
        driver.send(.input(.paste("one")))
        driver.send(.input(.paste("/meter")))
        driver.send(.input(.paste("two")))
        driver.send(.input(.ended(signal: 0)))
        #expect(!driver.quits)
        let told = driver.answer("1")
        #expect(told.contains("End of answer.\nYou: /meter\nTokens of the last answer: 10 in"))
        #expect(!driver.quits)
        driver.answer("2")
        #expect(driver.quits)
    }

    @Test func aSignalEndsItAtOnce() throws {
        let driver = try LinearDriver()
        driver.type("one")
        driver.send(.input(.ended(signal: 15)))
        #expect(driver.quits)
        #expect(driver.model.app.endedBySignal == 15)
    }

    @Test func quittingWhileAnAnswerComesIsAsked() throws {
        let driver = try LinearDriver()
        driver.type("one")
        #expect(driver.type("/quit").contains("Type yes or no; nothing means no."))
        #expect(driver.type("").contains("Left as it is."))
        driver.type("/quit")
        driver.type("yes")
        #expect(driver.quits)
    }
}

/// Every feature is there, and nothing of it names a key or a colour.
@Suite struct LinearReachTests {
    /// Keys as texts of the workspace name them. Ctrl-C works here, too.
    static let keys = [
        "Esc ", "Esc:", "Alt-", "Ctrl-X", "Ctrl-J", "Ctrl-P", "Ctrl-D", "Ctrl-_", "^X", "^T", "^P", "PgDn", "Tab ",
        "; Up ", "Enter again", "Enter takes", "Enter sends", "Enter types",
    ]

    @Test func everyCommandThatCanBeTypedSaysSomethingOrAsks() throws {
        for (name, _) in SlashLine.offered {
            let driver = try LinearDriver(tools: ToolDesk([ToolTests.weather]))
            driver.type("hello")
            driver.answer("One.")
            var told = driver.type("/\(name)")
            let isDone = driver.quits || !driver.work.isEmpty
            // What is looked up comes.
            driver.send(.models(.success([ModelListing(id: "gpt-4o")])))
            driver.send(.usage(.success(UsageReport(spans: [], days: [], models: [], requests: []))))
            driver.send(.conversations(.success([])))
            driver.send(.found("", .success([])))
            told += driver.new
            #expect(isDone || told.split(separator: "\n").count > 1, "/\(name) says nothing")
            #expect(told.firstControl == nil, "/\(name)")
            for key in Self.keys { #expect(!told.contains(key), "/\(name) names \(key)") }
        }
    }

    @Test func helpNamesEveryCommandOnce() throws {
        let help = try LinearDriver().type("/help")
        for (name, command) in SlashLine.offered where !command.isOfScreenOnly {
            #expect(help.contains("\n/\(name)"), "\(name)")
        }
        for command in LinearCommand.allCases { #expect(help.contains("\n/\(command.rawValue)")) }
        for key in Self.keys { #expect(!help.contains(key), "\(key)") }
        let names =
            SlashLine.offered.flatMap { [$0.name] + $0.command.aliases }
            + LinearCommand.allCases.flatMap { [$0.rawValue] + $0.aliases }
        #expect(Set(names).count == names.count)
    }

    /// Lines of the sources whose texts linear mode never tells: help of boxes, empty lists, and what only a key can bring about.
    private static let notTold = [
        "help:", "case ", "? \"Enter ", "keys = ", ": \"Enter takes it\"", "emptyText", "Tools are called",
        "whole of it",
        "as one piece", "forks here", "Typing goes to the prompt", "means nothing", "none matches; Enter",
        "no name matches; Tab",
    ]

    /// Texts of the workspace that name keys, in the sources: each has words for a reader without them.
    @Test func keysInTextsOfTheWorkspaceHaveWords() throws {
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources/AppUI")
        var looked = 0
        for folder in ["Update", "Model"] {
            let place = sources.appendingPathComponent(folder)
            for file in try FileManager.default.contentsOfDirectory(atPath: place.path) where file.hasSuffix(".swift") {
                let text = try String(contentsOf: place.appendingPathComponent(file), encoding: .utf8)
                for line in text.split(separator: "\n") {
                    let code = line.drop { $0 == " " }
                    guard !code.hasPrefix("//"), !Self.notTold.contains(where: code.contains) else { continue }
                    for (index, part) in code.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
                    where index % 2 == 1 {
                        looked += 1
                        let spoken = LinearWords.spoken(String(part))
                        for key in Self.keys where spoken.contains(key) {
                            Issue.record("\(file): \"\(part)\" names \(key): give LinearWords words for it")
                        }
                    }
                }
            }
        }
        #expect(looked > 100)
        #expect(Self.keys.contains { LinearWords.spoken("Press Alt-q now.").contains($0) }, "the check can fail")
    }

    /// A list that is opened while an answer comes is not interrupted by it.
    @Test func anAnswerWaitsUntilAListIsLeft() throws {
        let driver = try LinearDriver(echoes: false)
        driver.type("hello")
        driver.stream(.responseStarted(ResponseMetadata(model: "gpt-5.4-mini")), .textDelta("first line\n", choice: 0))
        driver.type("/functions")
        driver.type("/model")
        driver.send(.models(.success([ModelListing(id: "gpt-5.4-mini")])))
        #expect(driver.model.question != nil)
        _ = driver.new
        driver.stream(.textDelta("second line\n", choice: 0))
        driver.stream(.textDelta("third line\n", choice: 0))
        #expect(driver.new.isEmpty)
        let told = driver.type("")
        #expect(told.contains("second line") && told.contains("third line"), "\(told)")
    }
}
