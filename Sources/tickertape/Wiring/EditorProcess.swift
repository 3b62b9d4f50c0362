import AppSettings
import Foundation
import Sandbox

/// The person's own editor, on the terminal of a command.
enum EditorProcess {
    /// The words of the editor's command: `VISUAL`, then `EDITOR`, then `vi`. Split as a shell would, without one.
    static func words(_ environment: [String: String]) throws -> [String] {
        for name in ["VISUAL", "EDITOR"] {
            guard let text = environment[name], text.contains(where: { !$0.isWhitespace }) else { continue }
            do { return try CommandWords.split(text) } catch {
                throw Failure("\(name) \(error)", code: Exit.settings)
            }
        }
        return ["vi"]
    }

    /// Opens files in the editor and waits for its end. Throws a failure when it cannot be started or does not end well. It gets no keys, also
    /// none that the settings name, where these could be read.
    static func run(_ words: [String], _ files: [String], settings: Settings? = nil) async throws {
        let environment = KeylessEnvironment.of(ProcessInfo.processInfo.environment, settings: settings)
        let program = words.first ?? "vi"
        guard let host = HostProgram(words + files, environment: environment) else {
            throw Failure("the editor \(program): No such file or directory", code: Exit.settings)
        }
        let how: String
        switch await host.runInTerminal(orHere: true) {
        case .exited(0): return
        case .exited(let code): how = "ended with exit code \(code)"
        case .signalled(let signal): how = "ended with signal \(signal)"
        case .notStarted(let reason): how = "cannot be started: \(reason)"
        case .tookTooLong: how = "took too long"
        }
        throw Failure("the editor \(program) \(how)", code: Exit.settings)
    }
}
