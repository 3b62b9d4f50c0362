import Markdown
import TerminalKit

/// An answer on its way to the screen: gated as it arrives, laid out as markdown when it is drawn, as far as it is finished.
///
/// A frame shows what many pieces brought: one layout serves them all.
struct AnswerText: Sendable {
    private var gate = StreamingGate()
    /// The layout as it was drawn last.
    private(set) var markdown = MarkdownText(width: 80)
    /// Gated, and not in the layout yet.
    private var waiting = ""
    private var isWhole = false
    private var isBehind = false
    var hiddenCount: Int { gate.hiddenCount }

    init() {}

    init(_ foreign: String) {
        append(foreign)
        finish()
    }

    mutating func append(_ foreign: String) {
        waiting += gate.append(foreign).text
        isWhole = false
        isBehind = true
    }

    /// The text is whole.
    mutating func finish() {
        waiting += gate.finish().text
        isWhole = true
        isBehind = true
    }

    /// Whether the layout is that of the text, for this width.
    func isLaidOut(width: Int, wrapsCode: Bool) -> Bool {
        !isBehind && markdown.width == width && markdown.wrapsCode == wrapsCode
    }

    /// Brings the layout up to the text.
    mutating func layOut(width: Int, wrapsCode: Bool) {
        markdown.setWidth(width)
        markdown.setWrapsCode(wrapsCode)
        guard isBehind else { return }
        // The last character of a stream that pauses must not be missing, though more may still join it.
        markdown.append(waiting, provisional: isWhole ? "" : gate.pending.text)
        if isWhole { markdown.finish() }
        waiting = ""
        isBehind = false
    }
}

/// Foreign text on its way to the screen: gated as it arrives and wrapped as far as it is finished.
struct DisplayText: Sendable {
    private var gate = StreamingGate()
    private(set) var wrapped = WrappedText(width: 80)
    var hiddenCount: Int { gate.hiddenCount }

    init() {}

    init(_ foreign: String) {
        append(foreign)
        finish()
    }

    mutating func append(_ foreign: String) { wrapped.append(gate.append(foreign).text) }

    /// Releases what the gate held back for a following piece.
    mutating func finish() { wrapped.append(gate.finish().text) }

    mutating func setWidth(_ width: Int) { wrapped.setWidth(width) }

    /// All of it as it is shown, without its layout.
    var source: String { wrapped.source(0..<wrapped.sourceCount) }

    /// The rows with what the gate still holds back, as it looks if nothing follows: the last character of a stream that
    /// pauses must not be missing.
    var shown: WrappedText {
        let pending = gate.pending.text
        guard !pending.isEmpty else { return wrapped }
        var shown = wrapped
        shown.append(pending)
        return shown
    }
}
