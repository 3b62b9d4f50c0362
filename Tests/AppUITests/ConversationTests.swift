import Conversations
import ProviderCore
import TerminalKit
import TestSupport
import Testing

@testable import AppUI

/// The list of conversations, branches and comparisons, as a user walks through them.
@Suite struct ConversationTests {
    /// Performs what the last effects ask of the store, as the real performer does.
    private func perform(_ driver: Driver, _ store: MemoryStore) {
        for effect in driver.effects {
            switch effect {
            case .save(let changes): store.keep(changes)
            case .listConversations: driver.send(.conversations(.success(store.list(limit: 100))))
            case .searchConversations(let query): driver.send(.found(query, .success(store.search(query, limit: 9))))
            case .openConversation(let id, let message):
                driver.send(.opened(.success(store.load(id)), message: message, isElsewhere: false))
            default: break
            }
        }
    }

    private func press(_ driver: Driver, _ store: MemoryStore, _ chords: KeyChord...) {
        for chord in chords {
            driver.press(chord)
            perform(driver, store)
        }
    }

    private func ask(_ driver: Driver, _ store: MemoryStore, _ prompt: String, _ answer: String) {
        driver.ask(prompt)
        perform(driver, store)
        driver.answer(answer)
        perform(driver, store)
    }

    /// Two conversations; the second one is open.
    private func two() throws -> (Driver, MemoryStore) {
        let driver = try Driver()
        let store = MemoryStore()
        ask(driver, store, "about cats", "They purr.")
        press(driver, store, .control("n"))
        ask(driver, store, "about dogs", "They bark.")
        return (driver, store)
    }

    @Test(arguments: [(120, 40), (80, 24)]) func anOldConversationIsFoundAndGoesOn(width: Int, height: Int) throws {
        let (driver, store) = try two()
        press(driver, store, .control("x"), .character("l"))
        #expect(driver.screen(width, height).contains("about cats"))
        expectGolden(masked(driver.screen(width, height)), "conversations-\(width)x\(height)")
        for letter in "cats" { press(driver, store, .character(letter)) }
        press(driver, store, KeyChord(.enter))
        #expect(driver.screen(width, height).contains("They purr."))
        #expect(driver.ask("and now")?.messages.map(\.text) == ["about cats", "They purr.", "and now"])
    }

    /// Without the time of day, which is the machine's.
    private func masked(_ screen: String) -> String {
        screen.replacing(#/\d{4}-\d\d-\d\d \d\d:\d\d/#, with: "YYYY-MM-DD hh:mm")
    }

    @Test func textsAreSearchedInAllConversations() throws {
        let (driver, store) = try two()
        press(driver, store, .control("x"), .character("/"))
        for letter in "purr" { press(driver, store, .character(letter)) }
        #expect(driver.screen().contains("They purr."))
        press(driver, store, KeyChord(.enter))
        #expect(driver.model.conversation.id == "session-1")
        #expect(driver.model.focus == .output)
        #expect(driver.model.selectedMessage == 2)
    }

    @Test func aConversationIsRenamedDeletedAndBroughtBack() throws {
        let (driver, store) = try two()
        press(driver, store, .alt("6"), KeyChord(.down), .control("r"), .control("u"))
        for letter in "felines" { press(driver, store, .character(letter)) }
        press(driver, store, KeyChord(.enter))
        #expect(driver.screen().contains("felines"))
        #expect(store.load("session-1")?.title == "felines")
        press(driver, store, .control("d"))
        #expect(!store.list(limit: 9).contains { $0.id == "session-1" })
        #expect(!driver.screen().contains("felines"))
        press(driver, store, .control("_"))
        #expect(driver.screen().contains("felines"))
    }

    @Test func aForkGoesOnAloneAndTheOldOneStays() throws {
        let (driver, store) = try two()
        ask(driver, store, "more", "They run.")
        press(driver, store, .alt("2"), .character("K"), .character("K"), .character("K"), .character("f"))
        #expect(driver.ask("other")?.messages.map(\.text) == ["about dogs", "They bark.", "other"])
        perform(driver, store)
        #expect(store.load("session-2")?.messages.count == 4)
        #expect(store.load("session-3")?.messages.count == 3)
    }

    @Test func whatWasTypedIsFoundAgain() throws {
        let (driver, store) = try two()
        driver.send(.prompts(["long ago", "about birds"]))
        press(driver, store, .control("r"))
        for letter in "bir" { press(driver, store, .character(letter)) }
        press(driver, store, KeyChord(.enter))
        #expect(driver.model.prompt.text == "about birds")
        #expect(driver.request == nil)
    }

    /// A pasted book among the prompts is known by its beginning.
    @Test func aLongPromptIsFoundByItsBeginning() throws {
        let driver = try Driver()
        driver.send(.prompts(["beginning " + String(repeating: "x ", count: 5_000) + "end", "other"]))
        driver.press(.control("r"))
        guard case .history(let picker) = driver.model.overlay else {
            Issue.record("no list is open")
            return
        }
        #expect(picker.items.map(\.label.count) == [5, 200])
        driver.type("begin")
        driver.press(key: .enter)
        #expect(driver.model.prompt.text.hasSuffix("x end"))
    }

    @Test func theListTellsThatItIsNotWhole() throws {
        let driver = try Driver()
        for (count, isWhole) in [(1_000, true), (1_001, false)] {
            driver.press(.alt("6"))
            let found = (1...count).map { number in
                ConversationSummary(id: "c\(number)", title: "number \(number)", messages: 1, changedAt: 0)
            }
            driver.send(.conversations(.success(found)))
            #expect(driver.screen(80, 24).contains("the newest 1,000 conversations") == !isWhole)
            driver.type("zzz")
            #expect(driver.screen(80, 24).contains("no name of the newest 1,000 matches") == !isWhole)
            driver.press(key: .escape)
        }
    }

    @Test func oneMoreVersionWantsTheVariablesOfTheSystemPrompt() throws {
        let driver = try threeTemperatures()
        driver.press(.control("x"))
        driver.press(.character("d"))
        driver.model.parameters.set(.systemPrompt, to: .text("You are {{name}}."))
        driver.press(.character("r"))
        #expect(driver.request == nil)
        guard case .form(.variables) = driver.model.overlay else {
            Issue.record("nothing is asked")
            return
        }
    }

    @Test(arguments: [(120, 40), (80, 24)]) func theTreeIsSeenAndWalked(width: Int, height: Int) throws {
        let (driver, store) = try two()
        press(driver, store, .alt("2"), .character("r"))
        driver.answer("They dig.")
        press(driver, store, .alt("1"))
        ask(driver, store, "where?", "In gardens.")
        press(driver, store, .control("x"), .character("v"))
        expectGolden(driver.screen(width, height), "branches-\(width)x\(height)")
        press(driver, store, .character("g"), KeyChord(.down), KeyChord(.enter))
        #expect(driver.screen().contains("They bark."))
        #expect(!driver.screen().contains("In gardens."))
    }

    /// Three answers at three temperatures, one changed while another streams.
    private func threeTemperatures() throws -> Driver {
        let driver = try Driver()
        driver.ask("/set temperature 0.2")
        driver.ask("Name a colour.")
        driver.wait(.milliseconds(300))
        driver.stream(.textDelta("The colour is blue, ", choice: 0))
        driver.press(.alt("t"))
        for _ in 0..<5 { driver.press(key: .right) }
        driver.press(key: .enter)
        driver.wait(.milliseconds(500))
        driver.stream(
            .textDelta("as the sky is.", choice: 0), .usage(TokenUsage(inputTokens: 11, outputTokens: 9)),
            .finished(.stop, choice: 0))
        driver.finish()
        for (temperature, text) in [("0.7", "The colour is teal, as the sea is."), ("1.4", "Ultraviolet, of course!")] {
            driver.ask("/set temperature \(temperature)")
            driver.press(.alt("2"))
            driver.press(.character("r"))
            driver.wait(.milliseconds(400))
            driver.stream(.textDelta(text, choice: 0))
            driver.wait(.milliseconds(600))
            driver.stream(.usage(TokenUsage(inputTokens: 11, outputTokens: 8)), .finished(.stop, choice: 0))
            driver.finish()
            driver.press(.alt("1"))
        }
        return driver
    }

    @Test(arguments: [(120, 40), (80, 24)]) func threeTemperaturesSideBySide(width: Int, height: Int) throws {
        let driver = try threeTemperatures()
        driver.press(.control("x"))
        driver.press(.character("d"))
        let screen = driver.screen(width, height)
        for part in ["T=0.2", "T=0.7", "T=1.4", "blue", "teal", "Ultraviolet"] { #expect(screen.contains(part)) }
        driver.press(.character("d"))
        expectGolden(driver.screen(width, height), "compare-\(width)x\(height)")
        driver.press(key: .tab)
        driver.press(key: .enter)
        #expect(driver.screen().contains("blue"))
        #expect(driver.ask("why?")?.messages.map(\.text).contains("The colour is blue, as the sky is.") == true)
    }

    @Test func oneMoreVersionStreamsInAColumnOfItsOwn() throws {
        let driver = try threeTemperatures()
        driver.press(.control("x"))
        driver.press(.character("d"))
        driver.press(.character("r"))
        #expect(driver.request != nil)
        driver.stream(.textDelta("Red, it seems", choice: 0))
        let screen = driver.screen(120, 40)
        for part in ["Red, it seems", "blue", "streaming"] { #expect(screen.contains(part)) }
        driver.press(key: .escape)
        #expect(driver.model.overlay == nil)
    }

    @Test func anyOverlayAtAnySizeIsDrawn() throws {
        for (width, height) in [(1, 1), (20, 6), (24, 7), (33, 9), (300, 100)] {
            for key in ["l", "v", "d", "/"] as [Character] {
                let driver = try threeTemperatures()
                driver.press(.control("x"))
                driver.press(.character(key))
                _ = driver.screen(width, height)
            }
        }
    }
}

/// What differs between two texts.
@Suite struct WordDifferenceTests {
    @Test(arguments: [
        ("the cat sat", "the cat sat", [String]()), ("the dog sat", "the cat sat", ["dog"]),
        ("a b c", "", ["a b c"]), ("", "a", []), ("größer, schöner", "größer, besser", ["schöner"]),
    ])
    func marks(text: String, base: String, words: [String]) {
        let bytes = Array(text.utf8)
        #expect(WordDifference.marks(of: text, from: base).map { String(decoding: bytes[$0], as: UTF8.self) } == words)
    }
}
