import TerminalKit

/// What the terminal sends for each key, and what it is bound to.
enum KeyCheckView {
    static func draw(_ check: KeyCheck, _ model: AppModel, into frame: inout Frame) {
        let width = OverlayView.textWidth(frame.size)
        let head = facts(model, width: width)
        let height = max(1, min(frame.size.height - 4, 20))
        var lines = head
        for press in check.presses.reversed() where lines.count < height { lines += rows(press, model, width: width) }
        if check.presses.isEmpty { lines.append([Span("Press keys.", .text)]) }
        let close = DialogKey.close.label
        OverlayView.drawRows(
            Array(lines.prefix(height)), of: height, title: "key check", first: 0, into: &frame,
            foot: " \(close) \(close) leaves ")
    }

    /// What is known of the terminal.
    private static func facts(_ model: AppModel, width: Int) -> [[Span]] {
        var parts = ["\(model.size.width)x\(model.size.height)"]
        if let facts = model.terminalFacts {
            let colors = facts.isColorless ? "no colours (NO_COLOR)" : "\(facts.colors) colours"
            parts = [
                "TERM \(TextGate.gate(facts.kind, allowNewlines: false).text)", parts[0], colors,
                facts.isUTF8 ? "UTF-8" : "ASCII only",
                facts.marksPaste ? "bracketed paste asked for" : "no bracketed paste",
            ]
        }
        parts.append("mouse \(model.mouseIsOn ? "on" : "off")")
        return [[Span(CellWidth.truncate(parts.joined(separator: " · "), to: width), .textDim)], []]
    }

    /// What came, and below it where it is bound.
    private static func rows(_ press: KeyCheck.Press, _ model: AppModel, width: Int) -> [[Span]] {
        var head = [Span(name(press.input), .footerKey, .bold)]
        if let bytes = press.bytes {
            head.append(Span("   " + InputRecord(bytes: bytes, input: nil).spelling, .textDim))
        }
        guard case .key(let chord) = press.input else { return [head] }
        let meanings = meanings(of: chord, model.keys)
        var text = WrappedText(width: max(1, width - 2))
        text.append(meanings.isEmpty ? "bound to nothing" : meanings.joined(separator: " · "))
        return [head] + (0..<text.count).map { [Span("  " + text.row($0).text, .text)] }
    }

    /// What a key does in each scope.
    static func meanings(of chord: KeyChord, _ keys: Keymap) -> [String] {
        var meanings: [String] = []
        if keys.command(for: chord, in: .global) == .leader { return ["anywhere: leader"] }
        for scope in KeyScope.allCases {
            if let command = keys.command(for: chord, in: scope) {
                meanings.append("\(keys.title(of: scope)): \(command.slashName)")
            } else if scope == .config {
                if let action = keys.configAction(for: chord) {
                    meanings.append("\(keys.title(of: scope)): \(action.rawValue)")
                }
            } else if scope == .pane(.prompt) {
                if let key = keys.editingKey(for: chord) { meanings.append("prompt: \(key.name)") }
                if chord.isText { meanings.append("prompt: typed") }
            }
        }
        return meanings
    }

    private static func name(_ input: Input?) -> String {
        switch input {
        case .key(let chord): chord.longLabel
        case .paste(let text): "pasted text, \(text.count) character\(text.count == 1 ? "" : "s")"
        case .focus(let isFocused): isFocused ? "the window got the focus" : "the window lost the focus"
        case .mouse(let event): mouse(event)
        case .observed(let record): name(record.input)
        case .resize(let size): "\(size.width)x\(size.height)"
        case .resumed: "resumed"
        case .ended: "ended"
        case nil: "means nothing here"
        }
    }

    private static func mouse(_ event: MouseEvent) -> String {
        let place = event.position.map { " at column \($0.x + 1), row \($0.y + 1)" } ?? ""
        switch event.action {
        case .press(let button): return "mouse: \(button) pressed\(place)"
        case .release(let button): return "mouse: \(button) released\(place)"
        case .drag(let button): return "mouse: dragged with \(button)\(place)"
        case .wheel(let rows): return "mouse: wheel \(rows < 0 ? "up" : "down") by \(abs(rows))\(place)"
        case .wheelSideways(let columns):
            return "mouse: wheel \(columns < 0 ? "left" : "right") by \(abs(columns))\(place)"
        }
    }
}
