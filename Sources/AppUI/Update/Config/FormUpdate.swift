import TerminalKit

extension AppModel {
    /// A key in a form.
    mutating func take(_ chord: KeyChord, in form: FormOverlay) -> [AppEffect] {
        switch form {
        case .config(let screen): take(chord, in: screen)
        case .presets(let picker): take(chord, choosingPreset: picker)
        case .savePreset(let saving): take(chord, in: saving)
        case .comparison(let comparison): take(chord, in: comparison)
        case .variables(let form): take(chord, in: form)
        case .endpoint(let form): take(chord, in: form)
        }
    }

    /// Text that was pasted into a form.
    mutating func paste(_ text: String, into form: FormOverlay) {
        switch form {
        case .config(let screen): paste(text, into: screen)
        case .presets(var picker):
            picker.paste(text)
            overlay = .form(.presets(picker))
        case .savePreset(var saving):
            saving.editor.insert(text.trimmed.replacing("\n", with: " "))
            overlay = .form(.savePreset(saving))
        case .comparison: break
        case .variables(let form): paste(text, into: form)
        case .endpoint(let form): paste(text, into: form)
        }
    }

    /// Something happened to settings, presets or endpoints.
    mutating func take(_ event: ConfigurationEvent) -> [AppEffect] {
        switch event {
        case .settings(let rows): return take(settings: rows)
        case .settingsSaved(let writes, let problems): return settingsSaved(writes, problems: problems)
        case .presets(let presets, let problems): return take(presets: presets, problems: problems)
        case .presetSaved(let preset, let outcome): presetSaved(preset, outcome)
        case .endpointStep(let id, let step, let outcome): take(outcome, of: step, test: id)
        case .endpointModels(let id, let models): take(endpointModels: models, test: id)
        case .endpointTested(let id): endpointTested(id)
        case .endpointSaved(let name, let outcome): endpointSaved(name, outcome)
        }
        return []
    }

    /// Opens the form that a command names.
    mutating func openForm(_ command: Command) -> [AppEffect] {
        switch command {
        case .configure: return openConfig()
        case .editSettings: return openConfig(atSettings: true)
        case .choosePreset: return choosePreset()
        case .savePreset: return savePreset("")
        case .comparePresets: return comparePresets("")
        case .undoPreset: undoPreset()
        case .setUpEndpoint: return setUpEndpoint()
        default: break
        }
        return []
    }

    /// Brings the config editor back when the list that it had opened is closed.
    mutating func resume() {
        guard overlay == nil, let screen = desk.suspended else { return }
        desk.suspended = nil
        overlay = .form(.config(screen))
    }
}
