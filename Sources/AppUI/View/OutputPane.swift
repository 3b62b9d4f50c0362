import ProviderCore
import TerminalKit

/// The transcript: only entries in view are laid out, and of a growing text only its end.
enum OutputPane {
    /// Prose wider than this is hard to read.
    private static let readableWidth = 100

    static func draw(_ model: inout AppModel, into frame: inout Frame, rect: Rect) {
        let isFocused = model.focus == .output && model.overlay == nil
        let title = "output: " + TextGate.gate(title(model), allowNewlines: false).text
        let inner = PaneBorder.draw(&frame, rect, title: title, note: "", focused: isFocused)
        guard !inner.isEmpty else { return }
        let width = max(1, min(inner.width - 3, readableWidth))
        var measured = Measured(width: width)
        var transcript = model.transcript
        let count = model.conversation.entries.count
        transcript.resolve(entries: count, height: inner.height) { measured.rows(of: $0, &model) }
        let places = transcript.visible(entries: count, height: inner.height) { measured.rows(of: $0, &model) }
        model.transcript = transcript
        for (offset, place) in places.enumerated() {
            measured.entry(place.entry, &model).draw(
                place.row, into: &frame, x: inner.x, y: inner.y + offset, clip: inner)
        }
        if !transcript.isFollowing { drawPaused(transcript, into: &frame, rect: rect) }
    }

    /// What made the newest answer; before the first, what would make it.
    private static func title(_ model: AppModel) -> String {
        if let stamp = model.conversation.lastAnswer?.stamp { return stamp.model + " · " + stamp.parameters }
        let name = model.parameters.model.isEmpty ? "no model" : model.parameters.model
        return name + " · " + model.stamp
    }

    private static func drawPaused(_ transcript: TranscriptView, into frame: inout Frame, rect: Rect) {
        let text = transcript.hasNews ? " ↓ more below, paused: End follows " : " paused: End follows "
        let x = max(rect.x + 2, rect.maxX - CellWidth.width(of: text) - 2)
        frame.draw(text, x: x, y: rect.maxY - 1, style: Style(.warning, .bold), clip: rect)
    }

    /// Rows of the entries looked at in this frame.
    private struct Measured {
        let width: Int
        private var cache: [Int: EntryRows] = [:]

        init(width: Int) { self.width = width }

        mutating func entry(_ index: Int, _ model: inout AppModel) -> EntryRows {
            if let known = cache[index] { return known }
            model.conversation.setWidth(width, at: index)
            let rows = EntryRows(model.conversation.entries[index], model: model)
            cache[index] = rows
            return rows
        }

        mutating func rows(of index: Int, _ model: inout AppModel) -> Int { entry(index, &model).count }
    }
}

extension Conversation {
    /// Lays an entry out for a width, unless it is already.
    mutating func setWidth(_ width: Int, at index: Int) {
        guard entries[index].width != width else { return }
        let entry = entries[index]
        entries[index] = .vacant
        switch entry {
        case .user(var message):
            var display = message.display ?? DisplayText(message.text)
            display.setWidth(width)
            message.display = display
            entries[index] = .user(message)
        case .toolResult(let name, var display):
            display.setWidth(width)
            entries[index] = .toolResult(name: name, display: display)
        case .notice(var display, let level):
            display.setWidth(width)
            entries[index] = .notice(display, level)
        case .answer(var answer):
            answer.unfold()
            answer.text.setWidth(width)
            answer.reasoning.setWidth(width)
            entries[index] = .answer(answer)
        case .vacant: break
        }
    }
}

extension Entry {
    /// The width it is laid out for.
    var width: Int? {
        switch self {
        case .user(let message): message.display?.wrapped.width
        case .toolResult(_, let display), .notice(let display, _): display.wrapped.width
        case .answer(let answer): answer.isFolded ? nil : answer.text.wrapped.width
        case .vacant: nil
        }
    }
}
