import AppSettings
import AppUI
import ProviderCore

/// Settings, presets and endpoints of the workspace in their files.
struct ConfigurationFiles: ConfigurationKeeper {
    let global: GlobalOptions
    let wiring: Wiring
    /// The settings file; nil = there is no folder for one.
    private let file: SettingsFile?
    private let keyFiles = KeyFiles()

    init(global: GlobalOptions, wiring: Wiring) {
        self.global = global
        self.wiring = wiring
        file = (global.config ?? Wiring.paths().configFile).map(SettingsFile.init)
    }

    func perform(_ effect: ConfigurationEffect, send: @escaping @Sendable (ConfigurationEvent) -> Void) async {
        switch effect {
        case .saveSettings(let writes):
            let problems = save(writes)
            send(.settingsSaved(writes, problems: problems))
            if problems.count < writes.count, let loaded = try? Wiring.settings(global) {
                send(.settings(SettingRows.rows(loaded.settings)))
            }
        case .listPresets:
            let (presets, problems) = presets.list()
            send(.presets(presets, problems: problems))
        case .savePreset(let preset, let replaces):
            let (kept, outcome) = presets.save(preset, replaces: replaces)
            send(.presetSaved(kept, outcome))
        case .checkEndpoint(let id, let draft):
            await EndpointTest(wiring: wiring).check(draft, id: id, send: send)
            if !Task.isCancelled { send(.endpointTested(id: id)) }
        case .saveEndpoint(let draft, let replaces):
            send(.endpointSaved(name: draft.name, save(draft, replaces: replaces)))
        }
    }

    /// Writes settings, all at once; what is wrong by path.
    private func save(_ writes: [SettingWrite]) -> [String: String] {
        guard let file else {
            return Dictionary(writes.map { ($0.path, "there is no folder for settings") }) { first, _ in first }
        }
        let changes = writes.map { write in
            SettingsFile.Change(
                path: write.path, value: write.value.map { SettingRows.toml($0, of: write.path) })
        }
        return file.make(changes, check: Wiring.missingName)
    }

    private func save(_ draft: EndpointDraft, replaces: Bool) -> SaveOutcome {
        guard let file else { return .failed("there is no folder for settings") }
        return ProfileWriter(file: file, home: Wiring.paths().home, keyFiles: keyFiles).save(draft, replaces: replaces)
    }

    private var presets: PresetFiles {
        PresetFiles(folder: Wiring.paths().presetFolder, workingFolder: WorkingFolder.path)
    }
}
