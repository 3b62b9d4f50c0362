/// The environment of programs that a person's own commands start: editor, pager, clipboard, the command that prints a key. None
/// of them needs an API key, and what an extension of an editor sends home is nobody's to say.
public enum KeylessEnvironment {
    /// The variables that hold keys wherever they are set.
    private static let names: Set<String> = ["OPENAI_API_KEY", "OPENAI_ADMIN_KEY"]

    /// An environment without the variables that hold API keys: the usual ones, and those that the profiles of the settings name.
    public static func of(_ environment: [String: String], settings: Settings? = nil) -> [String: String] {
        let named = settings?.profiles.values.compactMap { $0.table.text("key_env") } ?? []
        let hidden = names.union(named)
        return environment.filter { !hidden.contains($0.key) }
    }
}
