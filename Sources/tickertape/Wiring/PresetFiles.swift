import AppSettings
import AppUI

/// The presets of the workspace in their files. This is the one place where the preset of the workspace and that of the settings are
/// made of each other: what a file holds beside what the panel shows is kept when it is written.
struct PresetFiles {
    /// Where the person's presets are; nil = there is no folder for them.
    let folder: String?
    /// Where those of the project may be.
    let workingFolder: String

    /// All presets, and what is wrong with others.
    func list() -> (presets: [AppUI.Preset], problems: [String]) {
        let (presets, problems) = PresetLibrary(userFolder: folder, workingFolder: workingFolder).list()
        return (presets.map(AppUI.Preset.init), problems.map(\.description))
    }

    /// Writes a preset of the person; one of the working folder is never written, one of its name is made beside it.
    func save(_ preset: AppUI.Preset, replaces: Bool) -> (AppUI.Preset, SaveOutcome) {
        guard let folder else { return (preset, .failed("there is no folder for presets")) }
        let own = PresetLibrary(userFolder: folder, workingFolder: nil)
        let existing = own.names().contains(preset.name) ? try? own.load(preset.name).preset : nil
        guard existing == nil || replaces else { return (preset, .exists) }
        do throws(FileProblem) {
            let kept = try AppSettings.Preset(preset, over: existing).save(in: folder)
            return (AppUI.Preset(kept), .saved("Preset \(preset.name) is in \(kept.file ?? folder)."))
        } catch {
            return (preset, .failed("\(error)"))
        }
    }
}

extension AppSettings.Preset {
    /// A preset as a file holds it. What it is for, and where it is, stays as in the one that it takes the place of.
    fileprivate init(_ preset: AppUI.Preset, over existing: AppSettings.Preset?) {
        self.init(
            name: preset.name, description: existing?.description ?? preset.description,
            model: preset.text(.model), systemPrompt: preset.text(.systemPrompt), tools: preset.tools,
            parameters: preset.parameters, variables: preset.variables, file: existing?.file)
    }
}

extension AppUI.Preset {
    /// What stands before the meaning of a preset that somebody else may have written.
    private static let projectMark = "working folder: "

    /// A preset of a file.
    fileprivate init(_ preset: AppSettings.Preset) {
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
