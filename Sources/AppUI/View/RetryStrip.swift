import ProviderCore
import TerminalKit

/// One line over the prompt that tells what is waited for, how long, and the keys that end it; after a failure, what can be
/// done about it.
enum RetryStrip {
    /// Whether there is something to tell.
    static func isShown(_ model: AppModel) -> Bool {
        model.pendingWait != nil || (!model.isRunning && model.conversation.lastAnswer?.failure != nil)
    }

    /// The least height of a screen that has room for a reason in a row of its own.
    private static let twoRowsFrom = 20

    /// Its rows: where the reason has no room beside what happens and the keys, it gets a row of its own.
    static func rows(_ model: AppModel, width: Int, height: Int) -> Int {
        let (head, detail) = words(model)
        let beside = CellWidth.width(of: head) + cells(of: keys(model)) + 4
        let text = TextGate.gate(detail, allowNewlines: false).text
        return height >= twoRowsFrom && beside + CellWidth.width(of: text) > width ? 2 : 1
    }

    private static func cells(of keys: [(String, String)]) -> Int {
        keys.reduce(0) { $0 + CellWidth.width(of: $1.0) + CellWidth.width(of: $1.1) + 3 }
    }

    static func draw(_ model: AppModel, into frame: inout Frame, rect: Rect) {
        guard !rect.isEmpty, isShown(model) else { return }
        frame.fill(rect, style: Style(.text))
        let keys = keys(model)
        let keyWidth = cells(of: keys)
        let (long, detail) = words(model)
        let heads = [long] + shortWords(model)
        let head = heads.first { CellWidth.width(of: $0) + keyWidth + 2 <= rect.width } ?? heads.last ?? long
        var x = frame.draw(" " + head, x: rect.x, y: rect.y, style: Style(.warning, .bold), clip: rect)
        let room = rect.maxX - x - keyWidth - 2
        let text = TextGate.gate(detail, allowNewlines: false).text
        if rect.height > 1 {
            frame.draw(
                " " + CellWidth.truncate(text, to: rect.width - 2), x: rect.x, y: rect.y + 1, style: Style(.text),
                clip: rect)
        } else if room > 8 {
            x = frame.draw(
                " " + CellWidth.truncate(text, to: room), x: x, y: rect.y, style: Style(.text), clip: rect)
        }
        x += 1
        for (key, label) in keys {
            x = frame.draw(" " + key, x: x, y: rect.y, style: Style(.footerKey), clip: rect)
            x = frame.draw(" " + label + " ", x: x, y: rect.y, style: Style(.textDim), clip: rect)
        }
    }

    private static func words(_ model: AppModel) -> (head: String, detail: String) {
        switch model.pendingWait {
        case .retry(let notice): return retryWords(notice, model)
        case .held(let notice): return heldWords(notice, model)
        case nil:
            guard let answer = model.conversation.lastAnswer, let error = answer.failure else { return ("", "") }
            let tried = answer.attempts.ended.count
            let times = tried > 1 ? " after \(tried + (answer.attempts.running == nil ? 0 : 1)) attempts" : ""
            return ((answer.isEmpty ? "failed" : "cut off") + times + ":", "\(error.kind.rawValue): \(error.message)")
        }
    }

    /// The same in a few characters, for narrow screens: the keys must not be cut.
    private static func shortWords(_ model: AppModel) -> [String] {
        switch model.pendingWait {
        case .retry(let notice) where notice.basis == .person:
            ["lost, perhaps billed: send it again?", "lost; again?"]
        case .retry(let notice) where notice.basis == .circuit: ["server down \(time(notice.until, model))"]
        case .retry(let notice): ["\(notice.attempt + 1)/\(notice.limit) \(time(notice.until, model))"]
        case .held(let notice): ["held \(time(notice.until, model))"]
        case nil: [model.conversation.lastAnswer?.isEmpty == true ? "failed" : "cut off"]
        }
    }

    private static func retryWords(_ notice: RetryNotice, _ model: AppModel) -> (head: String, detail: String) {
        let status = notice.error.status.map { " \($0)" } ?? ""
        let detail = "\(notice.error.kind.rawValue)\(status): \(notice.error.message)"
        if notice.basis == .person {
            return ("connection lost, perhaps billed: send the same request again?", detail)
        }
        if notice.basis == .circuit { return ("not sent, server down; next try \(time(notice.until, model))", detail) }
        let asked = notice.basis == .server ? " as asked" : ""
        return ("retry \(notice.attempt + 1) of \(notice.limit) \(time(notice.until, model))\(asked)", detail)
    }

    private static func heldWords(_ notice: HoldNotice, _ model: AppModel) -> (head: String, detail: String) {
        let detail =
            switch notice.cause {
            case .requests: "the limit of requests a minute is reached"
            case .tokens: "the limit of tokens a minute is reached"
            case .pause: "the server asked for a pause"
            case .queue: "\(notice.ahead) requests wait before it"
            }
        return ("held back, goes \(time(notice.until, model))", detail)
    }

    /// `in 1.4 s`, counted down with the drawing.
    private static func time(_ until: ContinuousClock.Instant?, _ model: AppModel) -> String {
        guard let until else { return "soon" }
        let left = model.now.duration(to: until).inSeconds
        guard left > 0.05 else { return "now" }
        return left < 10 ? "in \(ParameterValue.fixed(left, decimals: 1)) s" : "in \(Int(left.rounded(.up))) s"
    }

    private static func keys(_ model: AppModel) -> [(String, String)] {
        let now = model.keys.hint(of: .retryNow)
        guard model.pendingWait == nil else {
            return [(now, model.waitsForPerson ? "again" : "now"), (model.keys.hint(of: .cancel), "gives up")]
        }
        let again = [(now, "again")]
        guard model.conversation.lastAnswer?.canBeContinued == true else { return again }
        return [(model.keys.hint(of: .continueAnswer), "continues")] + again
    }
}
