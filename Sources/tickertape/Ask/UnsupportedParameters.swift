import ProviderCore

/// A parameter that the catalog says a model does not take.
struct ParameterRefusal {
    let name: String
    let reason: String
    let remove: (inout ModelParameters) -> Void
}

extension ModelInfo {
    /// Which of these parameters the model refuses, by what the catalog knows; what it does not know is let through.
    func refusals(of parameters: ModelParameters) -> [ParameterRefusal] {
        var refusals: [ParameterRefusal] = []
        let effort = parameters.reasoningEffort ?? supports.reasoningEffort?.defaultEffort ?? "none"
        func check(
            _ isSet: Bool, _ support: ModelSupport, _ name: String, _ remove: @escaping (inout ModelParameters) -> Void
        ) {
            guard isSet else { return }
            switch support {
            case .no: refusals.append(ParameterRefusal(name: name, reason: "the model refuses it", remove: remove))
            case .onlyWithoutReasoning where effort != "none":
                refusals.append(
                    ParameterRefusal(
                        name: name, reason: "only with reasoning effort none, here it is \(effort)", remove: remove))
            default: break
            }
        }
        check(parameters.temperature.map { $0 != 1 } ?? false, supports.temperature, "temperature") {
            $0.temperature = nil
        }
        check(parameters.topP.map { $0 != 1 } ?? false, supports.temperature, "top_p") { $0.topP = nil }
        check(parameters.frequencyPenalty.map { $0 != 0 } ?? false, supports.temperature, "frequency_penalty") {
            $0.frequencyPenalty = nil
        }
        check(parameters.presencePenalty.map { $0 != 0 } ?? false, supports.temperature, "presence_penalty") {
            $0.presencePenalty = nil
        }
        check(parameters.topLogprobs != nil, supports.logprobs, "logprobs") { $0.topLogprobs = nil }
        if let wanted = parameters.reasoningEffort, status != .unknown {
            let known = supports.reasoningEffort?.chatCompletions ?? []
            if !known.contains(wanted) {
                let reason = known.isEmpty ? "it has no reasoning effort" : "it takes " + known.joined(separator: ", ")
                refusals.append(
                    ParameterRefusal(name: "reasoning_effort \(wanted)", reason: reason) { $0.reasoningEffort = nil })
            }
        }
        return refusals
    }
}
