import TerminalKit

/// Forms and screens in which things are set up. They lie over the panes and take the keys.
enum FormOverlay: Sendable {
    /// Parameters and settings.
    case config(ConfigScreen)
    /// The presets, by name.
    case presets(Picker<String>)
    /// What a preset is to be called.
    case savePreset(PresetSaving)
    /// What differs between two presets.
    case comparison(PresetComparison)
    /// Variables of a prompt.
    case variables(VariableForm)
    /// A server and its key.
    case endpoint(EndpointForm)
}

/// What belongs to setting things up.
struct ConfigDesk: Sendable {
    /// Settings and what was changed of them.
    var settings = SettingsDesk()
    /// Whose keys edit the prompt where no setting says so.
    var standardEditingMode = EditingMode.emacs
    /// Tables that were given to be written into the settings file: when they are read again that is no news.
    var written: Set<String> = []
    /// The config editor while a list that it opened lies over it.
    var suspended: ConfigScreen?
    /// Presets, and the one in use.
    var presets = PresetDesk()
    /// What variables of prompts were last.
    var variables = VariableMemory()
    /// An endpoint that was begun and left; without its key.
    var endpoint: EndpointForm?
}

extension AppModel {
    /// The settings as they are known here.
    var settings: SettingsDesk {
        get { desk.settings }
        set { desk.settings = newValue }
    }
}
