import TerminalKit

/// Where the panes stand. Pure arithmetic over the size and a few switches.
struct WorkspaceLayout: Equatable {
    /// Panes with a place; a pane that has none is hidden.
    var panes: [Pane: Rect] = [:]
    /// The line that tells the state.
    var status: Rect
    /// The line over the prompt that tells of waits and failures; empty when there is nothing to tell.
    var strip = Rect(x: 0, y: 0, width: 0, height: 0)
    /// The line that tells the keys; empty when there is no room.
    var hint: Rect
    /// A side pane shown over the output because the layout is narrow.
    var floating: Pane?

    /// Below this the screen only says that it is too small.
    static let minimum = Size(width: 20, height: 6)
    /// From this height on there is a line for hints.
    static let hintFrom = 10
    private var stripRows = 0
    private static let wideFrom = Size(width: 100, height: 20)

    init(
        size: Size, promptRows: Int, focus: Pane, zoomed: Bool, sideHidden: Bool, stripRows: Int = 0,
        hasCalls: Bool = false
    ) {
        let screen = Rect(size)
        let hintRows = size.height >= Self.hintFrom ? 1 : 0
        let (aboveHint, hint) = screen.splitBottom(hintRows)
        let (body, status) = aboveHint.splitBottom(1)
        self.hint = hint
        self.status = status
        self.stripRows = size.height >= 8 ? stripRows : 0
        let isWide = size.width >= Self.wideFrom.width && size.height >= Self.wideFrom.height
        if zoomed {
            let (pane, strip) = body.splitBottom(self.stripRows)
            panes[focus] = pane
            self.strip = strip
        } else if isWide, !sideHidden {
            placeWide(body, promptRows: promptRows, hasCalls: hasCalls)
        } else {
            placeNarrow(body, promptRows: promptRows, focus: focus)
        }
    }

    /// The side column: the trace gets the most once there are calls.
    private mutating func placeWide(_ body: Rect, promptRows: Int, hasCalls: Bool) {
        let side = min(max(body.width / 3, 36), 52)
        let (left, right) = body.splitLeft(body.width - side)
        placeMain(left, promptRows: promptRows)
        let wanted = ParameterID.allCases.count + 2
        let parameterRows = hasCalls ? max(6, right.height / 4) : max(8, right.height * 9 / 20)
        let (parameters, below) = right.splitTop(min(wanted, parameterRows, right.height - 8))
        let (meter, tools) = below.splitTop(min(hasCalls ? 8 : 9, max(4, below.height - (hasCalls ? 8 : 5))))
        panes[.parameters] = parameters
        panes[.meter] = meter
        panes[.tools] = tools
    }

    private mutating func placeNarrow(_ body: Rect, promptRows: Int, focus: Pane) {
        placeMain(body, promptRows: promptRows)
        guard focus != .prompt, focus != .output, let output = panes[.output] else { return }
        floating = focus
        let wanted =
            focus == .tools ? output.height : min(output.height, focus == .meter ? 9 : ParameterID.allCases.count + 2)
        let width = focus == .tools ? output.width : min(output.width, 48)
        panes[focus] = Rect(x: output.maxX - width, y: output.y, width: width, height: max(3, wanted))
    }

    private mutating func placeMain(_ area: Rect, promptRows: Int) {
        let borders = area.height >= 8 ? 2 : 0
        let most = max(1, area.height * 2 / 5 - borders)
        let rows = min(max(promptRows, area.height >= 16 ? 3 : 1), most)
        let (above, prompt) = area.splitBottom(rows + borders)
        let (output, strip) = above.splitBottom(stripRows)
        self.strip = strip
        panes[.output] = output
        panes[.prompt] = prompt
    }
}
