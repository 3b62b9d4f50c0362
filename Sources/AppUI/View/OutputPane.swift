import Markdown
import ProviderCore
import TerminalKit

/// The transcript: only entries in view are laid out, and of a growing text only its end.
enum OutputPane {
    static func draw(_ model: inout AppModel, into frame: inout Frame, rect: Rect) {
        let isFocused = model.focus == .output && model.overlay == nil
        let title = "output: " + TextGate.gate(title(model), allowNewlines: false).text
        let inner = PaneBorder.draw(
            &frame, rect, title: title, note: note(model, width: rect.width), focused: isFocused)
        guard !inner.isEmpty else { return }
        model.refreshFind()
        var measured = Measured(width: max(1, inner.width - 3))
        var transcript = model.transcript
        let count = model.conversation.entries.count
        let search = model.find.map { TextSearch($0.query) }
        transcript.resolve(
            entries: count, height: inner.height,
            row: { wanted in search.map { measured.row(of: wanted, $0, &model) } ?? 0 }
        ) { measured.rows(of: $0, &model) }
        let places = transcript.visible(entries: count, height: inner.height) { measured.rows(of: $0, &model) }
        model.transcript = transcript
        for (offset, place) in places.enumerated() {
            measured.entry(place.entry, &model).draw(
                place.row, into: &frame, x: inner.x, y: inner.y + offset, clip: inner, codeOffset: model.codeOffset)
            if let search { mark(search, into: &frame, y: inner.y + offset, clip: inner) }
        }
        if let find = model.find { drawFind(find, model.keys, into: &frame, rect: rect) }
        if !transcript.isFollowing { drawPaused(transcript, model.keys, into: &frame, rect: rect) }
    }

    /// Marks what is looked for in a row that was drawn.
    private static func mark(_ search: TextSearch, into frame: inout Frame, y: Int, clip: Rect) {
        var text = ""
        // The column that each byte of the text stands in.
        var columns: [Int] = []
        for x in clip.x..<clip.maxX {
            let cell = frame[x, y].text
            text += cell
            columns += Array(repeating: x, count: cell.utf8.count)
        }
        for place in search.places(in: text) where place + search.length <= columns.count {
            let from = columns[place]
            let to = columns[place + search.length - 1]
            frame.restyle(Rect(x: from, y: y, width: to - from + 1, height: 1)) { $0 = Style(.searchMatch, .bold) }
        }
    }

    private static func drawFind(_ find: FindState, _ keymap: Keymap, into frame: inout Frame, rect: Rect) {
        let ends = "\(DialogKey.close.label) ends"
        let keys =
            find.isTyping
            ? "\(DialogKey.take.label) keeps, \(ends)"
            : "\(keymap.hint(of: .findNext, in: .output)) next, \(keymap.hint(of: .findPrevious, in: .output)) before, \(ends)"
        let text = " \(TextGate.gate(find.note, allowNewlines: false).text) · \(keys) "
        let end = frame.draw(text, x: rect.x + 2, y: rect.maxY - 1, style: Style(.searchCurrent, .bold), clip: rect)
        if find.isTyping {
            let column = rect.x + 4 + CellWidth.width(of: String(find.query.prefix(find.editor.cursor)))
            frame.cursor = Position(x: min(column, max(rect.x, end - 1)), y: rect.maxY - 1)
        }
    }

    /// What made the newest answer; before the first, what would make it.
    private static func title(_ model: AppModel) -> String {
        if let answer = model.conversation.lastAnswer {
            return [answer.isImported ? answer.modelName : answer.stamp.model, answer.madeWith]
                .filter { !$0.isEmpty }.joined(separator: " · ")
        }
        let name = model.parameters.model.isEmpty ? "no model" : model.parameters.model
        return name + " · " + model.stamp
    }

    /// The conversation's name, and whether a system prompt goes before it.
    private static func note(_ model: AppModel, width: Int) -> String {
        guard width >= 60 else { return "" }
        let name = TextGate.gate(model.conversation.name, allowNewlines: false).text
        let system = model.sentSystemPrompt.map { !$0.isEmpty } ?? false
        let parts = [system ? "system prompt" : "", CellWidth.truncate(name, to: width / 3)]
        return parts.filter { !$0.isEmpty }.joined(separator: " · ")
    }

    private static func drawPaused(_ transcript: TranscriptView, _ keys: Keymap, into frame: inout Frame, rect: Rect) {
        let follows = "paused: \(keys.hint(of: .follow, in: .output)) follows "
        let text = transcript.hasNews ? " ↓ more below, \(follows)" : " " + follows
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
            model.conversation.layOut(at: index, width: width, wrapsCode: model.wrapsCode)
            let rows = EntryRows(model.conversation.entries[index], model: model)
            cache[index] = rows
            return rows
        }

        mutating func rows(of index: Int, _ model: inout AppModel) -> Int { entry(index, &model).count }

        /// The row of a place of what is looked for.
        mutating func row(of wanted: TranscriptView.Revealed, _ search: TextSearch, _ model: inout AppModel) -> Int {
            let rows = entry(wanted.entry, &model)
            guard let number = wanted.number else { return 0 }
            let places = search.places(in: rows.mainText)
            return places.indices.contains(number) ? rows.row(atOffset: places[number]) : 0
        }
    }
}

extension Conversation {
    /// Prose wider than this is hard to read.
    private static let readableWidth = 100

    /// Lays an entry out for a width, unless it is already.
    mutating func layOut(at index: Int, width full: Int, wrapsCode: Bool) {
        let width = min(full, Self.readableWidth)
        guard !entries[index].isLaidOut(width: width, full: full, wrapsCode: wrapsCode) else { return }
        let entry = entries[index].read
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
            answer.text.layOut(width: full, wrapsCode: wrapsCode)
            answer.reasoning.setWidth(width)
            entries[index] = .answer(answer)
        case .kept, .vacant: break
        }
    }
}

extension Entry {
    /// Whether it is laid out for these widths: that of prose, and that of the pane for code and tables.
    func isLaidOut(width: Int, full: Int, wrapsCode: Bool) -> Bool {
        switch self {
        case .user(let message): message.display?.wrapped.width == width
        case .toolResult(_, let display), .notice(let display, _): display.wrapped.width == width
        case .answer(let answer):
            !answer.isFolded && answer.text.isLaidOut(width: full, wrapsCode: wrapsCode)
                && answer.reasoning.wrapped.width == width
        case .kept: false
        case .vacant: true
        }
    }
}
