extension LinearWords {
    /// What to do in place of a screen that linear mode has not.
    static func formAdvice(_ form: FormOverlay, _ app: AppModel) -> [String] {
        switch form {
        case .config:
            [
                "Parameters: /set, /unset and /default with a parameter's name; /set with a name alone tells its value.",
                "Settings: /settings lists them, /settings NAME VALUE changes one and saves it.",
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
        case .variables, .endpoint: []
        }
    }
}
