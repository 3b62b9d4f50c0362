import AppSettings
import AppUI
import ProviderCore

/// Settings, presets and endpoints of the workspace in their files.
struct ConfigurationFiles: ConfigurationKeeper {
    let global: GlobalOptions
    let wiring: Wiring

    func perform(_ effect: ConfigurationEffect, send: @escaping @Sendable (ConfigurationEvent) -> Void) async {
        switch effect {
        case .saveSetting(let path, let value):
            let problem = saveSetting(path, value)
            send(.settingSaved(path: path, problem: problem))
            if problem == nil, let loaded = try? Wiring.settings(global) {
                send(.settings(SettingRows.rows(loaded.settings)))
            }
        case .listPresets:
            let (presets, problems) = library.list()
            send(.presets(presets.map(AppUI.Preset.init), problems: problems.map(\.description)))
        case .savePreset(let preset, let replaces):
            let (kept, outcome) = save(preset, replaces: replaces)
            send(.presetSaved(kept, outcome))
        case .checkEndpoint(let id, let draft):
            await EndpointFiles(global: global, wiring: wiring).check(draft, id: id, send: send)
            if !Task.isCancelled { send(.endpointTested(id: id)) }
        case .saveEndpoint(let draft, let replaces):
            let files = EndpointFiles(global: global, wiring: wiring)
            send(.endpointSaved(name: draft.name, files.save(draft, replaces: replaces)))
        }
    }

    /// Nil when it is in the file, else why not.
    private func saveSetting(_ path: String, _ value: String?) -> String? {
        guard let file = global.config ?? Wiring.paths().configFile else { return "there is no folder for settings" }
        do {
            let snapshot = try FileSnapshot(file)
            if let value {
                let spelt = SettingRows.toml(value, of: path)
                try snapshot.replace(with: try SettingChange.set(path, to: spelt, in: snapshot.text, file: file))
            } else if let text = try SettingChange.unset(path, in: snapshot.text, file: file) {
                try snapshot.replace(with: text)
            }
            return nil
        } catch {
            return "\(error)"
        }
    }

    // MARK: Presets

    private var library: PresetLibrary {
        PresetLibrary(userFolder: Wiring.paths().presetFolder, workingFolder: EndpointFiles.workingFolder)
    }

    /// Writes a preset of the person; one of the working folder is never written, one of its name is made beside it.
    private func save(_ preset: AppUI.Preset, replaces: Bool) -> (AppUI.Preset, SaveOutcome) {
        guard let folder = Wiring.paths().presetFolder else {
            return (preset, .failed("there is no folder for presets"))
        }
        let own = PresetLibrary(userFolder: folder, workingFolder: nil)
        let existing = own.names().contains(preset.name) ? try? own.load(preset.name).preset : nil
        guard existing == nil || replaces else { return (preset, .exists) }
        var kept = AppSettings.Preset(
            name: preset.name, description: existing?.description ?? preset.description,
            model: preset.text(.model), systemPrompt: preset.text(.systemPrompt), tools: preset.tools,
            parameters: preset.parameters, variables: preset.variables, file: existing?.file)
        do throws(FileProblem) {
            kept = try kept.save(in: folder)
            return (AppUI.Preset(kept), .saved("Preset \(preset.name) is in \(kept.file ?? folder)."))
        } catch {
            return (preset, .failed("\(error)"))
        }
    }
}

extension AppUI.Preset {
    /// What stands before the meaning of a preset that somebody else may have written.
    private static let projectMark = "working folder: "

    /// A preset of a file.
    init(_ preset: AppSettings.Preset) {
        var values = preset.parameters.panelValues
        values[.model] = preset.model.map(ParameterValue.text)
        values[.systemPrompt] = preset.systemPrompt.map(ParameterValue.text)
        self.init(
            name: preset.name,
            summary: (preset.origin == .project ? Self.projectMark : "") + (preset.description ?? ""),
            place: preset.file ?? "", values: values, tools: preset.tools, variables: preset.variables)
    }

    /// Its meaning as a file holds it.
    fileprivate var description: String? {
        let words = summary.hasPrefix(Self.projectMark) ? String(summary.dropFirst(Self.projectMark.count)) : summary
        return words.isEmpty ? nil : words
    }
}
