import AppSettings
import FunctionTools
import ProviderCore
import ProviderHTTP
import Sandbox
import TerminalKit

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Where tools come from: a file that was named, or the `tools` folders of the user and of the working folder.
enum ToolLibrary {
    /// The largest file of definitions.
    private static let sizeLimit = 16 << 20

    /// The tools of a file that the user named. Throws a failure with file, line and column; warnings come back.
    static func read(_ path: String) throws -> (tools: ToolSet, warnings: [String]) {
        let reading = ToolFile.read(try InputFile.read(path, limit: sizeLimit), name: path, origin: .user)
        let errors = reading.diagnostics.filter { $0.severity == .error }.map(\.description)
        guard errors.isEmpty else { throw Failure(errors.joined(separator: "\n"), code: Exit.inputFile) }
        return (ToolSet(reading.tools), reading.diagnostics.map(\.description))
    }

    /// The form of the answer that a file describes. Throws a failure with file, line and column.
    static func readFormat(_ path: String) throws -> ResponseFormat {
        let reading = FormatFile.read(try InputFile.read(path, limit: sizeLimit), name: path)
        let errors = reading.diagnostics.filter { $0.severity == .error }.map(\.description)
        guard errors.isEmpty, let format = reading.format else {
            throw Failure(errors.joined(separator: "\n"), code: Exit.inputFile)
        }
        return format
    }

    /// The tools of the folders, the user's before the working folder's. A file that is wrong is left out and told of.
    static func load(_ paths: AppPaths) -> (tools: [Tool], warnings: [String]) {
        var tools: [Tool] = []
        var warnings: [String] = []
        let folders: [(String?, Tool.Origin)] = [(paths.toolFolder, .user), (projectFolder, .project)]
        for (folder, origin) in folders {
            guard let folder else { continue }
            for path in files(in: folder) {
                do {
                    let reading = ToolFile.read(
                        try InputFile.read(path, limit: sizeLimit), name: path, origin: origin)
                    warnings += reading.diagnostics.map(\.description)
                    for tool in reading.tools {
                        if let known = tools.first(where: { $0.name == tool.name }) {
                            warnings.append("\(tool.place): \"\(tool.name)\" is defined at \(known.place) already")
                        } else {
                            tools.append(tool)
                        }
                    }
                } catch let failure as Failure {
                    warnings.append(failure.message)
                } catch {
                    warnings.append("\(path): \(error)")
                }
            }
        }
        return (tools, warnings)
    }

    /// Tools of the working folder.
    private static var projectFolder: String { FileManager.default.currentDirectoryPath + "/.tickertape/tools" }

    private static func files(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }.sorted().map { folder + "/" + $0 }
    }

    /// What answers calls. `allowsUnsandboxed`: also where no sandbox works.
    static func executor(_ settings: Settings, allowsUnsandboxed: Bool) -> ToolExecutor {
        let paths = Wiring.paths()
        let folders = [paths.configFolder, paths.dataFolder, paths.stateFolder, paths.cacheFolder]
        let own = (folders + [settings.file]).compactMap(\.self) + settings.keyFiles(home: paths.home)
        let sandbox = Sandbox(
            environment: ProcessInfo.processInfo.environment,
            workingFolder: FileManager.default.currentDirectoryPath, hidden: own,
            allowsUnsandboxed: allowsUnsandboxed)
        return ToolExecutor(commands: sandbox, transport: CurlTransport())
    }
}
