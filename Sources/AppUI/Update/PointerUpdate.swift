import TerminalKit

extension AppModel {
    /// Takes mouse events from now on, or leaves the mouse to the terminal again.
    mutating func toggleMouse() -> [AppEffect] {
        mouseIsOn.toggle()
        flash = Flash(
            text: mouseIsOn
                ? "Mouse on: the wheel scrolls, a click chooses. Hold Shift to select with the terminal."
                : "Mouse off: the terminal selects text as ever.", level: .info)
        return [.loop(.mouse(mouseIsOn))]
    }

    /// What the workspace asks of the terminal when it opens.
    public var startEffects: [AppEffect] { mouseIsOn ? [.loop(.mouse(true))] : [] }

    /// Something done with the mouse. A wheel that comes without a place, because the mouse is the terminal's, is the output's.
    mutating func take(_ event: MouseEvent) -> [AppEffect] {
        if case .keyCheck = overlay {
            noteInKeyCheck(.mouse(event))
            return []
        }
        guard let position = event.position else {
            guard case .wheel(let rows) = event.action else { return [] }
            return overlay == nil ? turn(rows, over: .output) : takeOverPanes(event.action, at: Position(x: 0, y: 0))
        }
        return take(event.action, at: position)
    }

    private mutating func take(_ action: MouseEvent.Action, at position: Position) -> [AppEffect] {
        if overlay != nil { return takeOverPanes(action, at: position) }
        let layout = AppView.layout(&self, size: size)
        // A floating pane lies over the others.
        let pane =
            layout.floating.flatMap { layout.panes[$0]?.contains(position) == true ? $0 : nil }
            ?? Pane.allCases.first { layout.panes[$0]?.contains(position) == true }
        guard let pane, let rect = layout.panes[pane] else { return [] }
        switch action {
        case .wheel(let rows): return turn(rows, over: pane)
        case .press(.left):
            flash = nil
            leaderKeys = nil
            isNudging = false
            focus = pane
            choose(row: position.y - rect.y - 1, of: pane, height: rect.height - 2)
            return []
        default: return []
        }
    }

    /// The wheel moves what is under the pointer and leaves the focus where it is.
    private mutating func turn(_ rows: Int, over pane: Pane) -> [AppEffect] {
        let steps = min(abs(rows), 100)
        switch pane {
        case .output, .prompt:
            for _ in 0..<steps { transcript.perform(rows < 0 ? .lineUp : .lineDown) }
        case .parameters, .tools:
            let before = focus
            focus = pane
            for _ in 0..<steps { _ = perform(rows < 0 ? .previousItem : .nextItem) }
            focus = before
        case .meter: break
        }
        return []
    }

    private mutating func choose(row: Int, of pane: Pane, height: Int) {
        guard row >= 0, row < height else { return }
        switch pane {
        case .parameters:
            let all = ParameterID.allCases
            let index = ParametersPane.first(of: parameters.selected, height: height) + row
            if all.indices.contains(index) { parameters.selected = all[index] }
        case .tools:
            guard let id = ToolsPane.id(atRow: row, self, width: toolsWidth, height: height) else { return }
            traceSelection = id
            tools.movedAt = now
        case .output, .prompt, .meter: break
        }
    }

    private var toolsWidth: Int {
        var copy = self
        return max(1, (AppView.layout(&copy, size: size).panes[.tools]?.width ?? 2) - 2)
    }

    /// Over the panes: the wheel moves as the arrows do; a click outside closes nothing, so that none is lost by
    /// accident.
    private mutating func takeOverPanes(_ action: MouseEvent.Action, at position: Position) -> [AppEffect] {
        switch action {
        case .wheel(let rows):
            var effects: [AppEffect] = []
            for _ in 0..<min(abs(rows), 100) where isScrolledByWheel {
                effects += takeInOverlay(KeyChord(rows < 0 ? .up : .down))
            }
            return effects
        case .press(.left): return press(at: position)
        default: return []
        }
    }

    /// Arrows mean something else in a text that is typed, and an answer is not given by a wheel.
    private var isScrolledByWheel: Bool {
        switch overlay {
        case .entry, .confirmQuit, .keyCheck, nil: false
        default: true
        }
    }

    /// A click on a row of a list chooses it; on the chosen one it takes it, as Enter does.
    private mutating func press(at position: Position) -> [AppEffect] {
        switch overlay {
        case .palette(var picker):
            guard let isSame = picker.choose(at: position, width: 76, size) else { return [] }
            overlay = .palette(picker)
            return isSame ? takeInOverlay(KeyChord(.enter)) : []
        case .models(var picker):
            guard let isSame = picker.choose(at: position, width: 76, size) else { return [] }
            overlay = .models(picker)
            return isSame ? takeInOverlay(KeyChord(.enter)) : []
        case .tools(var picker):
            guard let isSame = picker.choose(at: position, width: 70, size) else { return [] }
            overlay = .tools(picker)
            return isSame ? takeInOverlay(KeyChord(.enter)) : []
        case .conversations(var list) where list.renaming == nil:
            guard let isSame = list.picker.choose(at: position, most: 30, width: 100, size) else { return [] }
            overlay = .conversations(list)
            return isSame ? takeInOverlay(KeyChord(.enter)) : []
        case .history(var picker):
            guard let isSame = picker.choose(at: position, width: 100, size) else { return [] }
            overlay = .history(picker)
            return isSame ? takeInOverlay(KeyChord(.enter)) : []
        default: return []
        }
    }
}

extension Picker {
    /// Chooses the row at a cell of the screen; whether it was chosen before. Nil: there is no row.
    mutating func choose(at position: Position, most: Int = 16, width: Int, _ size: Size) -> Bool? {
        let body = OverlayView.pickerBody(rows: items.count, most: most, width: width, size)
        guard body.contains(position) else { return nil }
        let index = first(height: body.height) + position.y - body.y
        guard matches.indices.contains(index) else { return nil }
        defer { list.select(index) }
        return list.selected == index
    }

    /// The first row shown in so many.
    func first(height: Int) -> Int {
        min(max(0, list.selected - height + 1), max(0, matches.count - height))
    }
}

extension Rect {
    /// Whether a cell lies in it.
    fileprivate func contains(_ position: Position) -> Bool {
        position.x >= x && position.x < maxX && position.y >= y && position.y < maxY
    }
}
