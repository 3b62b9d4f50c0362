import Conversations
import ProviderCore
import TerminalKit

/// The list of conversations.
enum ConversationListView {
    static func draw(_ list: ConversationList, _ model: AppModel, into frame: inout Frame) {
        OverlayView.drawPicker(
            list.picker, into: &frame, width: 100, rows: 30, note: "\(DialogKey.close.label) closes", foot: foot(list))
        guard let (_, editor) = list.renaming else { return }
        EntryBox.draw(
            ValueEntry(
                purpose: .parameter(.model), title: "name of the conversation",
                help: "\(DialogKey.take.label) takes it; an empty name is the beginning of its first message",
                editor: editor),
            into: &frame)
    }

    private static func foot(_ list: ConversationList) -> String {
        if let problem = list.problem { return problem }
        switch list.page {
        case .names:
            let keys = [
                (DialogKey.take, "opens"), (.searchTexts, "in texts"), (.rename, "rename"), (.delete, "delete"),
                (.restore, "undo"),
            ]
            return keys.map { "\($0.label) \($1)" }.joined(separator: " · ")
        case .texts: return "\(DialogKey.take.label) opens · \(DialogKey.searchTexts.label) by names"
        }
    }
}

/// The tree of a conversation.
enum BranchListView {
    static func draw(_ branches: BranchList, _ model: AppModel, into frame: inout Frame) {
        let size = frame.size
        let rect = frame.bounds.centered(
            width: min(110, size.width), height: max(1, min(branches.rows.count + 3, size.height - 2)))
        frame.fill(rect, style: Style(.text))
        frame.cursor = nil
        let inner = PaneBorder.draw(
            &frame, rect, title: "branches", note: "\(DialogKey.close.label) closes", focused: true)
        guard inner.height > 1 else { return }
        let (body, foot) = inner.splitBottom(1)
        let selected = branches.list.selected
        let first = min(max(0, selected - body.height / 2), max(0, branches.rows.count - body.height))
        MoreRows(count: branches.rows.count, first: first, height: body.height).draw(into: &frame, border: rect)
        for (offset, row) in branches.rows.dropFirst(first).prefix(body.height).enumerated() {
            let y = body.y + offset
            frame.draw(spans(row, model, isSelected: first + offset == selected), x: body.x, y: y, clip: body)
            if first + offset == selected {
                frame.restyle(Rect(x: body.x, y: y, width: body.width, height: 1)) { $0.role = .selection }
            }
        }
        frame.draw(
            "\(DialogKey.take.label) goes there · ● the path at hand · \(branches.rows.count) messages", x: foot.x + 1,
            y: foot.y,
            style: Style(.textDim), clip: foot)
    }

    private static func spans(_ row: BranchList.Row, _ model: AppModel, isSelected: Bool) -> [Span] {
        let indent = String(repeating: "  ", count: min(row.depth, 12))
        var spans = [
            Span(isSelected ? "▸" : " ", .footerKey), Span(row.isHere ? "● " : "  ", .ok), Span(indent, .text),
        ]
        if row.of > 1 { spans.append(Span("\(row.place)/\(row.of) ", .textStrong)) }
        switch model.conversation.entry(of: row.id) {
        case .user(let message): spans += [Span("you ", .roleUser, .bold), Span(line(message.text), .text)]
        case .answer(let answer):
            let stamp = TextGate.gate(answer.madeWith, allowNewlines: false).text
            spans += [
                Span(TextGate.gate(answer.modelName, allowNewlines: false).text + " ", .roleAssistant, .bold),
                Span(stamp.isEmpty ? "" : stamp + " ", .textDim),
                Span(line(answer.response.refusal ?? answer.response.text), .text),
            ]
        default: break
        }
        return spans
    }

    /// The beginning of a text on one line.
    private static func line(_ text: String) -> String {
        let beginning = String(text.prefix(120)).replacing("\n", with: " ")
        return TextGate.gate(beginning, allowNewlines: false).text
    }
}
