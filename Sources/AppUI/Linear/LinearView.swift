import Conversations
import FunctionTools
import ProviderCore
import TerminalKit

/// What was told, compared with the model: gives the lines to append, and nothing twice.
struct LinearView: Sendable {
    /// An entry of the transcript, as far as it matters whether it was told.
    private enum Key: Sendable, Hashable {
        case message(MessageTree.ID)
        case result(String)
        case notice
        case other

        init(_ entry: Entry) {
            if let id = entry.messageID {
                self = .message(id)
            } else if case .toolResult(let name, _) = entry {
                self = .result(name)
            } else if case .notice = entry {
                self = .notice
            } else {
                self = .other
            }
        }
    }

    private var conversation: String
    private var told: [Key] = []
    /// The answer that is told as it comes.
    private var answer: LinearAnswer?
    /// Running answers that were left for another branch.
    private var aside: Set<MessageTree.ID> = []
    private var parameters: ParameterPanel
    private var waits: [Int: PendingWait] = [:]
    private var leftPrompt = ""
    private var question: LinearQuestion.Key?
    /// Whether the meter is read after each answer.
    var readsFigures = false
    /// What was typed as a prompt, until it stands in the transcript: it need not be read again.
    var typed: String?
    /// When something was told last.
    var lastTold: ContinuousClock.Instant

    /// Nothing was told yet. The parameters that hold now are not told unless they change.
    init(_ app: AppModel) {
        conversation = app.conversation.id
        parameters = app.parameters
        lastTold = app.now
    }

    /// At most so many messages that come at once are read.
    private static let mostAtOnce = 3

    /// Tells what is new. `question` is what is open now.
    mutating func tell(_ app: AppModel, _ question: LinearQuestion?, into output: inout LinearOutput) {
        let holds = holds(app, question)
        tellBranchLeft(app, &output)
        if !holds { tellAnswer(app, &output) }
        let hasNewValues = tellParameters(app, &output)
        tellFlash(app, isTold: hasNewValues, &output)
        if !holds {
            tellEntries(app, &output)
            tellAnswer(app, &output)
        }
        tellWaits(app, &output)
        tellOthers(app, &output)
        tellPrompt(app, question, &output)
        if question?.key != self.question, let question { output.lines(question.lines) }
        self.question = question?.key
    }

    /// Has the open question read again.
    mutating func forgetQuestion() { question = nil }

    /// Whether an answer that comes is not read on: a list was opened over it, and is read to its end.
    private func holds(_ app: AppModel, _ question: LinearQuestion?) -> Bool {
        guard app.overlay != nil, let question, question.key == self.question, conversation == app.conversation.id,
            let answer
        else { return false }
        return !answer.isOver
    }

    // MARK: The transcript

    private mutating func tellEntries(_ app: AppModel, _ output: inout LinearOutput) {
        let entries = app.conversation.entries
        if conversation != app.conversation.id {
            conversation = app.conversation.id
            (told, answer, aside) = ([], nil, [])
            tellConversation(app, &output)
        }
        // The usual case by far: nothing but the last answer grew.
        if entries.count == told.count, entries.last.map(Key.init) == told.last { return }
        let keys = entries.map(Key.init)
        let common = zip(told, keys).prefix { $0 == $1 }.count
        told = keys
        let messages = (common..<keys.count).filter { if case .message = keys[$0] { true } else { false } }
        let first = messages.count > Self.mostAtOnce ? messages[messages.count - 2] : common
        if first > common {
            output.line(
                "\(messages.count - 2) messages before are not read now: /messages lists them, /top reads them.")
        }
        for index in first..<keys.count { tell(entries[index], app, &output) }
    }

    /// Counts the branch at hand as told, since its answers were just read; false = an answer still comes.
    mutating func skip(_ app: AppModel) -> Bool {
        guard !app.isRunning else { return false }
        told = app.conversation.entries.map(Key.init)
        answer = nil
        aside.subtract(app.conversation.entries.compactMap(\.messageID))
        return true
    }

    /// Another conversation took the place of the one before.
    private func tellConversation(_ app: AppModel, _ output: inout LinearOutput) {
        let count = app.conversation.tree.count
        guard count > 0 else { return }
        let title = app.conversation.title.map { " \(LinearWords.gated($0))" } ?? ""
        output.line("Conversation\(title), \(count) messages.")
        guard let found = app.selectedMessage else { return }
        output.line("The message that was found: \(LinearReading.message(found, app))")
    }

    private mutating func tell(_ entry: Entry, _ app: AppModel, _ output: inout LinearOutput) {
        switch entry.read {
        case .user(let message):
            if typed == message.text {
                typed = nil
                output.lines(Self.attached(message))
            } else {
                output.lines(Self.user(message, app))
            }
        case .answer(let answer):
            tellAnswer(app, &output)
            self.answer = LinearAnswer(answer.id)
            aside.remove(answer.id)
            tellAnswer(app, &output)
        case .toolResult(let name, let display):
            if let id = LinearCall.id(String(name.prefix { $0 != " " }), app) {
                output.lines(LinearCall.result(id, app, isWhole: false))
            } else {
                output.lines(Self.output(name, display))
            }
        case .notice(let display, let level):
            let lines = Self.rows(display).map(LinearWords.spoken)
            guard lines.contains(where: { !$0.trimmed.isEmpty }) else { return }
            output.lines(level == .info ? lines : ["Warning: " + lines.joined(separator: " ")])
        case .kept, .vacant: break
        }
    }

    /// What a person sent.
    static func user(_ message: UserMessage, _ app: AppModel) -> [String] {
        let version = LinearWords.version(message.id, app.conversation).map { ", \($0)" } ?? ""
        let lines = TextGate.gate(message.text).text.split(separator: "\n", omittingEmptySubsequences: false)
        return ["You\(version): \(lines.first ?? "")"] + lines.dropFirst().map { LinearText.indent + $0 }
            + attached(message)
    }

    private static func attached(_ message: UserMessage) -> [String] {
        message.attachments.map { attachment in
            let name = LinearWords.gated(attachment.name)
            return switch attachment.content {
            case .text(let text): "Attached: \(name), \(MeterText.full(text.utf8.count)) bytes."
            case .image(let type, _): "Attached: \(name), an image, \(LinearWords.gated(type))."
            }
        }
    }

    /// The output of a command that the person ran.
    static func output(_ name: String, _ display: DisplayText) -> [String] {
        ["Output of \(LinearWords.gated(name)):"] + rows(display).map { LinearText.indent + $0 } + ["End of output."]
    }

    /// The lines of a text that is laid out for a screen.
    private static func rows(_ display: DisplayText) -> [String] {
        var display = display
        display.setWidth(1 << 20)
        return (0..<display.wrapped.count).map { display.wrapped.row($0).text }
    }

    private mutating func tellAnswer(_ app: AppModel, _ output: inout LinearOutput) {
        guard var telling = answer, let answer = app.conversation.answer(telling.id) else { return }
        let wasOver = telling.isOver
        telling.tell(answer, app, into: &output)
        self.answer = telling
        if telling.isOver, !wasOver, readsFigures { output.lines(LinearWords.meter(app)) }
    }

    /// An answer that was being told and is on another branch now.
    private mutating func tellBranchLeft(_ app: AppModel, _ output: inout LinearOutput) {
        guard let telling = answer else { return }
        guard conversation == app.conversation.id else {
            answer = nil
            if app.isRunning(in: conversation) { output.line("The answer goes on in the conversation before.") }
            return
        }
        guard app.conversation.entryIndex(of: telling.id) == nil else { return }
        answer = nil
        guard app.requestsHere.values.contains(where: { $0.message == telling.id }) else { return }
        aside.insert(telling.id)
        output.line("The answer before goes on beside this one.")
    }

    /// Answers on other branches that ended.
    private mutating func tellOthers(_ app: AppModel, _ output: inout LinearOutput) {
        let running = Set(app.requestsHere.values.map(\.message))
        for id in aside.subtracting(running).sorted() {
            aside.remove(id)
            guard app.conversation.entryIndex(of: id) == nil else { continue }
            let version = LinearWords.version(id, app.conversation)?.capitalizedFirst ?? "The other answer"
            output.line("\(version) is there too: /previous-version and /next-version go to it, /answers reads all.")
        }
    }

    // MARK: Around it

    /// Whether there were any changes.
    private mutating func tellParameters(_ app: AppModel, _ output: inout LinearOutput) -> Bool {
        let later = app.isRunning ? ", from the next request on" : ""
        let changed = ParameterID.allCases.filter { parameters[$0] != app.parameters[$0] }
        for id in changed { output.line("\(LinearWords.parameter(id, app.parameters[id]))\(later).") }
        parameters = app.parameters
        return !changed.isEmpty
    }

    /// A line of the moment, unless it says what was just told of parameters, or what is read whole with a call.
    private func tellFlash(_ app: AppModel, isTold: Bool, _ output: inout LinearOutput) {
        guard let flash = app.flash, !isTold || flash.level != .info, !flash.text.hasPrefix("Tools are called"),
            !flash.text.hasPrefix("This is the whole of it")
        else { return }
        let text = LinearWords.spoken(LinearWords.gated(flash.text))
        output.line(text.last.map { ".!?:".contains($0) } ?? true ? text : text + ".")
    }

    private mutating func tellWaits(_ app: AppModel, _ output: inout LinearOutput) {
        for (id, request) in app.requestsHere.sorted(by: { $0.key < $1.key }) {
            if let wait = request.wait, wait != waits[id] { output.line(LinearWords.wait(wait, now: app.now)) }
            waits[id] = request.wait
        }
        waits = waits.filter { app.requests[$0.key] != nil }
    }

    /// A prompt that was not sent, and what can be done with it.
    private mutating func tellPrompt(_ app: AppModel, _ question: LinearQuestion?, _ output: inout LinearOutput) {
        let text = app.prompt.text
        guard text != leftPrompt, app.files.sendsWhenRead == nil else { return }
        leftPrompt = text
        guard !text.trimmed.isEmpty else { return }
        output.line(app.editing == nil ? "In the prompt:" : "The message to edit:")
        output.lines(LinearCall.indented(text))
        output.line("/send sends it; what is typed now takes its place.")
    }
}

/// One answer on its way to the reader: what of it was told.
struct LinearAnswer: Sendable {
    private enum Section: Sendable {
        case none, reasoning, text
    }

    let id: MessageTree.ID
    /// Whether its end was told.
    private(set) var isOver = false
    private var isBegun = false
    private var section = Section.none
    private var reasoning = LinearText()
    private var text = LinearText()
    private var reasoningBytes = 0
    private var textBytes = 0
    private var refusalBytes = 0
    private var saysReasoning = false

    init(_ id: MessageTree.ID) { self.id = id }

    /// Tells what came since the last time.
    mutating func tell(_ answer: Answer, _ app: AppModel, into output: inout LinearOutput) {
        guard !isOver, answer.state != .waiting else { return }
        if !isBegun {
            isBegun = true
            output.line(Self.head(answer, app))
        }
        tellReasoning(answer, app, &output)
        tellText(answer, &output)
        if !answer.state.isRunning { tellEnd(answer, &output) }
    }

    /// `Assistant (gpt-5.4-mini, temperature 0.7), version 2 of 3:`.
    static func head(_ answer: Answer, _ app: AppModel) -> String {
        let version = LinearWords.version(answer.id, app.conversation).map { ", \($0)" } ?? ""
        return "Assistant (\(LinearWords.stamp(answer)))\(version):"
    }

    private mutating func tellReasoning(_ answer: Answer, _ app: AppModel, _ output: inout LinearOutput) {
        guard let words = answer.response.reasoning, words.utf8.count > reasoningBytes else { return }
        guard app.reasoningShown else {
            if !saysReasoning { output.line("Reasoning, folded: /reasoning reads it.") }
            saysReasoning = true
            return
        }
        begin(.reasoning, &output)
        let new = Self.rest(of: words, from: reasoningBytes)
        reasoningBytes = words.utf8.count
        output.parts(reasoning.append(new))
    }

    private mutating func tellText(_ answer: Answer, _ output: inout LinearOutput) {
        let body = answer.response.text
        if body.utf8.count > textBytes {
            begin(.text, &output)
            let new = Self.rest(of: body, from: textBytes)
            textBytes = body.utf8.count
            output.parts(text.append(new))
        }
        guard let refusal = answer.response.refusal, refusal.utf8.count > refusalBytes else { return }
        begin(.text, &output)
        if refusalBytes == 0 {
            output.parts(text.finish())
            output.line("Refusal:")
        }
        let new = Self.rest(of: refusal, from: refusalBytes)
        refusalBytes = refusal.utf8.count
        output.parts(text.append(new))
    }

    private mutating func begin(_ next: Section, _ output: inout LinearOutput) {
        guard section != next else { return }
        endSection(&output)
        section = next
        if next == .reasoning { output.line("Reasoning:") }
    }

    private mutating func endSection(_ output: inout LinearOutput) {
        switch section {
        case .none: break
        case .reasoning:
            output.parts(reasoning.finish())
            output.line("End of reasoning.")
        case .text: output.parts(text.finish())
        }
        output.endLine()
        section = .none
    }

    private mutating func tellEnd(_ answer: Answer, _ output: inout LinearOutput) {
        endSection(&output)
        isOver = true
        if let violations = answer.violations {
            if violations.isEmpty { output.line("The answer matches the schema.") }
            for violation in violations.prefix(5) {
                output.line("The answer breaks the schema: \(LinearWords.gated(violation)).")
            }
            if violations.count > 5 { output.line("\(violations.count - 5) more faults.") }
        }
        let hidden = text.hiddenCount + reasoning.hiddenCount
        if hidden > 0 { output.line("\(hidden) hidden character\(hidden == 1 ? " is" : "s are") left out.") }
        output.lines(LinearWords.end(answer))
        let open = answer.calls.count { $0.state == .waiting }
        if open > 1 { output.line("\(open) tool calls wait for a decision, one after the other.") }
    }

    private static func rest(of text: String, from bytes: Int) -> String {
        String(Substring(text.utf8.dropFirst(bytes)))
    }
}

extension LinearOutput {
    /// Adds what became of foreign text.
    mutating func parts(_ parts: [LinearText.Part]) {
        for part in parts {
            switch part {
            case .line(let line): self.line(line)
            case .piece(let piece): self.piece(piece)
            case .lineEnd: endLine()
            }
        }
    }
}
