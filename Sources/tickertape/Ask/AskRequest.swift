import AppSettings
import FunctionTools
import ProviderCore
import TerminalKit

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Makes the request of `ask` from options, settings and standard input; finds mistakes before anything is sent.
struct AskRequest {
    let options: AskOptions
    let settings: Settings
    let catalog: ModelCatalog

    /// The largest prompt read from standard input.
    private static let inputLimit = 20 << 20

    /// Whether the request goes to OpenAI's own endpoint.
    let isOpenAI: Bool
    /// The API that the endpoint is to be asked through; nil = what the model needs.
    let preferredAPI: ModelAPI?
    /// Whether Responses are asked for in the background.
    let asksInBackground: Bool
    /// The functions that are offered.
    let tools: ToolSet

    /// The request for a model, the API it will go through, and warnings about parameters that were left out.
    func make(model: String) throws -> (request: ChatRequest, api: ModelAPI, warnings: [String]) {
        try checkRanges()
        var messages: [ChatMessage] = []
        if let system = try systemPrompt() { messages.append(ChatMessage(.system, system)) }
        messages.append(ChatMessage(.user, try prompt()))
        var request = ChatRequest(model: model, messages: messages, parameters: parameters)
        request.tools = tools.definitions
        request.toolChoice = try toolChoice(request.tools)
        if let file = options.jsonSchema { request.responseFormat = try ToolLibrary.readFormat(file) }
        request.api = options.api?.model ?? preferredAPI
        if options.noStream { request.delivery = .whole }
        let info = catalog.model(model)
        let api = (isOpenAI ? info : nil).api(for: request)
        request.isBackground = asksInBackground && api == .responses && request.delivery == .streamed
        var warnings = try leaveOutObstacles(&request, info, api)
        if isOpenAI, let retirement = info?.retirement { warnings.append(retirement) }
        return (request, api, warnings)
    }

    private var parameters: ModelParameters {
        let defaults = settings.parameters
        return ModelParameters(
            temperature: options.temperature ?? defaults.temperature, topP: options.topP ?? defaults.topP,
            maxOutputTokens: options.maxOutputTokens ?? defaults.maxOutputTokens, seed: options.seed ?? defaults.seed,
            stop: options.stop.isEmpty ? defaults.stop : options.stop,
            frequencyPenalty: options.frequencyPenalty ?? defaults.frequencyPenalty,
            presencePenalty: options.presencePenalty ?? defaults.presencePenalty,
            reasoningEffort: options.reasoningEffort, topLogprobs: options.logprobs)
    }

    private func prompt() throws -> String {
        let typed = options.prompt.joined(separator: " ")
        guard !Terminal.isTerminal(STDIN_FILENO) else {
            guard !typed.allSatisfy(\.isWhitespace) else {
                throw Failure("no prompt: give one as argument or on standard input", code: Exit.usage)
            }
            return typed
        }
        var piped = String(decoding: try Terminal.readInput(limit: Self.inputLimit), as: UTF8.self)
        while piped.hasSuffix("\n") { piped.removeLast() }
        let prompt = [typed, piped].filter { !$0.isEmpty }.joined(separator: "\n\n")
        guard !prompt.allSatisfy(\.isWhitespace) else {
            throw Failure("no prompt: give one as argument or on standard input", code: Exit.usage)
        }
        return prompt
    }

    private func systemPrompt() throws -> String? {
        guard let system = options.system else { return settings.systemPrompt }
        guard system.hasPrefix("@") else { return system }
        let path = String(system.dropFirst())
        let bytes = try InputFile.read(path, limit: 4 << 20)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A number without a needless ".0".
    private static func short(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
    }

    private func checkRanges() throws {
        func check(_ value: Double?, _ range: ClosedRange<Double>, _ name: String) throws {
            guard let value, !range.contains(value) else { return }
            throw Failure(
                "--\(name) takes a number from \(Self.short(range.lowerBound)) to \(Self.short(range.upperBound)), "
                    + "not \(Self.short(value))",
                code: Exit.usage)
        }
        try check(options.temperature, 0...2, "temperature")
        try check(options.topP, 0...1, "top-p")
        try check(options.frequencyPenalty, -2...2, "frequency-penalty")
        try check(options.presencePenalty, -2...2, "presence-penalty")
        try check(options.logprobs.map(Double.init), 0...20, "logprobs")
        if let most = options.maxOutputTokens, most < 1 {
            throw Failure("--max-output-tokens takes a whole number of at least 1, not \(most)", code: Exit.usage)
        }
        if let attempts = options.maxAttempts, attempts < 1 {
            throw Failure("--max-attempts takes a whole number of at least 1, not \(attempts)", code: Exit.usage)
        }
        if options.stop.count > 4 {
            throw Failure("--stop can be given at most four times, not \(options.stop.count)", code: Exit.usage)
        }
    }

    private func toolChoice(_ tools: [ToolDefinition]) throws -> ToolChoice? {
        guard let word = options.toolChoice else { return nil }
        guard !tools.isEmpty else { throw Failure("--tool-choice needs --tools", code: Exit.usage) }
        switch word {
        case "auto": return .auto
        case "none": return ToolChoice.none
        case "required": return .required
        default:
            guard tools.contains(where: { $0.name == word }) else {
                let known = tools.map(\.name).joined(separator: ", ")
                throw Failure("--tool-choice \(word): no such function (defined: \(known))", code: Exit.usage)
            }
            return .function(word)
        }
    }

    /// Refuses, or with `--drop-unsupported` leaves out, what the model or the API does not take.
    private func leaveOutObstacles(
        _ request: inout ChatRequest, _ info: ModelInfo?, _ api: ModelAPI
    ) throws -> [String] {
        var warnings: [String] = []
        let name = request.model.isEmpty ? "the model" : request.model
        for obstacle in info.obstacles(to: request, api: api, isOpenAI: isOpenAI) {
            let advice = obstacle.isRemovable ? ". Leave it out, or use --drop-unsupported" : ""
            guard options.dropUnsupported, obstacle.isRemovable else {
                throw Failure(
                    "\(name) does not take \(obstacle.parameter): \(obstacle.reason)\(advice)", code: Exit.usage)
            }
            obstacle.remove(from: &request)
            warnings.append("\(obstacle.parameter) left out: \(name) does not take it (\(obstacle.reason))")
        }
        return warnings
    }
}
