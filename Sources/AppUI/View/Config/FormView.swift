import TerminalKit

/// Draws the forms in which things are set up.
enum FormView {
    static func draw(_ form: FormOverlay, _ model: inout AppModel, into frame: inout Frame) {
        switch form {
        case .config(let screen): ConfigView.draw(screen, &model, into: &frame)
        }
    }
}
