import FunctionTools
import ProviderCore
import TerminalKit
import TestSupport
import Testing

@testable import AppUI

/// Drives the pure part in a user's terms: keys in, model and effects out. Time moves only when told.
final class Driver {
    var model: AppModel
    var now: ContinuousClock.Instant
    private(set) var effects: [AppEffect] = []

    init(
        parameters: ModelParameters = ModelParameters(), demo: Bool = true, enterSends: Bool = true,
        size: Size = Size(width: 120, height: 40), counting: any TokenCounting = EstimatesOnly(),
        model name: String = "gpt-5.4-mini", yourPrices: [String: ModelPrices] = [:], tools: ToolDesk = ToolDesk(),
        keys: Keymap? = nil, settings: [SettingRow] = [], isOpenAI: Bool = false
    )
        throws
    {
        now = ContinuousClock.now
        let theme = ThemeChoice(name: "plain", theme: Theme(name: "plain", styles: [:]))
        model = AppModel(
            connection: AppModel.Connection(
                name: demo ? "built-in simulator" : "example.test", isDemo: demo, isOpenAI: isOpenAI),
            catalog: try ModelCatalog.builtIn().overriding(yourPrices), counting: counting,
            parameters: ParameterPanel(model: name, parameters: parameters, systemPrompt: nil),
            tools: tools, enterSends: enterSends, keys: keys, theme: theme, settings: settings, now: now)
        model.size = size
    }

    /// Sends an event; remembers its effects.
    func send(_ event: AppEvent) {
        effects = AppFeature.update(&model, event, now: now)
    }

    func press(_ chord: KeyChord) { send(.input(.key(chord))) }

    func press(key: Key) { press(KeyChord(key)) }

    /// Types text, key by key.
    func type(_ text: String) {
        for character in text { press(.character(character)) }
    }

    /// Types a prompt and sends it; returns the request.
    @discardableResult
    func ask(_ prompt: String) -> ChatRequest? {
        type(prompt)
        press(key: .enter)
        return request
    }

    /// The request among the last effects.
    var request: ChatRequest? {
        effects.lazy.compactMap { if case .ask(_, let request) = $0 { request } else { nil } }.first
    }

    /// The tool that the last effects run.
    var runs: (id: Int, tool: Tool, arguments: JSONValue)? {
        effects.lazy.compactMap {
            if case .runTool(let id, let tool, let arguments) = $0 { (id, tool, arguments) } else { nil }
        }
        .first
    }

    /// Looks at the screen for a moment, then presses a key that decides on a call.
    func decide(_ key: Character) {
        _ = screen()
        wait(.milliseconds(400))
        press(.character(key))
    }

    /// What the last effects want done with settings, presets and endpoints.
    var configuration: [ConfigurationEffect] {
        effects.compactMap { if case .configure(let effect) = $0 { effect } else { nil } }
    }

    /// The ids of the tasks that the last effects cancel.
    var cancelled: [Int] { effects.compactMap { if case .cancel(let id) = $0 { id } else { nil } } }

    /// A running tool's end.
    func result(_ id: Int, _ text: String, _ kind: ToolResult.Kind = .ran(.exited(0))) {
        send(.toolResult(id: id, ToolResult(text, kind: kind, duration: .milliseconds(12)), at: now))
    }

    /// An answer with calls of one function.
    func calls(_ name: String, _ arguments: String...) {
        for (index, text) in arguments.enumerated() {
            stream(
                .toolCallDelta(ToolCallDelta(index: index, id: "call_\(index)", name: name, argumentsDelta: text)))
        }
        stream(.finished(.toolCalls, choice: 0))
        finish()
    }

    /// Stream events for the running request.
    func stream(_ events: StreamEvent...) {
        guard let id = model.running else { return }
        send(.stream(id: id, events, at: now))
    }

    /// Ends the running request.
    func finish(_ error: ProviderError? = nil) {
        guard let id = model.running else { return }
        send(.streamEnded(id: id, error, at: now))
    }

    /// A whole answer.
    func answer(_ text: String, usage: TokenUsage = TokenUsage(inputTokens: 10, outputTokens: 5)) {
        stream(.responseStarted(ResponseMetadata(model: "gpt-5.4-mini")), .textDelta(text, choice: 0))
        stream(.usage(usage), .finished(.stop, choice: 0))
        finish()
    }

    func wait(_ duration: Duration) { now = now + duration }

    /// The screen as text.
    func screen(_ width: Int? = nil, _ height: Int? = nil) -> String {
        let size = Size(width: width ?? model.size.width, height: height ?? model.size.height)
        return AppFeature.view(&model, size: size).text
    }

    /// Whether the last effects ask to quit.
    var quits: Bool {
        effects.contains { if case .loop(.quit) = $0 { true } else { false } }
    }

    /// The id that the last effects cancel.
    var cancels: Int? {
        effects.lazy.compactMap { if case .cancel(let id) = $0 { id } else { nil } }.first
    }
}

/// Compares a screen with the one that is kept under this name.
func expectGolden(_ screen: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let difference = Golden.difference(screen, name, testFile: #filePath)
    #expect(difference == nil, "\(difference ?? "")", sourceLocation: sourceLocation)
}
