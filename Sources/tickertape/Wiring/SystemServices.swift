import AppSettings
import AppUI
import Conversations
import FunctionTools
import Sandbox

/// What the workspace wants of the system: files, programs.
enum SystemServices {
    /// A command of the person may take so long.
    private static let shellTime = Duration.seconds(120)

    /// The services over these settings.
    static func make(_ settings: Settings) -> WorkspaceServices {
        let sandbox = ToolLibrary.sandbox(settings, allowsUnsandboxed: true)
        var services = WorkspaceServices()
        services.shell = { await output(of: $0, in: sandbox) }
        return services
    }

    /// What a command prints. It runs in the sandbox, which can read the working folder and write nothing: its output is wanted, not
    /// what it does.
    private static func output(of command: String, in sandbox: Sandbox) async -> Result<String, ServiceError> {
        let outcome = await sandbox.run(
            Command(["/bin/sh", "-c", command], limits: CommandLimits(time: shellTime)))
        if case .notStarted(let reason) = outcome.end {
            return .failure(ServiceError("it could not be run: \(reason)"))
        }
        return .success(outcome.text)
    }
}
