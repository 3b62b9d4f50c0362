import ProviderCore
import ProviderHTTP
import ProviderOpenAI
import Simulator
import TerminalKit
import TestSupport
import Testing

@testable import AppUI

/// Sessions through the real loop: keys in, frames out, real HTTP over a real socket to the simulator in between.
@Suite(.timeLimit(.minutes(2))) struct SessionTests {
    struct Fixture {
        let server: SimulatorServer
        let session: Session<AppFeature>

        func quit() async throws -> AppModel {
            session.press(.escape)
            session.press(.control("c"))
            session.press(.control("c"))
            session.press(.control("c"))
            let model = try await session.end()
            await server.stop()
            return model
        }
    }

    private func start(_ width: Int = 120, _ height: Int = 40, scenario: String? = nil) async throws -> Fixture {
        try await Self.start(width, height, scenario: scenario, policies: [])
    }

    /// A workspace on a simulator of its own, with policies around the provider.
    static func start(
        _ width: Int = 120, _ height: Int = 40, scenario: String? = nil, policies: [any Policy]
    ) async throws -> Fixture {
        var scenarios = try ScenarioSet.builtIn()
        if let scenario { scenarios = scenarios.adding(try ScenarioSet(parsing: scenario, file: "test")) }
        let server = try await SimulatorServer.start(scenarios: scenarios)
        let plain = try OpenAIProvider(
            endpoint: ProviderEndpoint(baseURL: server.baseURL), transport: CurlTransport())
        let provider = PolicyProvider(plain, policies: policies)
        let themes = ["plain", "other"].map { ThemeChoice(name: $0, theme: Theme(name: $0, styles: [:])) }
        let model = AppModel(
            connection: AppModel.Connection(name: "built-in simulator", isDemo: true),
            catalog: try ModelCatalog.builtIn(),
            parameters: ParameterPanel(model: "gpt-5.4-mini", parameters: ModelParameters(), systemPrompt: nil),
            theme: themes[0], now: .now)
        let session = Session(
            AppFeature.self, model: model, performer: LiveEffects(provider: provider) { themes },
            size: Size(width: width, height: height))
        return Fixture(server: server, session: session)
    }

    @Test(arguments: [(120, 40), (80, 24)]) func promptStreamsIntoTheOutput(width: Int, height: Int) async throws {
        let fixture = try await start(width, height)
        fixture.session.type("hello there")
        fixture.session.press(.enter)
        #expect(await fixture.session.screen("To talk to a real model", "ready") != nil)
        let model = try await fixture.quit()
        #expect(model.totals.answers == 1)
        #expect(model.totals.cost > .zero)
    }

    @Test func escapeCancelsAndKeepsTheText() async throws {
        let fixture = try await start()
        fixture.session.type("long")
        fixture.session.press(.enter)
        #expect(await fixture.session.screen("streaming") != nil)
        fixture.session.press(.escape)
        #expect(await fixture.session.screen("cancelled; the text so far is kept") != nil)
        let model = try await fixture.quit()
        let answer = try #require(model.conversation.lastAnswer)
        #expect(!answer.response.text.isEmpty)
    }

    @Test func temperatureChangedWhileStreamingStampsTheNextRequest() async throws {
        let fixture = try await start()
        fixture.session.type("long")
        fixture.session.press(.enter)
        #expect(await fixture.session.screen("streaming") != nil)
        fixture.session.press(.alt("t"))
        fixture.session.press(KeyChord(.left), KeyChord(.left), KeyChord(.left), KeyChord(.enter))
        #expect(await fixture.session.screen("0.70", "next request") != nil)
        fixture.session.press(.escape)
        fixture.session.type("hello")
        fixture.session.press(.enter)
        #expect(await fixture.session.screen("gpt-5.4-mini · T=0.7") != nil)
        let last = try #require(await fixture.server.request(number: 2))
        #expect(last.body.contains("\"temperature\":0.7"))
        _ = try await fixture.quit()
    }

    @Test func toolCallsAreTracedAndAnsweredByHand() async throws {
        let fixture = try await start()
        fixture.session.type("weather")
        fixture.session.press(.enter)
        #expect(await fixture.session.screen("get_weather", "tool calls wait") != nil)
        fixture.session.press(.alt("3"))
        for _ in 0..<2 {
            fixture.session.press(.character("v"))
            #expect(await fixture.session.screen("result of get_weather") != nil)
            fixture.session.type("21 degrees")
            fixture.session.press(.enter)
            #expect(await fixture.session.screen(where: { !$0.contains("result of get_weather") }) != nil)
        }
        #expect(await fixture.session.screen("answered by hand", "ready") != nil)
        let model = try await fixture.quit()
        #expect(model.conversation.turns == 2)
    }

    @Test func paletteHelpThemeAndResize() async throws {
        let fixture = try await start()
        fixture.session.press(.control("p"))
        #expect(await fixture.session.screen("commands") != nil)
        fixture.session.type("theme")
        fixture.session.press(.enter)
        #expect(await fixture.session.screen("themes", "other") != nil)
        fixture.session.press(KeyChord(.down), KeyChord(.enter))
        #expect(await fixture.session.screen("theme other") != nil)
        #expect(fixture.session.console.themes.last?.name == "other")
        fixture.session.press(.function(1))
        #expect(await fixture.session.screen("send the prompt") != nil)
        fixture.session.press(.escape)
        fixture.session.resize(80, 24)
        #expect(await fixture.session.screen("meter ↑0") != nil)
        fixture.session.resize(10, 3)
        #expect(await fixture.session.screen("small") != nil)
        _ = try await fixture.quit()
        #expect(fixture.session.console.isRestored)
    }

    @Test func aRateLimitAndACutAreToldAndNothingIsLost() async throws {
        let fixture = try await start()
        fixture.session.type("busy")
        fixture.session.press(.enter)
        #expect(await fixture.session.screen("rate_limited", "429") != nil)
        fixture.session.type("cut")
        fixture.session.press(.enter)
        #expect(await fixture.session.screen("connection", "is kept") != nil)
        let model = try await fixture.quit()
        #expect(model.conversation.lastAnswer?.response.text.isEmpty == false)
    }
}
