extension LinearWords {
    /// What to do in place of a screen that linear mode has not.
    static func formAdvice(_ form: FormOverlay, _ app: AppModel) -> [String] {
        switch form {
        case .config:
            [
                "Parameters: /set, /unset and /default with a parameter's name; /set with a name alone tells its value.",
                "Settings: tickertape config set PATH VALUE in a shell; what is saved holds here at once.",
            ]
        case .presets(let picker):
            [
                "Presets: "
                    + (picker.items.isEmpty
                        ? "none." : picker.items.map { gated($0.value) }.joined(separator: ", ") + ".")
            ]
                + ["/preset NAME applies one, /undo-preset takes it back."]
        case .savePreset: ["/save-preset NAME saves what is set now."]
        case .comparison(let comparison):
            FormView.lines(comparison, app, width: 100).map { line in gated(line.map(\.text).joined()) }
        case .variables: []
        case .endpoint:
            ["A provider is set up in the settings file: tickertape config edit; tickertape doctor checks it."]
        }
    }
}
