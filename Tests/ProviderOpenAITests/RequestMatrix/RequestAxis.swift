import ProviderCore

/// One way to fill in a part of a request.
struct RequestOption: Sendable {
    let label: String
    let apply: @Sendable (inout ChatRequest) -> Void

    init(_ label: String, _ apply: @escaping @Sendable (inout ChatRequest) -> Void) {
        self.label = label
        self.apply = apply
    }
}

/// A part of a request and what it can be beside not set at all.
struct RequestAxis: Sendable {
    let name: String
    let options: [RequestOption]

    /// An axis of one member and its values.
    init<Value: Sendable>(
        _ name: String, _ member: any WritableKeyPath<ChatRequest, Value?> & Sendable, _ values: [Value]
    ) {
        self.name = name
        options = values.map { value in RequestOption("\(name)=\(value)") { $0[keyPath: member] = value } }
    }

    init(_ name: String, _ options: [RequestOption]) {
        self.name = name
        self.options = options
    }
}

extension RequestAxis {
    /// Everything a request can say, apart from its model.
    static let all = parameters + tools + others

    private static let parameters = [
        RequestAxis("temperature", \.parameters.temperature, [0, 0.7, 1, 2]),
        RequestAxis("topP", \.parameters.topP, [0, 0.9, 1]),
        RequestAxis("maxOutputTokens", \.parameters.maxOutputTokens, [1, 16, 4000]),
        RequestAxis("seed", \.parameters.seed, [0, 42, .min, .max]),
        RequestAxis("stop", \.parameters.stop, [[], ["END"], ["a", "\n\n", "\u{1F600}", "d"]]),
        RequestAxis("frequencyPenalty", \.parameters.frequencyPenalty, [-2, 0, 0.5, 2]),
        RequestAxis("presencePenalty", \.parameters.presencePenalty, [-2, 0, 0.5, 2]),
        RequestAxis(
            "reasoningEffort", \.parameters.reasoningEffort,
            ["none", "minimal", "low", "medium", "high", "xhigh", "max"]),
        RequestAxis("reasoningSummary", \.parameters.reasoningSummary, ["auto", "concise", "detailed"]),
        RequestAxis("verbosity", \.parameters.verbosity, ["low", "medium", "high"]),
        RequestAxis(
            "serviceTier", \.parameters.serviceTier, ["auto", "default", "flex", "scale", "priority", "fast"]),
        RequestAxis("topLogprobs", \.parameters.topLogprobs, [0, 5, 20]),
    ]

    private static let tools = [
        RequestAxis(
            "tools",
            [
                RequestOption("tools=one without parameters") { $0.tools = [ToolDefinition(name: "now")] },
                RequestOption("tools=one strict") { $0.tools = [.weather] },
                RequestOption("tools=several") {
                    $0.tools = [
                        .weather, ToolDefinition(name: "now", description: "The time.", strict: true),
                        ToolDefinition(name: "Look_up-2", parameters: .object([]), strict: false),
                    ]
                },
            ]),
        RequestAxis("toolChoice", \.toolChoice, [.none, .auto, .required, .function("weather")]),
        RequestAxis("parallelToolCalls", \.parallelToolCalls, [true, false]),
    ]

    private static let others = [
        RequestAxis("api", \.api, [.chat, .responses]),
        RequestAxis("delivery", [RequestOption("delivery=whole") { $0.delivery = .whole }]),
        RequestAxis(
            "format",
            [
                RequestOption("format=json_object") { $0.responseFormat = .jsonObject },
                RequestOption("format=schema") { $0.responseFormat = .looseForm },
                RequestOption("format=strict schema") { $0.responseFormat = .strictForm },
            ]),
        RequestAxis("background", [RequestOption("background") { $0.isBackground = true }]),
        RequestAxis("usage", [RequestOption("usage=off") { $0.includeUsage = false }]),
        RequestAxis(
            "extraFields",
            [
                RequestOption("extra=new members") {
                    $0.extraFields = [
                        JSONMember("metadata", .object([JSONMember("run", .string("1"))])),
                        JSONMember("safety_identifier", .string("u-1")),
                    ]
                },
                RequestOption("extra=known members") {
                    $0.extraFields = [
                        JSONMember("temperature", .number("1.0")), JSONMember("service_tier", .string("auto")),
                    ]
                },
            ]),
        RequestAxis(
            "conversation",
            Conversation.all.map { item in
                RequestOption("conversation=\(item.name)") { $0.messages = item.messages }
            }),
    ]
}

extension ToolDefinition {
    /// A function that keeps to the strict part of JSON Schema, null among its values.
    static let weather = ToolDefinition(
        name: "weather", description: "Weather now.",
        parameters: .parsed(
            #"{"type":"object","properties":{"city":{"type":"string"},"unit":{"type":["string","null"],"enum":["C","F",null]}},"#
                + #""required":["city","unit"],"additionalProperties":false}"#),
        strict: true)
}

extension ResponseFormat {
    static let looseForm = ResponseFormat.jsonSchema(
        name: "out", schema: .parsed(#"{"type":"object","properties":{"a":{"default":null}}}"#), strict: nil)
    static let strictForm = ResponseFormat.jsonSchema(
        name: "Out-2",
        schema: .parsed(
            ##"{"type":"object","properties":{"a":{"type":"array","items":{"$ref":"#/$defs/b"}}},"required":["a"],"##
                + #""additionalProperties":false,"$defs":{"b":{"anyOf":[{"type":"integer"},{"const":null}]}}}"#),
        strict: true)
}

extension JSONValue {
    /// A value from text that is known to be JSON.
    static func parsed(_ text: String) -> JSONValue {
        (try? JSONParser.parse(text)) ?? .string("not JSON: \(text)")
    }
}
