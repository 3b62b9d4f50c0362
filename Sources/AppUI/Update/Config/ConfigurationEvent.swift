/// What can happen to settings, presets and endpoints.
public enum ConfigurationEvent: Sendable {
    /// The settings as the file has them now.
    case settings([SettingRow])
    /// These settings were to be saved; why some are not in the file, each in a sentence, by path.
    case settingsSaved([SettingWrite], problems: [String: String])
    /// The presets that there are, and what is wrong with others, each in a sentence.
    case presets([Preset], problems: [String])
    /// How saving a preset ended.
    case presetSaved(Preset, SaveOutcome)
    /// A step of the test `id` has begun or is done.
    case endpointStep(id: Int, EndpointStep, EndpointOutcome)
    /// The models that the endpoint of the test `id` lists.
    case endpointModels(id: Int, [String])
    /// The test `id` is over.
    case endpointTested(id: Int)
    /// How saving the endpoint of this name ended.
    case endpointSaved(name: String, SaveOutcome)
}

/// What the workspace wants done with settings, presets and endpoints.
public enum ConfigurationEffect: Sendable {
    /// Write settings into the file, whose comments stay, all in one writing. Answered by `settingsSaved`.
    case saveSettings([SettingWrite])
    /// Look the presets up. Answered by `presets`.
    case listPresets
    /// Keep a preset; `replaces`: also where there is one of its name. Answered by `presetSaved`.
    case savePreset(Preset, replaces: Bool)
    /// Try an endpoint step by step, and stop at the first that fails. Answered by `endpointStep`, `endpointModels` and, at the end,
    /// `endpointTested`. Runs as the task `id`, which can be cancelled.
    case checkEndpoint(id: Int, EndpointDraft)
    /// Write `[profiles.NAME]` into the settings file, and a pasted key into a file of mode 0600 beside it: a person agreed to that.
    /// `replaces`: also where there is a profile of this name. Answered by `endpointSaved`.
    case saveEndpoint(EndpointDraft, replaces: Bool)
}
