import TerminalKit

/// Forms and screens in which things are set up. They lie over the panes and take the keys.
enum FormOverlay: Sendable {
    /// Parameters and settings.
    case config(ConfigScreen)
}

/// What belongs to setting things up.
struct ConfigDesk: Sendable {
    /// Settings and what was changed of them.
    var settings = SettingsDesk()
    /// The config editor while a list that it opened lies over it.
    var suspended: ConfigScreen?
}

extension AppModel {
    /// The settings as they are known here.
    var settings: SettingsDesk {
        get { desk.settings }
        set { desk.settings = newValue }
    }
}
