import Foundation
import ProviderCore
import Testing

/// The folder beside this file, wherever the package was built.
let fixtureFolder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

/// Compares with a file of the fixture folder, or rewrites it when UPDATE_GOLDEN=1.
func expectGolden(_ text: String, _ file: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let url = fixtureFolder.appending(path: file)
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
        try Data((text + "\n").utf8).write(to: url)
        return
    }
    let expected = try String(decoding: Data(contentsOf: url), as: UTF8.self)
    #expect(text + "\n" == expected, "\(file)", sourceLocation: sourceLocation)
}

/// One line for an event, so that a list of them can be read and compared.
func line(_ event: StreamEvent) -> String {
    func told(_ name: String, _ value: (some CustomStringConvertible)?) -> String {
        value.map { " \(name)=\($0)" } ?? ""
    }
    switch event {
    case .responseStarted(let data):
        return "started" + told("id", data.id) + told("model", data.model) + told("tier", data.serviceTier)
            + told("fingerprint", data.systemFingerprint) + told("request", data.requestID)
    case .textDelta(let text, let choice): return "text \(choice) \(String(reflecting: text))"
    case .reasoningDelta(let text, let choice): return "reasoning \(choice) \(String(reflecting: text))"
    case .refusalDelta(let text, let choice): return "refusal \(choice) \(String(reflecting: text))"
    case .toolCallDelta(let delta):
        let extra = delta.extraFields.isEmpty ? nil : JSONWriter.string(.object(delta.extraFields))
        return "tool \(delta.choice) #\(delta.index)" + told("id", delta.id) + told("name", delta.name)
            + " \(String(reflecting: delta.argumentsDelta))" + told("extra", extra)
    case .logprobs(let tokens, let choice):
        let list = tokens.map { token in
            "\(token.token) \(token.logprob) [" + token.top.map { "\($0.token) \($0.logprob)" }.joined(separator: ", ")
                + "]"
        }
        return "logprobs \(choice) " + list.joined(separator: "; ")
    case .usage(let usage):
        return "usage" + told("input", usage.inputTokens) + told("output", usage.outputTokens)
            + told("cached", usage.cachedInputTokens) + told("written", usage.cacheWriteTokens)
            + told("reasoning", usage.reasoningTokens)
    case .opaqueItem(let item): return "item " + JSONWriter.string(item)
    case .arrived(let told): return "arrived " + told.marks.map { "\($0.kind)" }.joined(separator: " ")
    case .policy(let event): return "policy \(event)"
    case .finished(let reason, let choice): return "finished \(choice) \(reason.wireName)"
    }
}

/// One line for an error.
func line(_ error: any Error) -> String {
    guard let error = error as? ProviderError else { return "error \(error)" }
    return "error \(error)" + (error.code.map { " code=\($0)" } ?? "") + (error.param.map { " param=\($0)" } ?? "")
        + (error.isRetryable ? " retryable" : "")
}
