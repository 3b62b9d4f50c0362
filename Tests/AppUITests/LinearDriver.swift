import FunctionTools
import ProviderCore
import TerminalKit

@testable import AppUI

/// Drives linear mode in a user's terms: lines in, text out. Time moves only when told.
final class LinearDriver {
    var model: LinearModel
    var now: ContinuousClock.Instant
    private(set) var effects: [LinearEffect] = []
    /// All that was told.
    private(set) var text = ""
    private var read = 0

    init(
        isInteractive: Bool = true, echoes: Bool = true, parameters: ModelParameters = ModelParameters(),
        tools: ToolDesk = ToolDesk(), settings: [SettingRow] = []
    ) throws {
        let driver = try Driver(parameters: parameters, tools: tools, settings: settings)
        now = driver.now
        model = LinearModel(driver.model, isInteractive: isInteractive, echoes: echoes)
        send(.input(.resize(Size(width: 80, height: 24))))
        _ = new
    }

    /// Sends an event; remembers its effects and what was told.
    func send(_ event: AppEvent) {
        effects = LinearFeature.update(&model, event, now: now)
        for case .tell(let bytes) in effects { text += String(decoding: bytes, as: UTF8.self) }
    }

    /// Types a line; returns what was told of it.
    @discardableResult
    func type(_ line: String) -> String {
        send(.input(.paste(line)))
        return new
    }

    /// What was told since the last look.
    var new: String {
        defer { read = text.utf8.count }
        return String(Substring(text.utf8.dropFirst(read)))
    }

    func wait(_ duration: Duration) { now = now + duration }

    /// The workspace's part of the last effects.
    var work: [AppEffect] { effects.compactMap { if case .work(let work) = $0 { work } else { nil } } }

    /// What was said beside the text.
    var asides: [String] { effects.compactMap { if case .aside(let text) = $0 { text } else { nil } } }

    /// The request among the last effects.
    var request: ChatRequest? {
        work.lazy.compactMap { if case .ask(_, let request) = $0 { request } else { nil } }.first
    }

    /// The id of the tool that the last effects run.
    var runs: Int? { work.lazy.compactMap { if case .runTool(let id, _, _) = $0 { id } else { nil } }.first }

    /// The ids of the tasks that the last effects cancel.
    var cancelled: [Int] { work.compactMap { if case .cancel(let id) = $0 { id } else { nil } } }

    var quits: Bool { work.contains { if case .loop(.quit) = $0 { true } else { false } } }

    /// Stream events for the running request.
    func stream(_ events: StreamEvent...) {
        guard let id = model.app.running else { return }
        send(.stream(id: id, events, at: now))
    }

    /// Ends the running request.
    func finish(_ error: ProviderError? = nil) {
        guard let id = model.app.running else { return }
        send(.streamEnded(id: id, error, at: now))
    }

    /// A whole answer; returns what was told.
    @discardableResult
    func answer(_ text: String, reasoning: String? = nil) -> String {
        stream(.responseStarted(ResponseMetadata(model: "gpt-5.4-mini")))
        if let reasoning { stream(.reasoningDelta(reasoning, choice: 0)) }
        stream(.textDelta(text, choice: 0))
        stream(.usage(TokenUsage(inputTokens: 10, outputTokens: 5)), .finished(.stop, choice: 0))
        finish()
        return new
    }

    /// An answer with calls of one function; returns what was told.
    @discardableResult
    func calls(_ name: String, _ arguments: String...) -> String {
        for (index, text) in arguments.enumerated() {
            stream(
                .toolCallDelta(ToolCallDelta(index: index, id: "call_\(index)", name: name, argumentsDelta: text)))
        }
        stream(.finished(.toolCalls, choice: 0))
        finish()
        return new
    }
}

extension String {
    /// The first place of a character or control sequence that must not be told; nil = there is none.
    var firstControl: Int? {
        unicodeScalars.enumerated().first { _, scalar in
            scalar != "\n" && (scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value))
        }?.offset
    }
}
