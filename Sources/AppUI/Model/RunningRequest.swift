import Conversations
import FunctionTools

/// A request that runs.
struct RunningRequest: Sendable {
    /// The conversation that it was made in.
    var conversation: String
    /// The answer that it makes, by its number there.
    let message: MessageTree.ID
    /// What it offered: its calls mean these.
    let tools: ToolSet
    /// The parameters that it was made with.
    var values: [ParameterID: ParameterValue] = [:]
    /// What it waits for; nil = it does not wait.
    var wait: PendingWait?
}

/// A prompt that is sent when the answer before it is there.
struct QueuedPrompt: Sendable, Hashable {
    /// As it was typed.
    let text: String
    /// Files that go along.
    var attachments: [Attachment] = []
}

extension [QueuedPrompt] {
    /// All of them as they have to stand in a prompt, before what stands in it.
    func text(before prompt: String) -> String {
        guard !isEmpty else { return prompt }
        return SlashLine.escaped(map(\.text).joined(separator: "\n\n")) + (prompt.isEmpty ? "" : "\n\n" + prompt)
    }
}
