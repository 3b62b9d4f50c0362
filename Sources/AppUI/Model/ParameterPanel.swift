public import ProviderCore

/// Whether and with what a parameter is sent.
public enum ParameterState: Sendable, Hashable {
    /// Not in the request at all.
    case notSent
    /// The default of the settings file, else the API's documented one; sent explicitly.
    case standard(ParameterValue)
    /// Chosen here.
    case set(ParameterValue)

    /// What is sent; nil = nothing.
    public var value: ParameterValue? {
        switch self {
        case .notSent: nil
        case .standard(let value), .set(let value): value
        }
    }
}

/// The parameters of the next request, and what the last request had.
public struct ParameterPanel: Sendable, Hashable {
    /// The chosen row.
    var selected: ParameterID = .temperature
    /// The parameter moved last; the nudge mode starts there.
    var lastUsed: ParameterID = .temperature
    /// The states by parameter; absent = not sent.
    private var states: [ParameterID: ParameterState] = [:]
    /// Defaults of the settings file.
    private let defaults: [ParameterID: ParameterValue]
    /// What the last request was made with; nil before the first.
    private(set) var lastSent: [ParameterID: ParameterValue]?

    /// A panel with the settings file's values, all in the state `standard`.
    public init(model: String, parameters: ModelParameters, systemPrompt: String?, maxCost: Money? = nil) {
        var defaults = parameters.panelValues
        if !model.isEmpty { defaults[.model] = .text(model) }
        defaults[.maxCost] = maxCost.map(ParameterValue.money)
        defaults[.systemPrompt] = systemPrompt.map(ParameterValue.text)
        self.defaults = defaults
        states = defaults.mapValues(ParameterState.standard)
    }

    /// The state of a parameter.
    subscript(_ id: ParameterID) -> ParameterState { states[id] ?? .notSent }

    /// The model's id; empty when none is known yet.
    var model: String { if case .text(let id)? = self[.model].value { id } else { "" } }

    /// The system prompt; nil when not sent or blank.
    var systemPrompt: String? {
        guard case .text(let text)? = self[.systemPrompt].value, !text.trimmed.isEmpty else { return nil }
        return text
    }

    /// The most that an answer may cost; nil = no cap.
    var maxCost: Money? { if case .money(let amount)? = self[.maxCost].value { amount } else { nil } }

    /// Which functions may or must be called; nil = not sent.
    var toolChoice: ToolChoice? {
        switch self[.toolChoice].value {
        case .text("auto")?: .auto
        case .text("none")?: ToolChoice.none
        case .text("required")?: .required
        case .text(let name)?: .function(name)
        default: nil
        }
    }

    /// Whether one answer may hold several calls; nil = not sent.
    var callsInParallel: Bool? { isOn(.parallelCalls) }

    /// Whether functions are strict; nil = as their definitions say.
    var isStrict: Bool? { isOn(.strict) }

    /// The form of the answer; nil = text.
    var responseFormat: ResponseFormat? {
        guard case .text(let text)? = self[.responseFormat].value else { return nil }
        return (try? FormatText.parse(text)) ?? nil
    }

    private func isOn(_ id: ParameterID) -> Bool? {
        if case .text(let word)? = self[id].value { word == "on" } else { nil }
    }

    /// Chooses a value.
    mutating func set(_ id: ParameterID, to value: ParameterValue) {
        if id != .model, id != .systemPrompt { lastUsed = id }
        switch value {
        case .texts(let texts) where texts.isEmpty: states[id] = .notSent
        case .text(let text) where text.isEmpty && id != .model: states[id] = .notSent
        default: states[id] = .set(value)
        }
    }

    /// Leaves a parameter out of the request. A model cannot be left out.
    mutating func unset(_ id: ParameterID) {
        guard id != .model else { return }
        lastUsed = id
        states[id] = .notSent
    }

    /// Takes the default: the settings file's, else the API's own, else nothing is sent. `spec` is the parameter's row with what
    /// the model at hand makes of it; nil = the row as it is.
    mutating func useDefault(_ id: ParameterID, _ spec: ParameterSpec? = nil) {
        guard let value = standard(id, spec) else { return unset(id) }
        states[id] = .standard(value)
    }

    /// The default: the settings file's, else the API's own; nil = there is none.
    func standard(_ id: ParameterID, _ spec: ParameterSpec? = nil) -> ParameterValue? {
        defaults[id] ?? (spec ?? ParameterSpec.of(id)).serverDefault
    }

    /// The default of the settings file, or of an argument; nil = there is none.
    func ownDefault(_ id: ParameterID) -> ParameterValue? { defaults[id] }

    /// Takes the states of a panel back; what the last request had stays known.
    mutating func takeBack(_ earlier: ParameterPanel) { states = earlier.states }

    /// Whether the settings file, or an argument, names a default.
    func hasOwnDefault(_ id: ParameterID) -> Bool { defaults[id] != nil }

    /// Brings a parameter into a state that it had.
    mutating func restore(_ id: ParameterID, _ state: ParameterState) { states[id] = state }

    /// Moves a value by steps; from "not sent" it starts at the default. False when the parameter has no steps. `spec` as above.
    mutating func step(_ id: ParameterID, by steps: Int, _ spec: ParameterSpec? = nil) -> Bool {
        let spec = spec ?? ParameterSpec.of(id)
        if self[id].value == nil, spec.serverDefault == nil, defaults[id] == nil, let start = spec.start {
            set(id, to: start)
            return true
        }
        guard let from = self[id].value ?? defaults[id] ?? spec.serverDefault,
            let next = spec.stepped(from: from, by: steps)
        else { return false }
        set(id, to: next)
        lastUsed = id
        return true
    }

    /// The request members.
    var modelParameters: ModelParameters { values.modelParameters }

    /// The values that would be sent, by parameter.
    var values: [ParameterID: ParameterValue] { states.compactMapValues(\.value) }

    /// Remembers that a request was made with the present values.
    mutating func noteSent() { lastSent = values }

    /// Whether a value differs from the last request's; false before the first.
    func changedSinceLastRequest(_ id: ParameterID) -> Bool {
        guard let lastSent else { return false }
        return lastSent[id] != self[id].value
    }

    /// The values as a short stamp: `T=0.7 top_p=0.9`; `defaults` when nothing is sent.
    var stamp: String {
        let short: [(ParameterID, String)] = [
            (.temperature, "T"), (.topP, "top_p"), (.maxOutputTokens, "max"), (.reasoningEffort, "effort"),
            (.verbosity, "verbosity"), (.seed, "seed"), (.frequencyPenalty, "freq"), (.presencePenalty, "pres"),
            (.reasoningSummary, "summary"), (.serviceTier, "tier"), (.topLogprobs, "logprobs"),
        ]
        var parts = short.compactMap { id, name -> String? in
            switch self[id].value {
            case .number(let number)?: "\(name)=\(ParameterValue.short(number))"
            case .integer(let number)?: "\(name)=\(number)"
            case .text(let word)?: "\(name)=\(word)"
            default: nil
            }
        }
        if case .texts(let texts)? = self[.stop].value { parts.append("stop×\(texts.count)") }
        if let maxCost { parts.append("cap=\(maxCost.short)") }
        if case .text(let choice)? = self[.toolChoice].value, choice != "auto" { parts.append("tools=\(choice)") }
        switch responseFormat {
        case .jsonObject?: parts.append("json")
        case .jsonSchema(let name, _, _)?: parts.append("schema=\(name)")
        case nil: break
        }
        if systemPrompt != nil { parts.append("+system") }
        return parts.isEmpty ? "defaults" : parts.joined(separator: " ")
    }
}

extension ModelParameters {
    /// The parameters that are set, as the panel holds them.
    public var panelValues: [ParameterID: ParameterValue] {
        var values: [ParameterID: ParameterValue] = [:]
        values[.temperature] = temperature.map(ParameterValue.number)
        values[.topP] = topP.map(ParameterValue.number)
        values[.maxOutputTokens] = maxOutputTokens.map(ParameterValue.integer)
        values[.reasoningEffort] = reasoningEffort.map(ParameterValue.text)
        values[.verbosity] = verbosity.map(ParameterValue.text)
        values[.seed] = seed.map(ParameterValue.integer)
        values[.frequencyPenalty] = frequencyPenalty.map(ParameterValue.number)
        values[.presencePenalty] = presencePenalty.map(ParameterValue.number)
        values[.stop] = stop.map(ParameterValue.texts)
        values[.reasoningSummary] = reasoningSummary.map(ParameterValue.text)
        values[.serviceTier] = serviceTier.map(ParameterValue.text)
        values[.topLogprobs] = topLogprobs.map(ParameterValue.integer)
        return values
    }
}

extension [ParameterID: ParameterValue] {
    /// The sampling and limits among these, as a request has them.
    var modelParameters: ModelParameters {
        func number(_ id: ParameterID) -> Double? { if case .number(let n)? = self[id] { n } else { nil } }
        func integer(_ id: ParameterID) -> Int? { if case .integer(let n)? = self[id] { n } else { nil } }
        func word(_ id: ParameterID) -> String? { if case .text(let text)? = self[id] { text } else { nil } }
        var parameters = ModelParameters(
            temperature: number(.temperature), topP: number(.topP), maxOutputTokens: integer(.maxOutputTokens),
            seed: integer(.seed), frequencyPenalty: number(.frequencyPenalty),
            presencePenalty: number(.presencePenalty),
            reasoningEffort: word(.reasoningEffort), reasoningSummary: word(.reasoningSummary),
            verbosity: word(.verbosity), serviceTier: word(.serviceTier), topLogprobs: integer(.topLogprobs))
        if case .texts(let texts)? = self[.stop] { parameters.stop = texts }
        return parameters
    }
}
