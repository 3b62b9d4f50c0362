import AppSettings
import AppUI
import Sandbox

/// The person's own programs: editor, pager, clipboard. No shell stands between; texts travel in files that nobody else can
/// read, and over pipes.
struct ExternalPrograms: ExternalTools {
    private let environment: [String: String]
    private let clipboard: ClipboardWriter

    /// `clipboardCommand` is the program of the settings with its arguments.
    init(environment: [String: String], clipboardCommand: [String]?) {
        self.environment = environment
        clipboard = ClipboardWriter(environment: environment, command: clipboardCommand)
    }

    /// `$VISUAL`, else `$EDITOR`, else vi, with a file behind its own arguments. What it leaves in the file counts only when
    /// it ends with 0. An end of line that it adds at the end of the text is taken off again.
    func edit(_ text: String) async -> Result<String, ExternalToolError> {
        do throws(ExternalToolError) {
            let file = try PrivateFile(text, name: "prompt.md", environment: environment)
            defer { file.remove() }
            try await run(["VISUAL", "EDITOR"], fallback: "vi", on: file, kept: "the prompt stays as it was")
            let edited = try file.read()
            return .success(edited.hasSuffix("\n") && !text.hasSuffix("\n") ? String(edited.dropLast()) : edited)
        } catch {
            return .failure(error)
        }
    }

    /// `$PAGER`, else less.
    func page(_ text: String) async -> ExternalToolError? {
        do throws(ExternalToolError) {
            let file = try PrivateFile(text, name: "conversation.md", environment: environment)
            defer { file.remove() }
            try await run(["PAGER"], fallback: "less", on: file, kept: nil)
            return nil
        } catch {
            return error
        }
    }

    /// Down the ladder of what there is, and told.
    func copy(_ text: String) async -> CopyReport { await clipboard.copy(text) }

    private func run(
        _ variables: [String], fallback: String, on file: PrivateFile, kept: String?
    ) async throws(ExternalToolError) {
        let found = variables.first { !(environment[$0] ?? "").allSatisfy(\.isWhitespace) }
        let line = found.flatMap { environment[$0] } ?? fallback
        let name = found.map { "$\($0)" } ?? fallback
        let consequence = kept.map { "; \($0)" } ?? ""
        guard let words = try? CommandWords.split(line), let first = words.first else {
            throw ExternalToolError("\(name) has a quote that is not closed: \(line)")
        }
        let program = first.split(separator: "/").last.map(String.init) ?? first
        guard let host = HostProgram(words + [file.path], environment: environment) else {
            let remedy = found == nil ? "; set \(variables.map { "$\($0)" }.joined(separator: " or "))" : " (\(name))"
            throw ExternalToolError("\(program) is not found\(remedy)")
        }
        switch await host.runInTerminal() {
        case .exited(0): return
        case .exited(let code): throw ExternalToolError("\(program) ended with \(code)\(consequence)")
        case .signalled(let signal): throw ExternalToolError("\(program) was ended by signal \(signal)\(consequence)")
        case .notStarted(let reason): throw ExternalToolError("\(program) cannot be started: \(reason)")
        case .tookTooLong: throw ExternalToolError("\(program) took too long\(consequence)")
        }
    }
}
