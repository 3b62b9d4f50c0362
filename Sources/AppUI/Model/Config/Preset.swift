import FunctionTools
public import ProviderCore
import TerminalKit

/// A preset: system prompt, parameters and tools under a name. Whoever keeps presets makes these of their files and back.
///
/// The settings have a preset of their own, that of a file: its parameters are those of a request, with every field that a file
/// may hold, and it knows whose it is. Here it is what the parameter panel holds, by the rows of the panel. Neither side knows the
/// other one (both are below the executable), so there are two values, and one place that makes one of the other: the
/// executable's `PresetFiles`.
public struct Preset: Sendable, Hashable {
    /// The name, `[A-Za-z0-9_-]{1,64}`.
    public var name: String
    /// What it is for, in one line.
    public var summary: String
    /// Where it is kept, for the reader; empty when it is not kept yet.
    public var place: String
    /// The values by parameter, the system prompt and, where it has one, the model among them. What is missing is as at the start of a
    /// session; what a preset does not hold (`holds`) is not looked at.
    public var values: [ParameterID: ParameterValue]
    /// The names of the functions that are offered; nil = those that are offered anyway.
    public var tools: [String]?
    /// What the variables of its system prompt, and of prompts, are at first.
    public var variables: [String: String]

    /// A preset.
    public init(
        name: String, summary: String = "", place: String = "", values: [ParameterID: ParameterValue] = [:],
        tools: [String]? = nil, variables: [String: String] = [:]
    ) {
        self.name = name
        self.summary = summary
        self.place = place
        self.values = values
        self.tools = tools
        self.variables = variables
    }

    /// Whether presets hold a parameter: not what an answer may cost, and nothing about the form of answers and calls.
    public static func holds(_ id: ParameterID) -> Bool {
        switch id {
        case .maxCost, .toolChoice, .parallelCalls, .strict, .responseFormat: false
        default: true
        }
    }

    /// The sampling and limits among its values, as a request has them.
    public var parameters: ModelParameters { values.modelParameters }

    /// The text of a value; nil = it has none.
    public func text(_ id: ParameterID) -> String? { if case .text(let text)? = values[id] { text } else { nil } }

    /// Whether a text can name a preset.
    public static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
                default: false
                }
            }
    }
}

/// How a save ended.
public enum SaveOutcome: Sendable, Hashable {
    /// It is kept; where and how to use it, in a sentence.
    case saved(String)
    /// There is one of this name, and nobody said that it may be replaced.
    case exists
    /// It is not kept; why, in a sentence.
    case failed(String)
}

/// What was set before a preset was applied.
struct PresetSnapshot: Sendable {
    let parameters: ParameterPanel
    let switchedOff: Set<String>
    let active: Preset?
}

/// The presets that are known, the one in use, and what it did away with.
struct PresetDesk: Sendable {
    /// Those that were found last; nil = nobody looked yet.
    var list: [Preset]?
    /// The one in use; nil = none.
    var active: Preset?
    /// What undoing brings back.
    var before: PresetSnapshot?
    /// A preset that was named and is being looked up, and what for.
    var wanted: Wanted?
    /// The one that the next comparison is with; nil = with what is set now.
    var marked: String?

    enum Wanted: Sendable, Hashable {
        case apply(String)
        case compare(String, with: String?)
    }
}

/// The box in which a preset gets its name.
struct PresetSaving: Sendable {
    var editor: LineEditor
    /// Why it cannot be saved so; nil = nothing is wrong yet.
    var problem: String?
    /// Whether it asks if the one of this name may be replaced.
    var asksToReplace = false
}

/// Two presets, or one and what is set now, side by side.
struct PresetComparison: Sendable {
    let left: Preset
    let right: Preset
    /// The list that it was opened from; nil = it was opened by its command.
    var list: Picker<String>?
    var scroll = 0
}

extension AppModel {
    /// What is set now as a preset.
    func presentPreset(named name: String) -> Preset {
        var values = parameters.values.filter { Preset.holds($0.key) }
        // A preset goes from endpoint to endpoint; one that names a model was written to do so.
        if desk.presets.active?.values[.model] == nil { values[.model] = nil }
        return Preset(
            name: name, summary: desk.presets.active?.summary ?? "", values: values, tools: tools.offered.map(\.name),
            variables: desk.presets.active?.variables ?? [:])
    }

    /// Whether something was changed since the preset in use was applied.
    var isPresetChanged: Bool {
        guard let preset = desk.presets.active else { return false }
        let present = presentPreset(named: preset.name)
        let isOther = ParameterID.allCases.contains { id in
            Preset.holds(id) && present.values[id] != expected(id, of: preset)
                && (id != .model || preset.values[id] != nil)
        }
        let tools = preset.tools.map { Set($0).intersection(self.tools.all.tools.map(\.name)) }
        return isOther || tools.map { $0 != Set(present.tools ?? []).union(withheld(by: preset)) } ?? false
    }

    /// The value that a preset gives a parameter: its own, else the one at the start of a session.
    func expected(_ id: ParameterID, of preset: Preset) -> ParameterValue? {
        preset.values[id] ?? (id == .model ? nil : parameters.ownDefault(id))
    }

    /// Functions of the working folder that a preset wants and no person switched on: a preset does not do that.
    func withheld(by preset: Preset) -> [String] {
        let wanted = Set(preset.tools ?? [])
        return tools.all.tools.filter {
            $0.origin == .project && wanted.contains($0.name) && tools.switchedOff.contains($0.name)
        }.map(\.name)
    }

    /// `name` while a preset is in use as it was applied, `name*` after a change; nil = none is in use.
    var presetMark: String? {
        desk.presets.active.map { $0.name + (isPresetChanged ? "*" : "") }
    }

    /// What the next answer is stamped with: the preset and the parameters.
    var stamp: String { (presetMark.map { $0 + " · " } ?? "") + parameters.stamp }
}
