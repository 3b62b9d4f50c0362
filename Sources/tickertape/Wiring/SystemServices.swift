import AppSettings
import AppUI
import Conversations
import Foundation
import FunctionTools
import Sandbox
import Storage

/// What the workspace wants of the system: files, programs.
enum SystemServices {
    /// A command of the person may take so long.
    private static let shellTime = Duration.seconds(120)
    /// A conversation that is read from a file.
    private static let importLimit = 20 << 20

    /// The services over these settings.
    static func make(_ settings: Settings) -> WorkspaceServices {
        let sandbox = ToolLibrary.sandbox(settings, allowsUnsandboxed: true)
        let reader = AttachmentReader(
            folder: FileManager.default.currentDirectoryPath, home: Wiring.paths().home)
        var services = WorkspaceServices()
        services.shell = { await output(of: $0, in: sandbox) }
        services.readFile = { path in
            do throws(AttachmentError) { return .success(try reader.read(path)) } catch {
                return .failure(ServiceError("\(error).", isMissing: error.isMissing))
            }
        }
        services.export = { conversation, format, path in write(conversation, format, to: path) }
        services.importFile = { read(conversation: $0) }
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

    // MARK: Conversations in files

    private static func write(
        _ conversation: StoredConversation, _ format: ExportFormat, to path: String?
    ) -> Result<String, ServiceError> {
        let text =
            switch format {
            case .markdown: ConversationExport.markdown(conversation)
            case .json: ConversationExport.json(conversation, branch: .all)
            case .html: ConversationExport.html(conversation)
            }
        let target = absolute(path ?? fileName(conversation, format))
        let descriptor = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            let reason = errno == EEXIST ? "is there already; name another file" : String(cString: strerror(errno))
            return .failure(ServiceError("\(path ?? target): \(reason)."))
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do { try file.write(contentsOf: Data(text.utf8)) } catch {
            unlink(target)
            return .failure(ServiceError("\(path ?? target) cannot be written: \(error.localizedDescription)"))
        }
        return .success(target)
    }

    /// A name that no shell stumbles over.
    private static func fileName(_ conversation: StoredConversation, _ format: ExportFormat) -> String {
        let words = (conversation.title ?? conversation.messages.first?.text ?? "conversation").lowercased()
            .split { !$0.isASCII || !($0.isLetter || $0.isNumber) }.prefix(6).joined(separator: "-")
        return "\(words.isEmpty ? "conversation" : String(words.prefix(60))).\(format.fileExtension)"
    }

    private static func read(conversation path: String) -> Result<StoredConversation, ServiceError> {
        do {
            let bytes = try InputFile.read(absolute(path), limit: importLimit)
            return .success(try ConversationImport.parse(Array(bytes)))
        } catch let error as ConversationImportError {
            return .failure(ServiceError("\(path): \(error)"))
        } catch let failure as Failure {
            return .failure(ServiceError(failure.message))
        } catch { return .failure(ServiceError("\(path): \(error)")) }
    }

    private static func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        if path.hasPrefix("~/"), let home = Wiring.paths().home { return home + path.dropFirst() }
        return FileManager.default.currentDirectoryPath + "/" + path
    }
}
