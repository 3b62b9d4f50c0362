import ProviderCore
import ProviderHTTP
import ProviderOpenAI
import Simulator
import TerminalKit
import TestSupport
import Testing

@testable import AppUI

/// The story of the parameters as a screen reader tells it.
@Suite(.timeLimit(.minutes(2))) struct LinearStoryTests {
    /// Three answers at three temperatures, one changed while an answer streams; compared.
    @Test func threeTemperatures() throws {
        let driver = try LinearDriver(settings: ConfigTests.rows)
        driver.type("/set temperature 0.2")
        driver.type("Name a colour of the sea, and say why.")
        driver.wait(.milliseconds(400))
        driver.stream(
            .responseStarted(ResponseMetadata(model: "gpt-5.4-mini")),
            .textDelta("# Blue\n\nThe sea is blue, since", choice: 0))
        driver.wait(.milliseconds(300))
        driver.type("/set temperature 0.7")
        driver.stream(.textDelta(" water takes the red out of the light. It is as simple as that.\n", choice: 0))
        finish(driver, 24)
        driver.type("/again")
        driver.wait(.milliseconds(500))
        driver.stream(
            .textDelta(
                "# Green\n\nThe sea is green, since it is full of small plants:\n\n| depth | colour |\n| --- | --- |\n| 1 m | **green** |\n| 50 m | blue |\n",
                choice: 0))
        finish(driver, 38)
        driver.type("/nudge temperature +5")
        driver.type("/again")
        driver.wait(.milliseconds(500))
        driver.stream(.textDelta("# Wine\n\nHomer saw it so:\n\n```text\noinops pontos\n```\n", choice: 0))
        finish(driver, 21)
        driver.type("/compare")
        driver.type("2")
        driver.type("/meter")
        setThingsUp(driver)
        let difference = Golden.difference(driver.text, "linear-story", testFile: #filePath)
        #expect(difference == nil, "\(difference ?? "")")
        #expect(driver.text.firstControl == nil)
    }

    /// A setting is changed; a provider is set up, fails in its test, is mended, and saved.
    private func setThingsUp(_ driver: LinearDriver) {
        driver.type("/settings")
        driver.type("/settings tools.max_turns")
        driver.type("/set tools.max_turns 8")
        let write = SettingWrite(path: "tools.max_turns", value: "8")
        driver.send(.configuration(.settingsSaved([write], problems: [:])))
        driver.type("/setup")
        for line in ["lab", "http://127.0.0.1:8000", "none", ""] { driver.type(line) }
        driver.type("test")
        test(driver, .connection, .failed("connection refused", fix: "Is the server running there?"))
        driver.type("address")
        driver.type("http://127.0.0.1:8000/v1")
        driver.type("test")
        test(driver, nil, .passed(""))
        driver.type("save")
        driver.send(.configuration(.endpointSaved(name: "lab", .saved("[profiles.lab] is in config.toml."))))
    }

    /// A test of which one step ends so, and all after it are left out; nil = all went well.
    private func test(_ driver: LinearDriver, _ failing: EndpointStep?, _ outcome: EndpointOutcome) {
        guard case .form(.endpoint(let form)) = driver.model.app.overlay, let id = form.test else { return }
        for step in EndpointStep.allCases {
            driver.send(.configuration(.endpointStep(id: id, step, .running)))
            driver.send(.configuration(.endpointStep(id: id, step, step == failing ? outcome : .passed("3 ms"))))
            if step == .models { driver.send(.configuration(.endpointModels(id: id, ["llama", "qwen"]))) }
            if step == failing { break }
        }
        driver.send(.configuration(.endpointTested(id: id)))
    }

    private func finish(_ driver: LinearDriver, _ tokens: Int) {
        driver.wait(.milliseconds(600))
        driver.stream(.usage(TokenUsage(inputTokens: 18, outputTokens: tokens)), .finished(.stop, choice: 0))
        driver.finish()
    }

    private struct Fixture {
        let server: SimulatorServer
        let console: LineConsole
        let running: Task<LinearModel, any Error>
    }

    /// Linear mode in its real loop, with real HTTP to a simulator.
    private func start(scenario: String? = nil, rules: RetryRules = RetryRules()) async throws -> Fixture {
        var scenarios = try ScenarioSet.builtIn()
        if let scenario { scenarios = scenarios.adding(try ScenarioSet(parsing: scenario, file: "test")) }
        let server = try await SimulatorServer.start(scenarios: scenarios)
        let plain = try OpenAIProvider(endpoint: ProviderEndpoint(baseURL: server.baseURL), transport: CurlTransport())
        let provider = PolicyProvider(plain, policies: [RetryPolicy(rules)])
        let theme = ThemeChoice(name: "plain", theme: Theme(name: "plain", styles: [:]))
        let app = AppModel(
            connection: AppModel.Connection(name: "built-in simulator", isDemo: true),
            catalog: try ModelCatalog.builtIn(),
            parameters: ParameterPanel(model: "gpt-5.4-mini", parameters: ModelParameters(), systemPrompt: nil),
            theme: theme, now: .now)
        let console = LineConsole()
        let effects = LinearEffects(LiveEffects(provider: provider) { [theme] }) { _ in }
        let program = Program<LinearFeature>(
            model: LinearModel(app, isInteractive: true, echoes: true), performer: effects)
        console.onInput { program.wake() }
        return Fixture(
            server: server, console: console, running: Task { try await program.run { LineTestTerminal(console) } })
    }

    private func quit(_ fixture: Fixture) async throws -> LinearModel {
        fixture.console.send([.ended(signal: 0)])
        let model = try await fixture.running.value
        await fixture.server.stop()
        #expect(fixture.console.text.firstControl == nil)
        return model
    }

    @Test func theStoryOverHTTP() async throws {
        let fixture = try await start()
        fixture.console.type("/set temperature 0.2", "long")
        #expect(
            await fixture.console.told("temperature 0.20.", "Assistant (gpt-5.4-mini, temperature 0.2):", "Reel 1")
                != nil)
        fixture.console.type("/set temperature 0.7")
        #expect(await fixture.console.told("temperature 0.70, from the next request on.") != nil)
        fixture.console.type("/stop")
        #expect(await fixture.console.told("End of answer: stopped.") != nil)
        fixture.console.type("/again")
        #expect(await fixture.console.told("(gpt-5.4-mini, temperature 0.7), version 2 of 2:", "Reel 1") != nil)
        fixture.console.type("/stop", "/set temperature 1.1", "hello", "/meter")
        #expect(
            await fixture.console.told("(gpt-5.4-mini, temperature 1.1):", "To talk to a real model", "End of answer.")
                != nil)
        let bodies = fixture.server.requests.count
        let last = try #require(await fixture.server.request(number: bodies))
        #expect(last.body.contains("\"temperature\":1.1"))
        let model = try await quit(fixture)
        #expect(model.app.totals.answers == 3)
    }

    @Test func aToolCallIsAnsweredOverHTTP() async throws {
        let fixture = try await start()
        fixture.console.type("weather")
        #expect(await fixture.console.told("2 tool calls wait", "Tool call 1.1", "What to do with it?") != nil)
        fixture.console.type("result", "sunny")
        #expect(await fixture.console.told("  sunny", "Tool call 1.2") != nil)
        fixture.console.type("refuse")
        #expect(await fixture.console.told("Lisbon: sunny", "End of answer.") != nil)
        _ = try await quit(fixture)
    }

    @Test func aWaitIsToldAndEnded() async throws {
        let scenario = """
            scenario patience
              when user says "patience"
              times 1
              status 503
              header Retry-After: 60
              error "All lines are busy." type server_error code server_is_overloaded
            scenario patience-rewarded
              when user says "patience"
              reply "Thank you for waiting."
            """
        let fixture = try await start(scenario: scenario)
        fixture.console.type("patience")
        #expect(
            await fixture.console.told(
                "Attempt 2 of 3 in", "as the server asked: overloaded, status 503:", "All lines are busy.") != nil,
            "\(fixture.console.text)")
        fixture.console.type("/retry-now")
        #expect(await fixture.console.told("Thank you for waiting.", "End of answer.") != nil)
        _ = try await quit(fixture)
    }
}
