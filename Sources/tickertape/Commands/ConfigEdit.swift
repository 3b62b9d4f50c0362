import AppSettings
import ArgumentParser

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension ConfigCommand {
    /// Edits a copy of the settings file, so that a wrong one never takes the place of a good one.
    struct Edit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Open the settings file in $VISUAL or $EDITOR, and check it before it counts.",
            discussion: """
                A copy is edited. It takes the file's place when it is right; when it is not, every mistake is told with its \
                line, and on a terminal you can go on editing. Where there is no file yet, a sample is opened in which \
                everything is commented out.
                """)
        @OptionGroup var global: GlobalOptions

        func run() async throws {
            let snapshot = try ConfigCommand.snapshot(global)
            let words = try EditorProcess.words(ProcessInfo.processInfo.environment)
            let copy = try EditedCopy(snapshot.exists ? snapshot.text : Settings.sample())
            let settings = try? Settings.parse(snapshot.body).settings
            var isKept = false
            defer { if !isKept { copy.remove() } }
            while true {
                try await EditorProcess.run(words, [copy.path], settings: settings)
                let edited = try copy.read()
                guard edited.text != copy.original else {
                    Terminal.complain("nothing was changed")
                    return
                }
                do {
                    try Self.check(edited, as: snapshot.path)
                    try snapshot.replace(with: edited.text)
                    return
                } catch {
                    Terminal.complain("\(error)")
                    guard Self.asksAgain() else {
                        isKept = true
                        throw Failure(
                            "the settings are as before; what you wrote is in \(copy.path)", code: Exit.settings)
                    }
                }
            }
        }

        /// Whether the settings would be right. Warnings are told and do not hinder.
        private static func check(_ edited: FileSnapshot, as file: String) throws {
            for warning in try Settings.parse(edited.body, file: file).warnings { Terminal.complain("\(warning)") }
        }

        /// Asks on a terminal whether to go on; false without one.
        private static func asksAgain() -> Bool {
            guard Terminal.isTerminal(STDIN_FILENO), Terminal.isTerminal(STDERR_FILENO) else { return false }
            _ = Terminal.write("Edit again? [Y/n] ".utf8, to: STDERR_FILENO)
            guard let answer = readLine() else { return false }
            return !answer.lowercased().hasPrefix("n")
        }
    }
}

/// A copy of a file in a folder that only its owner can look into.
private struct EditedCopy {
    let folder: String
    let path: String
    let original: String

    init(_ text: String) throws {
        let base = ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
        var template = Array((base + "/tickertape-XXXXXX").utf8CString)
        let isMade = template.withUnsafeMutableBufferPointer { space in
            space.baseAddress.map { mkdtemp($0) != nil } ?? false
        }
        guard isMade else {
            throw Failure("no folder in \(base): \(String(cString: strerror(errno)))", code: Exit.storage)
        }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        path = folder + "/config.toml"
        original = text
        do { try FileSnapshot(path).replace(with: text) } catch { throw Failure("\(error)", code: Exit.storage) }
    }

    func read() throws -> FileSnapshot {
        do { return try FileSnapshot(path) } catch { throw Failure("\(error)", code: Exit.settings) }
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }
}
