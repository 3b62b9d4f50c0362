import ProviderCore
import TerminalKit

/// Draws the workspace. A function of the model; layouts are kept in the model so that a frame costs what changed.
enum AppView {
    static func frame(_ model: inout AppModel, size: Size) -> Frame {
        model.size = size
        model.tools.seen = nil
        var frame = Frame(size: size)
        guard size.width >= WorkspaceLayout.minimum.width, size.height >= WorkspaceLayout.minimum.height else {
            TooSmallView.draw(model, into: &frame)
            return frame
        }
        let layout = layout(&model, size: size)
        if let rect = layout.panes[.output] { OutputPane.draw(&model, into: &frame, rect: rect) }
        RetryStrip.draw(model, into: &frame, rect: layout.strip)
        if let rect = layout.panes[.prompt] { PromptPane.draw(&model, into: &frame, rect: rect) }
        for pane in [Pane.parameters, .meter, .tools] {
            guard let rect = layout.panes[pane] else { continue }
            if layout.floating == pane { frame.fill(rect, style: Style(.text)) }
            drawSide(pane, &model, into: &frame, rect: rect)
        }
        StatusLine.draw(model, into: &frame, rect: layout.status, isNarrow: layout.panes[.meter] == nil)
        // A low screen has no line for hints: what must be read stands in the line of the state.
        let hint = layout.hint.isEmpty ? layout.status : layout.hint
        if !layout.hint.isEmpty || HintLine.isUrgent(model) {
            HintLine.draw(model, into: &frame, rect: hint, over: layout.panes[.prompt])
        }
        if let rect = layout.panes[.prompt] { CompletionList.draw(&model, into: &frame, over: rect) }
        LeaderMenu.draw(model, into: &frame, over: hint)
        OverlayView.draw(&model, into: &frame)
        // A box that has no room has no place for it either.
        if let cursor = frame.cursor, !(0..<size.width ~= cursor.x && 0..<size.height ~= cursor.y) {
            frame.cursor = nil
        }
        return frame
    }

    /// Where everything stands now.
    static func layout(_ model: inout AppModel, size: Size) -> WorkspaceLayout {
        let hasCalls = model.hasCalls
        var strip = RetryStrip.isShown(model) ? 1 : 0
        func layout(_ rows: Int) -> WorkspaceLayout {
            WorkspaceLayout(
                size: size, promptRows: rows, focus: model.focus, zoomed: model.zoomed,
                sideHidden: model.sideColumnHidden, stripRows: strip, hasCalls: hasCalls)
        }
        let first = layout(1)
        if strip > 0 { strip = RetryStrip.rows(model, width: first.strip.width, height: size.height) }
        guard let prompt = first.panes[.prompt] else { return layout(1) }
        model.prompt.width = PromptPane.textWidth(prompt)
        return layout(model.prompt.rowCount(width: model.prompt.width, most: size.height))
    }

    private static func drawSide(_ pane: Pane, _ model: inout AppModel, into frame: inout Frame, rect: Rect) {
        switch pane {
        case .parameters: ParametersPane.draw(&model, into: &frame, rect: rect)
        case .meter: MeterPane.draw(model, into: &frame, rect: rect)
        case .tools: ToolsPane.draw(&model, into: &frame, rect: rect)
        case .output, .prompt: break
        }
    }
}

extension Frame {
    /// Draws pieces of text one after the other; returns the column after the last.
    @discardableResult
    mutating func draw(_ spans: [Span], x: Int, y: Int, clip: Rect) -> Int {
        spans.reduce(x) { draw($1.text, x: $0, y: y, style: $1.style, clip: clip) }
    }

    /// Draws text that ends at the right edge of `clip`; left out when it would touch what stands before `from`.
    mutating func drawRight(_ text: String, y: Int, style: Style, clip: Rect, from: Int) {
        let x = clip.maxX - CellWidth.width(of: text)
        if x >= from { draw(text, x: x, y: y, style: style, clip: clip) }
    }
}

/// A piece of text of one style.
struct Span: Sendable, Hashable {
    let text: String
    let style: Style

    init(_ text: String, _ style: Style) {
        self.text = text
        self.style = style
    }

    init(_ text: String, _ role: ThemeRole, _ modifiers: Modifiers = []) {
        self.init(text, Style(role, modifiers))
    }
}

/// A pane's frame with its name.
enum PaneBorder {
    /// Draws it; returns the room inside.
    static func draw(_ frame: inout Frame, _ rect: Rect, title: String, note: String, focused: Bool) -> Rect {
        Border(title: title, note: note, isFocused: focused).draw(in: &frame, rect)
    }
}
