public import Conversations

/// What the workspace wants of the system around it. What is nil cannot be done here.
public struct WorkspaceServices: Sendable {
    /// Reads a file that the prompt names.
    public var readFile: (@Sendable (_ path: String) async -> Result<Attachment, ServiceError>)?
    /// Lists what a path that is being typed can become.
    public var listPaths: (@Sendable (_ path: String) async -> [PathCandidate])?
    /// Runs a command of the person in a shell and gives its output. Cancelling the task ends it.
    public var shell: (@Sendable (_ command: String) async -> Result<String, ServiceError>)?

    /// Writes a conversation to a file and gives its path. Nil = a file of its name in the working folder. Nothing is overwritten.
    public var export:
        (
            @Sendable (_ conversation: StoredConversation, _ format: ExportFormat, _ path: String?) async -> Result<
                String, ServiceError
            >
        )?
    /// Reads a conversation from a file.
    public var importFile: (@Sendable (_ path: String) async -> Result<StoredConversation, ServiceError>)?

    /// Benchmark runs.
    public var runs: RunsService?

    /// Services; none unless they are set.
    public init() {}
}
