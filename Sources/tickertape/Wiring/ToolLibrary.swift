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
    /// The most lines of warnings about the folders.
    private static let mostWarnings = 10

    /// The tools of a file that the user named. Throws a failure with file, line and column; warnings come back.
    static func read(_ path: String) throws -> (tools: ToolSet, warnings: [String]) {
        let reading = try reading(path, .user)
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
                    let reading = try reading(path, origin)
                    var told = reading.diagnostics.map(\.description)
                    let before = tools.count
                    for tool in reading.tools {
                        if let known = tools.first(where: { $0.name == tool.name }) {
                            told.append("\(tool.place): \"\(tool.name)\" is defined at \(known.place) already")
                        } else {
                            tools.append(tool)
                        }
                    }
                    if let line = summary(told, path, isUseless: tools.count == before) { warnings.append(line) }
                } catch let failure as Failure {
                    warnings.append(failure.message)
                } catch {
                    warnings.append("\(path): \(error)")
                }
            }
        }
        return (tools, shortened(warnings))
    }

    /// The first of a file's faults in one line, and how many more there are; nil when there is none.
    static func summary(_ told: [String], _ path: String, isUseless: Bool) -> String? {
        guard let first = told.first else { return nil }
        let rest = told.count > 1 ? "; and \(told.count - 1) more: tickertape ask --tools \(path) lists them" : ""
        return first + (isUseless ? "; nothing of it is offered" : "") + rest
    }

    /// Warnings of many files: no more lines than somebody reads.
    static func shortened(_ warnings: [String]) -> [String] {
        guard warnings.count > mostWarnings else { return warnings }
        let rest = warnings.count - mostWarnings + 1
        return warnings.prefix(mostWarnings - 1) + ["\(rest) more files of tools have faults"]
    }

    /// The tools that were found, and those compiled in. Only the user's own tools displace one of these of the same name: a
    /// working folder cannot put its own in the place of what the person knows.
    static func merged(_ found: [Tool], builtIn: [Tool]) -> [Tool] {
        let own = Set(found.filter { $0.origin == .user }.map(\.name))
        let offered = builtIn.filter { !own.contains($0.name) }
        let taken = Set(offered.map(\.name))
        return found.filter { !taken.contains($0.name) } + offered
    }

    private static func reading(_ path: String, _ origin: Tool.Origin) throws -> ToolFileReading {
        var reading = ToolFile.read(try InputFile.read(path, limit: sizeLimit), name: path, origin: origin)
        let whole = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        let folder = whole.prefix(upTo: whole.lastIndex(of: "/") ?? whole.endIndex)
        reading.tools = reading.tools.map { $0.placed(in: String(folder)) }
        return reading
    }

    /// Tools of the working folder.
    private static var projectFolder: String { FileManager.default.currentDirectoryPath + "/.tickertape/tools" }

    private static func files(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }.sorted().map { folder + "/" + $0 }
    }

    /// What answers calls. `allowsUnsandboxed`: also where no sandbox works; `folder`: what programs are to see besides.
    static func executor(_ settings: Settings, allowsUnsandboxed: Bool, folder: String? = nil) -> ToolExecutor {
        let sandbox = sandbox(settings, allowsUnsandboxed: allowsUnsandboxed, folder: folder)
        return ToolExecutor(commands: sandbox, transport: CurlTransport())
    }

    /// Where programs run: they see the working folder, one more where it is named, and nothing of ours.
    static func sandbox(_ settings: Settings, allowsUnsandboxed: Bool, folder: String? = nil) -> Sandbox {
        let paths = Wiring.paths()
        let folders = [paths.configFolder, paths.dataFolder, paths.stateFolder, paths.cacheFolder]
        let own = (folders + [settings.file]).compactMap(\.self) + settings.keyFiles(home: paths.home)
        return Sandbox(
            environment: ProcessInfo.processInfo.environment,
            workingFolder: FileManager.default.currentDirectoryPath, hidden: own,
            // Scripts lie beside their definitions.
            visible: [paths.toolFolder, folder].compactMap(\.self), allowsUnsandboxed: allowsUnsandboxed)
    }
}
