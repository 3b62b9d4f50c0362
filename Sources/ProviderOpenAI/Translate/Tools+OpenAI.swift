import ProviderCore

extension ToolDefinition {
    /// The definition as the wire wants it. No parameters are written out as an empty object schema, because some
    /// servers fail on functions without one.
    var wire: JSONValue {
        var function = JSONObject()
        function.set("name", .string(name))
        function.set("description", description.map(JSONValue.string))
        function.set("parameters", parameters ?? noParameters)
        function.set("strict", strict.map(JSONValue.bool))
        return .object([JSONMember("type", .string("function")), JSONMember("function", .object(function.members))])
    }

    /// The schema of a function without parameters.
    var noParameters: JSONValue {
        var schema = JSONObject()
        schema.set("type", .string("object"))
        schema.set("properties", .object([]))
        if strict == true {
            schema.set("required", .array([]))
            schema.set("additionalProperties", .bool(false))
        }
        return .object(schema.members)
    }
}

extension ToolChoice {
    /// The choice as the wire wants it.
    var wire: JSONValue {
        switch self {
        case .none: return .string("none")
        case .auto: return .string("auto")
        case .required: return .string("required")
        case .function(let name):
            return .object([
                JSONMember("type", .string("function")),
                JSONMember("function", .object([JSONMember("name", .string(name))])),
            ])
        }
    }
}

extension ToolCall {
    /// The call, sent back in an assistant message, with the members we did not know when it came.
    ///
    /// A call of a custom tool carries `type` among those. They stay when a person edited the arguments: the signature that
    /// Gemini wants back is that of the thought that led to the call, and a call without one is refused.
    var wire: JSONValue {
        var body = JSONObject()
        body.set("name", .string(name))
        body.set(isCustom ? "input" : "arguments", .string(sentArguments))
        let type = isCustom ? "custom" : "function"
        var call = JSONObject()
        if !id.isEmpty { call.set("id", .string(id)) }
        call.set("type", .string(type))
        call.set(type, .object(body.members))
        for member in extraFields where member.key != "type" { call.replace(member) }
        return .object(call.members)
    }
}
