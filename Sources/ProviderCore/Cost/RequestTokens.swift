/// The input tokens of a request, counted before it is sent.
///
/// Texts are counted as the model does where that is known. What is around them follows formulas: 3 tokens a message, the role, 1
/// for a name, 3 for the answer's beginning (OpenAI cookbook, "How to count tokens"; checked there for plain text of gpt-3.5, gpt-4
/// and gpt-4o); functions as a community found out by trying (7 tokens each for gpt-4o, 10 for older models, 3 for properties and for each of
/// them, 3 for each value of an enum less 3, 12 once). Pictures
/// count as `ImageTokens` tells. Forms of answers have no formula here.
public struct RequestTokens: Sendable, Hashable {
    /// The count.
    public private(set) var tokens = 3
    /// Whether all of it is known; else it is an estimate, and the server's own count may differ.
    public private(set) var isExact: Bool

    /// Estimates.
    public init(estimating request: ChatRequest) {
        self.init(request, model: nil, EstimatesOnly())
    }

    /// Counts the input of a request to a model.
    public init(_ request: ChatRequest, model: ModelInfo?, _ counting: some TokenCounting) {
        var count = TokenCount(counting, model: model)
        // Models that think have more around the messages, which nobody has described.
        isExact = count.isExact && model?.supports.reasoningEffort == nil && request.responseFormat == nil
        for message in request.messages { add(message, model, &count) }
        guard !request.tools.isEmpty else { return }
        isExact = false
        tokens += 12
        let opening = model?.encoding == "cl100k_base" ? 10 : 7
        for tool in request.tools {
            tokens += opening + count.tokens(of: "\(tool.name):\(Self.sentence(tool.description))")
            add(properties: tool.parameters, &count, depth: 0)
        }
    }

    /// Counts one more message in.
    public mutating func add(_ message: ChatMessage, model: ModelInfo?, _ counting: some TokenCounting) {
        var count = TokenCount(counting, model: model)
        isExact = isExact && count.isExact
        add(message, model, &count)
    }

    private mutating func add(_ message: ChatMessage, _ model: ModelInfo?, _ count: inout TokenCount) {
        tokens += 3 + count.tokens(of: message.role.rawValue) + count.tokens(of: message.text)
        if let name = message.name { tokens += 1 + count.tokens(of: name) }
        if let refusal = message.refusal { tokens += count.tokens(of: refusal) }
        for call in message.toolCalls { tokens += 3 + count.tokens(of: call.name) + count.tokens(of: call.arguments) }
        for item in message.opaqueItems { tokens += count.tokens(of: JSONWriter.string(item)) }
        for case .image(let url, let detail) in message.content { add(image: url, detail, model) }
        if !message.toolCalls.isEmpty || !message.opaqueItems.isEmpty || message.role == .tool {
            isExact = false
        }
    }

    /// A picture; one without a known formula counts nothing, and the whole is an estimate.
    private mutating func add(image url: String, _ detail: String?, _ model: ModelInfo?) {
        let known = model.flatMap { model in
            model.supports(.vision) == .no ? nil : ImageTokens(url: url, detail: detail, model: model.id)
        }
        tokens += known?.tokens ?? 0
        isExact = isExact && known?.isExact == true
    }

    /// The properties of an object's schema, and of those in it.
    private mutating func add(properties schema: JSONValue?, _ count: inout TokenCount, depth: Int) {
        guard let properties = schema?["properties"]?.objectValue, !properties.isEmpty, depth < 16 else { return }
        tokens += 3
        for property in properties {
            let type = property.value["type"]?.stringValue ?? ""
            let text = Self.sentence(property.value["description"]?.stringValue)
            tokens += 3 + count.tokens(of: "\(property.key):\(type):\(text)")
            let values = property.value["enum"]?.arrayValue ?? []
            if !values.isEmpty { tokens -= 3 }
            for value in values { tokens += 3 + count.tokens(of: value.stringValue ?? JSONWriter.string(value)) }
            add(properties: property.value, &count, depth: depth + 1)
            add(properties: property.value["items"], &count, depth: depth + 1)
        }
    }

    /// A description without the full stop at its end, which is not counted.
    private static func sentence(_ text: String?) -> String {
        guard let text else { return "" }
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }
}
