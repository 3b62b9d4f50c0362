import ProviderCore
import TerminalKit

extension AppModel {
    /// Takes the model list; chooses the first model when none is chosen yet.
    mutating func take(models result: Result<[ModelListing], ProviderError>) -> [AppEffect] {
        switch result {
        case .success(let list):
            models = list
            if parameters.model.isEmpty, let first = list.first { parameters.set(.model, to: .text(first.id)) }
            refreshModelPicker()
            if needsModel {
                let way = "\(keys.label(of: .chooseModel)) takes the id of one as typed."
                flash = Flash(text: "\(connection.name) lists no models: \(way)", level: .warning)
            }
        case .failure(let error):
            models = models ?? []
            refreshModelPicker(failed: true)
            let text = TextGate.gate("The model list of \(connection.name): \(error.message)", allowNewlines: false)
                .text
            // The next key takes a line of the moment away; at the start nothing else would tell it.
            if overlay == nil { say(text, .warning) } else { flash = Flash(text: text, level: .warning) }
        }
        return []
    }

    /// Sends the prompt that waited for a model, or gives it back when the endpoint named none.
    mutating func sendWaiting() -> [AppEffect] {
        guard !queue.isEmpty, !isRunning else { return [] }
        guard needsModel else { return sendQueued(after: nil) }
        let reason = flash
        unqueue()
        flash = reason ?? flash
        return []
    }
}
