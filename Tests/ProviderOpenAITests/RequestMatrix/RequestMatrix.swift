import Foundation
import ProviderCore
import TestSupport

/// Requests in all combinations that matter.
enum RequestMatrix {
    /// Models of every family, and one that nobody knows; true for those that reason.
    static let models: [(id: String, reasons: Bool)] = [
        ("gpt-4", false), ("gpt-4-turbo", false), ("gpt-3.5-turbo", false), ("gpt-4o", false), ("gpt-4.1", false),
        ("o1", true), ("o3", true), ("o4-mini", true), ("gpt-5", true), ("gpt-5.1", true), ("gpt-5.4", true),
        ("gpt-5.4-pro", true), ("gpt-5.6-sol", true), ("gpt-6-astra", true), ("gpt-6.1-terra", true),
        ("ft:gpt-4o:org::id", false), ("model-of-tomorrow", false),
    ]

    /// A combination: its label, and the same request to every model.
    struct Combination: Sendable {
        let label: String
        let requests: [ChatRequest]
    }

    /// Every two options of different axes, each pair for all models, a different one first each time.
    static func pairs(of first: Int) -> [Combination] {
        let axes = RequestAxis.all
        var found: [Combination] = []
        for option in axes[first].options {
            for second in axes[(first + 1)...] {
                for other in second.options {
                    let offset = (found.count * 5 + first) % models.count
                    let order = models[offset...] + models[..<offset]
                    found.append(
                        Combination(
                            label: "\(option.label), \(other.label)",
                            requests: order.map { request(to: $0.id, [option, other]) }))
                }
            }
        }
        return found
    }

    /// Every conversation to a model, through each API, in pieces and whole.
    static func conversations(with model: String) -> [ChatRequest] {
        let apis: [ModelAPI?] = [nil, .chat, .responses]
        return Conversation.all.flatMap { item in
            apis.flatMap { api in
                [AnswerDelivery.streamed, .whole].map { delivery in
                    ChatRequest(model: model, messages: item.messages, api: api, delivery: delivery)
                }
            }
        }
    }

    /// Every way to offer tools, to choose among them and to have them streamed, through each API.
    static func tools(with model: String) -> [ChatRequest] {
        let axes = RequestAxis.all.filter {
            ["tools", "toolChoice", "parallelToolCalls", "api", "delivery"].contains($0.name)
        }
        let choices = axes.reduce([[]]) { lists, axis in
            lists.flatMap { list in [list] + axis.options.map { list + [$0] } }
        }
        return choices.map { request(to: model, $0) }
    }

    /// Random requests; an axis is set once in `sparsity` times.
    static func random(_ count: Int, seed: UInt64, sparsity: Int) -> [ChatRequest] {
        let random = SeededRandom(seed)
        return (0..<count).map { _ in
            let options = RequestAxis.all.compactMap { axis in
                random.next(below: sparsity) == 0 ? axis.options[random.next(below: axis.options.count)] : nil
            }
            return request(to: models[random.next(below: models.count)].id, options)
        }
    }

    private static func request(to model: String, _ options: [RequestOption]) -> ChatRequest {
        var request = ChatRequest(model: model, messages: [ChatMessage(.user, "Hello")])
        for option in options { option.apply(&request) }
        if case .jsonObject = request.responseFormat { mentionJSON(in: &request) }
        return request
    }

    /// JSON mode wants the word in the messages. It is said where people say it, before all else.
    private static func mentionJSON(in request: inout ChatRequest) {
        let text = ContentPart.text("Answer in JSON.")
        if request.messages.first.map({ [.system, .developer].contains($0.role) }) == true {
            request.messages[0].content.append(text)
        } else {
            request.messages.insert(ChatMessage(role: .system, content: [text]), at: 0)
        }
    }
}
