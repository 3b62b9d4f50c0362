import Synchronization

/// The settings file of a person, written by one at a time. Each writing reads the file anew and changes single values, so that
/// nothing that somebody else wrote is lost.
public final class SettingsFile: Sendable {
    /// A value that is to stand in the file.
    public struct Change: Sendable, Hashable {
        /// The path of the setting.
        public let path: String
        /// The value, read as `SettingChange.set` reads it; nil = its line is taken out.
        public let value: String?

        /// A change.
        public init(path: String, value: String?) {
            self.path = path
            self.value = value
        }
    }

    /// Where it is, or would be.
    public let path: String
    private let turn = Mutex(())

    /// How often it is tried again when somebody else writes at the same moment.
    private static let attempts = 3

    /// The file of a path; there need not be one.
    public init(_ path: String) { self.path = path }

    /// Writes several values at once, or none where nothing changes. What is wrong with one does not hinder the others. `check`
    /// says of the settings as they would be what is wrong with a path, nil = nothing.
    ///
    /// Returns what is wrong by path, each in a sentence; those that are not named are in the file.
    public func make(
        _ changes: [Change], check: (_ settings: Settings, _ path: String) -> FileProblem? = { _, _ in nil }
    ) -> [String: String] {
        var problems: [String: String] = [:]
        do {
            try rewrite { snapshot in
                problems = [:]
                var text = snapshot.text
                for change in changes {
                    do { text = try Self.text(text, with: change, file: path, check) } catch {
                        problems[change.path] = "\(error)"
                    }
                }
                return text
            }
        } catch {
            for change in changes where problems[change.path] == nil { problems[change.path] = "\(error)" }
        }
        return problems
    }

    /// Writes what `work` makes of the file as it is; nil = nothing is written. When somebody else wrote meanwhile, `work` is
    /// asked again. Throws what `work` throws, and `FileProblem` when the file cannot be read or written.
    public func rewrite(_ work: (FileSnapshot) throws -> String?) throws {
        try turn.withLock { _ in
            for attempt in 1... {
                let snapshot = try FileSnapshot(path)
                guard let text = try work(snapshot), text != snapshot.text else { return }
                do {
                    try snapshot.replace(with: text)
                    return
                } catch {
                    guard attempt < Self.attempts, try FileSnapshot(path) != snapshot else { throw error }
                }
            }
        }
    }

    /// A text with a change. Throws `SettingsError` as `SettingChange`, and the problem that `check` finds.
    public static func text(
        _ text: String, with change: Change, file: String? = nil,
        _ check: (_ settings: Settings, _ path: String) -> FileProblem? = { _, _ in nil }
    ) throws -> String {
        guard let value = change.value else {
            return try SettingChange.unset(change.path, in: text, file: file) ?? text
        }
        let changed = try SettingChange.set(change.path, to: value, in: text, file: file)
        // What was wrong before hinders nothing, and cannot be looked at.
        if let settings = try? Settings.parse(FileSnapshot.body(of: changed), file: file).settings,
            let problem = check(settings, change.path)
        {
            throw problem
        }
        return changed
    }
}
