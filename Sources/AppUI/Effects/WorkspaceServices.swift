public import Conversations

/// What the workspace wants of the system around it. What is nil cannot be done here.
public struct WorkspaceServices: Sendable {
    /// Reads a file that the prompt names.
    public var readFile: (@Sendable (_ path: String) async -> Result<Attachment, ServiceError>)?
    /// Runs a command of the person in a shell and gives its output. Cancelling the task ends it.
    public var shell: (@Sendable (_ command: String) async -> Result<String, ServiceError>)?

    /// Services; none unless they are set.
    public init() {}
}
