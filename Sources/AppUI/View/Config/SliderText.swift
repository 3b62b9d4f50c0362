import ProviderCore

/// A slider in text: `[━━━━●────]`. On terminals that draw ASCII only the parts become `#` and `-`.
enum SliderText {
    /// A slider of so many cells, brackets included; without a knob when there is no value.
    static func bar(_ share: Double?, cells: Int) -> String {
        let inner = max(2, cells - 2)
        guard let share else { return "[" + String(repeating: "·", count: inner) + "]" }
        let knob = Int((share * Double(inner - 1)).rounded())
        return "[" + String(repeating: "━", count: knob) + "●" + String(repeating: "─", count: inner - 1 - knob) + "]"
    }

    /// The slider of a value of this form; nil where a slider says nothing.
    static func bar(_ form: ValueForm, _ value: ParameterValue?, cells: Int) -> String? {
        guard form.hasSlider, cells >= 6 else { return nil }
        return bar(value.flatMap(form.share), cells: cells)
    }
}
