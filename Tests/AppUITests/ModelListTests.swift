import ProviderCore
import TerminalKit
import Testing

@testable import AppUI

/// The list of models, and what requests cost that never left.
@Suite struct ModelListTests {
    private func listings(_ ids: String...) -> AppEvent { .models(.success(ids.map { ModelListing(id: $0) })) }

    /// Opens the list; whether it is asked for.
    @discardableResult
    private func open(_ driver: Driver) -> Bool {
        driver.model.open(.chooseModel).contains { if case .listModels = $0 { true } else { false } }
    }

    /// The server may not have been up when the list was asked for first.
    @Test func anEmptyListIsAskedForAnew() throws {
        let driver = try Driver()
        driver.send(.models(.failure(ProviderError(kind: .overloaded, message: "busy"))))
        #expect(open(driver))
        driver.send(listings("a-model"))
        driver.press(key: .escape)
        #expect(!open(driver))
    }

    /// A server that is down is told of before anything is typed, and still stands there afterwards.
    @Test func aListThatCannotBeReadIsTold() throws {
        let driver = try Driver(model: "")
        driver.send(.models(.failure(ProviderError(kind: .connection, message: "nobody listens"))))
        driver.type("hello")
        #expect(driver.screen(80, 24).contains("nobody listens"))
    }

    /// Who types faster than the endpoint answers loses nothing.
    @Test func aPromptWaitsForTheModels() throws {
        let driver = try Driver(demo: false, model: "")
        #expect(driver.ask("hello") == nil)
        #expect(driver.screen().contains("Queued: it is sent when the models of example.test are known."))
        driver.send(listings("first", "second"))
        #expect(driver.request?.model == "first")
        #expect(driver.request?.messages.map(\.text) == ["hello"])
        #expect(!driver.screen().contains("Queued"))
    }

    @Test func choosingAModelSendsWhatWaits() throws {
        let driver = try Driver(demo: false, model: "")
        driver.ask("hello")
        open(driver)
        driver.type("my-own")
        driver.press(key: .enter)
        #expect(driver.request?.model == "my-own")
    }

    @Test(arguments: [
        AppEvent.models(.failure(ProviderError(kind: .connection, message: "Nobody answers."))), .models(.success([])),
    ]) func withoutAModelThePromptComesBack(event: AppEvent) throws {
        let driver = try Driver(demo: false, model: "")
        driver.ask("hello")
        #expect(driver.model.prompt.isEmpty)
        driver.send(event)
        #expect(driver.request == nil)
        #expect(driver.model.prompt.text == "hello")
    }

    @Test(arguments: [KeyChord.control("c"), KeyChord(.escape)]) func aPromptThatWaitsIsTakenBack(key: KeyChord) throws
    {
        let driver = try Driver(demo: false, model: "")
        driver.ask("hello")
        driver.press(key)
        #expect(driver.model.prompt.text == "hello")
        driver.send(listings("first"))
        #expect(driver.request == nil)
    }

    @Test(arguments: [("gpt-5", "gpt-5"), ("gpt-5.4-m", "gpt-5.4-mini"), ("my-own", "my-own")])
    func aWholeIDIsMeant(typed: String, chosen: String) throws {
        let driver = try Driver()
        driver.send(listings("gpt-5.4-mini", "gpt-5.4", "gpt-5"))
        open(driver)
        driver.type(typed)
        driver.press(key: .enter)
        #expect(driver.model.parameters.model == chosen)
    }

    @Test(arguments: [
        (RequestFate.notSent, 0), (.refused, 0), (.unknown, 1),
    ]) func whatNeverLeftCostsNothing(fate: RequestFate, counted: Int) throws {
        let driver = try Driver()
        driver.ask("hi")
        driver.finish(ProviderError(kind: .circuitOpen, message: "not sent", fate: fate))
        #expect(driver.model.totals.answers == counted)
        #expect((driver.model.totals.inputTokens > 0) == (counted > 0))
    }
}
