internal import FunctionTools
internal import ProviderCore

/// Digests by which runs say what of them is alike: SHA-256 in hexadecimal digits.
extension Sample {
    /// Of its name, its fields and what comes with it.
    public var digest: String {
        let calls = expectedCalls.map { call in
            JSONValue.object([
                JSONMember("name", .string(call.name)),
                JSONMember(
                    "arguments",
                    .array(
                        call.arguments.map { argument in
                            .array([.string(argument.name), .array(argument.allowed), .bool(argument.mayBeAbsent)])
                        })),
            ])
        }
        return SHA256.hex(
            JSONWriter.bytes(
                .array([
                    .string(id), fields, .array(tools.map(\.definition.digestJSON)), .array(calls),
                    .array((messages ?? []).map { .array([.string($0.role.rawValue), .string($0.text)]) }),
                    cluster.map(JSONValue.string) ?? .null,
                ])))
    }
}

extension Subject {
    /// Of the model, where it is asked, the prompt and the parameters; not of the label.
    public var digest: String {
        SHA256.hex(
            JSONWriter.bytes(
                .array([
                    .string(model.endpoint ?? ""), .string(model.model ?? ""), prompt.digestJSON, parameters.digestJSON,
                ])))
    }

    /// Of the prompt.
    public var promptDigest: String { SHA256.hex(JSONWriter.bytes(prompt.digestJSON)) }

    /// Of the parameters.
    public var parametersDigest: String { SHA256.hex(JSONWriter.bytes(parameters.digestJSON)) }
}

extension SuiteTask {
    /// Of its samples, in order.
    public var dataDigest: String {
        var digest = SHA256()
        for sample in samples { digest.update(sample.digest.utf8) }
        return digest.finish()
    }

    /// Of the prompt of its own; that of no message when it has none.
    public var promptDigest: String { SHA256.hex(JSONWriter.bytes((prompt ?? []).digestJSON)) }

    /// Of its functions, the turns, and the form that is asked for.
    public var toolsDigest: String {
        var format = JSONValue.null
        switch responseFormat {
        case .jsonObject?: format = .string("json_object")
        case .jsonSchema(let name, let schema, let strict)?:
            format = .array([.string(name), schema, strict.map(JSONValue.bool) ?? .null])
        case nil: break
        }
        return SHA256.hex(JSONWriter.bytes(.array([.array(tools.map(\.definition.digestJSON)), .int(turns), format])))
    }
}

extension ToolDefinition {
    fileprivate var digestJSON: JSONValue {
        .array([
            .string(name), description.map(JSONValue.string) ?? .null, parameters ?? .null,
            strict.map(JSONValue.bool) ?? .null,
        ])
    }
}

extension [PromptMessage] {
    fileprivate var digestJSON: JSONValue {
        .array(map { .array([.string($0.role.rawValue), .string($0.text.source)]) })
    }
}

extension ModelParameters {
    fileprivate var digestJSON: JSONValue {
        func number(_ value: Double?) -> JSONValue { value.map(JSONValue.double) ?? .null }
        func count(_ value: Int?) -> JSONValue { value.map(JSONValue.int) ?? .null }
        func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
        return .array([
            number(temperature), number(topP), count(maxOutputTokens), count(seed),
            .array((stop ?? []).map(JSONValue.string)), number(frequencyPenalty), number(presencePenalty),
            text(reasoningEffort), text(reasoningSummary), text(verbosity), text(serviceTier), count(topLogprobs),
        ])
    }
}
