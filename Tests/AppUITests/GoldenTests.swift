import FunctionTools
import ProviderCore
import TerminalKit
import TestSupport
import Testing

@testable import AppUI

/// Whole screens, as people see them.
@Suite struct GoldenTests {
    static let sizes = [(120, 40), (80, 24), (40, 12), (20, 6)]

    @Test(arguments: sizes) func start(width: Int, height: Int) throws {
        let driver = try Driver()
        expect(driver.screen(width, height), "start-\(width)x\(height)")
    }

    @Test(arguments: sizes) func toolCall(width: Int, height: Int) throws {
        let driver = try Driver(tools: ToolDesk([ToolTests.weather]))
        driver.ask("weather in Paris")
        driver.stream(
            .responseStarted(ResponseMetadata(model: "gpt-5.4-mini")), .reasoningDelta("Two cities.", choice: 0),
            .textDelta("# Weather\n\nI look it up:\n\n```json\n{}\n```\n", choice: 0))
        driver.wait(.seconds(2))
        driver.stream(
            .toolCallDelta(
                ToolCallDelta(index: 0, id: "a", name: "get_weather", argumentsDelta: "{\"city\":\"Paris\"}")),
            .usage(TokenUsage(inputTokens: 1234, outputTokens: 348, cachedInputTokens: 1024, reasoningTokens: 20)),
            .finished(.toolCalls, choice: 0))
        driver.finish()
        expect(driver.screen(width, height), "tool-call-\(width)x\(height)")
    }

    /// Three parallel calls: one ran, one is wrong, one runs.
    private func trace() throws -> Driver {
        let driver = try Driver(tools: ToolDesk([ToolTests.weather]))
        driver.send(.isolation(.sandboxed(by: "bubblewrap")))
        driver.ask("weather")
        driver.wait(.milliseconds(300))
        for (index, city) in [#""Lisbon""#, "7", #""Oslo""#].enumerated() {
            driver.stream(
                .toolCallDelta(
                    ToolCallDelta(
                        index: index, id: "call_\(index)", name: "get_weather",
                        argumentsDelta: #"{"city": \#(city), "days": 2}"#)))
            driver.wait(.milliseconds(200))
        }
        driver.stream(.finished(.toolCalls, choice: 0))
        driver.finish()
        driver.wait(.milliseconds(400))
        driver.press(.alt("3"))
        driver.decide("y")
        let run = driver.runs?.id ?? 0
        driver.wait(.milliseconds(500))
        driver.result(run, "24 °C, clear\nwind from the west")
        driver.press(key: .down)
        driver.decide("y")
        driver.press(key: .up)
        driver.wait(.milliseconds(300))
        return driver
    }

    @Test func traces() throws {
        let driver = try trace()
        expect(driver.screen(120, 40), "trace-120x40")
        expect(driver.screen(80, 24), "trace-80x24")
        driver.press(.control("x"))
        driver.press(.character("z"))
        driver.press(.control("o"))
        expect(driver.screen(120, 40), "trace-zoomed-120x40")
        driver.press(key: .enter)
        expect(driver.screen(80, 24), "call-80x24")
        expect(driver.screen(30, 8), "call-30x8")
    }

    @Test func overlays() throws {
        let driver = try Driver()
        driver.press(.control("p"))
        driver.type("mod")
        expect(driver.screen(80, 24), "palette")
        driver.press(key: .escape)
        driver.press(.control("x"))
        expect(driver.screen(80, 24), "leader")
        driver.press(key: .escape)
        driver.press(.alt("5"))
        driver.press(key: .enter)
        driver.type("9")
        driver.press(key: .enter)
        expect(driver.screen(80, 24), "value-out-of-range")
    }

    @Test func failure() throws {
        let driver = try Driver()
        driver.ask("busy")
        driver.wait(.milliseconds(300))
        driver.finish(
            ProviderError(
                kind: .rateLimited, status: 429, message: "Rate limit reached for requests.", retryAfter: .seconds(7)))
        expect(driver.screen(80, 24), "rate-limited")
    }

    private func expect(_ screen: String, _ name: String) {
        let difference = Golden.difference(screen, name, testFile: #filePath)
        #expect(difference == nil, "\(difference ?? "")")
    }
}
