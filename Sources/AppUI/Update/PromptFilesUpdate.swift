import Conversations
import FunctionTools
import ProviderCore
import TerminalKit

extension AppModel {
    /// Asks for the files that the prompt names and that were not looked at yet; those at its end only when it is to be sent.
    mutating func readNamedFiles(all: Bool) -> [AppEffect] {
        var effects: [AppEffect] = []
        for mention in FileMention.all(in: all ? prompt.text : textWithMentions) where mention.isWhole || all {
            guard files.named[mention.path] == nil else { continue }
            files.named[mention.path] = .reading
            effects.append(.readFile(mention.path))
        }
        return effects
    }

    /// A file was read, or not.
    mutating func take(file path: String, _ result: Result<Attachment, ServiceError>) -> [AppEffect] {
        switch result {
        case .success(let attachment): files.named[path] = .ready(attachment)
        case .failure(let error): files.named[path] = .failed(error)
        }
        conversationCount = nil
        guard let wanted = files.sendsWhenRead, !isReadingFiles else { return [] }
        files.sendsWhenRead = nil
        guard prompt.text == wanted else { return [] }
        filesAreFresh = true
        return send()
    }

    private var isReadingFiles: Bool {
        FileMention.all(in: prompt.text).contains { files.named[$0.path] == .reading }
    }

    /// Whether the prompt can go with its files. Nil: they are still being read, and the prompt is sent then.
    mutating func filesAreReady(_ text: String) -> (isReady: Bool, effects: [AppEffect]) {
        // A file may have changed since it was looked at: what is sent is what is there now.
        if files.sendsWhenRead == nil, !FileMention.all(in: text).isEmpty, !filesAreFresh {
            files.named = [:]
            let effects = readNamedFiles(all: true)
            files.sendsWhenRead = text
            return (false, effects)
        }
        filesAreFresh = false
        let problems = problems(ofFilesIn: text)
        guard !problems.isEmpty, warnedOf != text else { return (true, []) }
        warnedOf = text
        let told = problems.prefix(3).joined(separator: " ")
        let more = problems.count > 3 ? " And \(problems.count - 3) more." : ""
        flash = Flash(
            text: "\(told)\(more) \(keys.label(of: .send, in: .prompt)) again sends the text without "
                + (problems.count == 1 ? "it." : "them."), level: .warning)
        return (false, [])
    }

    /// Why files that the text names cannot go along, each once.
    private func problems(ofFilesIn text: String) -> [String] {
        var seen: Set<String> = []
        return FileMention.all(in: text).compactMap { mention in
            guard case .failed(let error)? = files.named[mention.path], !error.isMissing || mention.looksLikePath,
                seen.insert(mention.path).inserted
            else { return nil }
            return error.description
        }
    }

    /// Runs a command of the person; its output goes with the next prompt.
    mutating func runShell(_ command: String) -> [AppEffect] {
        guard !command.isEmpty else {
            flash = Flash(text: "! then a command: its output goes with the next prompt.", level: .info)
            return []
        }
        guard canRun(command) else { return [] }
        guard files.running == nil else {
            flash = Flash(text: "A command is running: \(keys.label(of: .cancel)) stops it.", level: .warning)
            return []
        }
        history.add("!" + command)
        prompt.setText("")
        let id = nextRequest
        nextRequest += 1
        files.running = (command, id)
        return [.runShell(id: id, command), .loop(.alarm(after: Self.tickInterval))]
    }

    /// Whether a command may run: all of it stands on the screen, and it runs apart, or the person wants it all the same.
    private mutating func canRun(_ command: String) -> Bool {
        let gated = TextGate.gate(command)
        let isPlain =
            !command.contains("\n") && prompt.folds.isEmpty && command.utf8.count <= 1_000
            && gated.hiddenCount == 0 && gated.text == command && !command.contains(String(repeating: " ", count: 20))
        guard isPlain else {
            flash = Flash(
                text:
                    "A command is one line, all of it to be seen: put a longer one into a script. !! sends the text instead.",
                level: .warning)
            return false
        }
        guard tools.isolation?.isSandboxed != true, warnedOf != prompt.text else { return true }
        warnedOf = prompt.text
        flash = Flash(text: "NO SANDBOX here: the same again runs it with all that you may do.", level: .warning)
        return false
    }

    /// A command of the person ended.
    mutating func take(shell id: Int, output: Result<String, ServiceError>) {
        guard let running = files.running, running.id == id else { return }
        files.running = nil
        let shown = TextGate.gate(running.command, allowNewlines: false).text
        switch output {
        case .success(let text):
            files.carried.append(Attachment(name: "$ \(running.command)", content: .text(text)))
            conversation.entries.append(
                .toolResult(name: "$ \(shown)", display: DisplayText(text.isEmpty ? "(no output)" : text)))
            say(outputNotice)
        case .failure(let error): say("$ \(shown): \(error.description)", .warning)
        }
        transcript.noteGrowth()
    }

    private var outputNotice: String {
        "The output goes with the next prompt; \(keys.label(of: .cancel)) on an empty prompt drops it."
    }

    /// Stops the command that runs, else drops outputs that wait. Nothing of that: false.
    mutating func dropOutputs() -> [AppEffect]? {
        if let running = files.running {
            files.running = nil
            flash = Flash(text: "Stopped; nothing of the output is kept.", level: .info)
            return [.cancel(id: running.id)]
        }
        guard !files.carried.isEmpty, prompt.isEmpty else { return nil }
        let names = files.carried.map { TextGate.gate($0.name, allowNewlines: false).text }
        conversation.removeOutputs(named: Set(names), notice: outputNotice)
        files.carried = []
        flash = Flash(text: "The output of the command does not go along.", level: .info)
        return []
    }

    /// What goes along with the prompt, for its border; nil = nothing.
    var filesNote: String? {
        if let running = files.running { return "! \(TextGate.gate(running.command, allowNewlines: false).text) runs" }
        let text = textWithMentions
        let mentions = FileMention.all(in: text)
        var notes: [String] = []
        let ready = files.attachments(of: text)
        if !ready.isEmpty {
            let tokens = ready.reduce(0) { $0 + self.count(of: $1).tokens }
            let counts = [(files.carried.count, "output"), (ready.count - files.carried.count, "file")]
            let words = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }
            notes.append((words + ["\(MeterText.count(tokens)) tokens"]).joined(separator: ", "))
        }
        var seen: Set<String> = []
        for mention in mentions where seen.insert(mention.path).inserted {
            guard case .failed(let error)? = files.named[mention.path] else { continue }
            let path = TextGate.gate(mention.path, allowNewlines: false).text
            notes.append(mention.looksLikePath || !error.isMissing ? "✗ " + path : "no file " + path)
        }
        return notes.isEmpty ? nil : notes.joined(separator: " · ")
    }
}
