/// What can happen to settings, presets and endpoints.
public enum ConfigurationEvent: Sendable {
    /// The settings as the file has them now.
    case settings([SettingRow])
    /// A setting was saved: nil; else why not, in a sentence.
    case settingSaved(path: String, problem: String?)
}

/// What the workspace wants done with settings, presets and endpoints.
public enum ConfigurationEffect: Sendable {
    /// Write a setting into the file, whose comments stay; nil = take its line out.
    case saveSetting(path: String, value: String?)
}
