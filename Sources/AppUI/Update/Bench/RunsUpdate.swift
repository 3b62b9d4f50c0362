import Benchmarking
import Conversations
import ProviderCore
import TerminalKit

/// Benchmark runs in the workspace.
extension AppModel {
    private var runsHelp: String {
        "no run matches; \(DialogKey.take.longLabel) runs the suite whose path is typed"
    }

    /// Opens the list of runs.
    mutating func openRuns() -> [AppEffect] {
        overlay = .runs(RunList(nil, own: runs.own, emptyText: "reading…"))
        return [.runs(.list)]
    }

    /// Takes what happened to runs.
    mutating func take(_ event: RunsEvent) -> [AppEffect] {
        switch event {
        case .listed(let result): take(listed: result)
        case .opened(.success(let screen)):
            guard case .runs = overlay else { return [] }
            runs.watched = screen
            runs.watched?.opensConversations = true
            overlay = .run(isOwn: false)
            return startScreen(isOwn: false)
        case .started(.success(let screen)):
            runs.own = screen
            runs.own?.opensConversations = true
            runs.isStarting = false
            switch overlay {
            case .runs, .run(isOwn: false), nil: overlay = .run(isOwn: true)
            default: break
            }
            return startScreen(isOwn: true)
        case .opened(.failure(let error)): tellOfRuns(error)
        case .started(.failure(let error)):
            (runs.isStarting, runs.running) = (false, nil)
            tellOfRuns(error)
        case .watched(let event): return wrap(runs.watched?.take(event, now: now) ?? [], isOwn: false)
        case .own(let event):
            let effects = wrap(runs.own?.take(event, now: now) ?? [], isOwn: true)
            if case .finished(let result, _) = event { tell(ended: result) }
            return effects
        case .kept(.success(let path)): flash = Flash(text: "The turn is a sample in \(path) now.", level: .info)
        case .kept(.failure(let error)): flash = Flash(text: error.description, level: .error)
        }
        return []
    }

    private mutating func tellOfRuns(_ error: ServiceError) {
        flash = Flash(text: error.description, level: .error)
        flashRun(error.description, .error)
        if case .runs = overlay { overlay = nil }
    }

    private mutating func tell(ended result: RunResult) {
        runs.running = nil
        guard let header = runs.own?.progress.header else { return }
        let reason = result.reason.isEmpty ? "" : ": \(result.reason)"
        say("Benchmark \(header.name), run \(header.id), is \(result.state.rawValue)\(reason).")
    }

    private mutating func take(listed result: Result<(runs: [RunSummary], problems: [String]), ServiceError>) {
        guard case .runs(let open) = overlay else { return }
        switch result {
        case .failure(let error): tellOfRuns(error)
        case .success(let found):
            var list = RunList(found.runs, own: runs.own, emptyText: runsHelp)
            list.picker = list.picker.keeping(open.picker, items: list.picker.items)
            list.picker.emptyText = runsHelp
            overlay = .runs(list)
            for problem in found.problems { say(problem, .warning) }
        }
    }

    private func startScreen(isOwn: Bool) -> [AppEffect] {
        wrap([isOwn ? .readMoney : .readNews, .loop(.alarm(after: BenchScreen.tick))], isOwn: isOwn)
    }

    /// The alarm is one for all: it goes to the loop itself.
    private func wrap(_ effects: [BenchEffect], isOwn: Bool) -> [AppEffect] {
        effects.map { effect in
            if case .loop(let control) = effect { return .loop(control) }
            return .runs(.screen(effect, isOwn: isOwn))
        }
    }

    /// Time went on for the run whose screen is open.
    mutating func tickRun() -> [AppEffect] {
        guard case .run(let isOwn) = overlay else { return [] }
        if isOwn { return wrap(runs.own?.take(.tick(now), now: now) ?? [], isOwn: true) }
        return wrap(runs.watched?.take(.tick(now), now: now) ?? [], isOwn: false)
    }

    // MARK: Keys

    /// A key in the list of runs.
    mutating func take(_ chord: KeyChord, in open: RunList) -> [AppEffect] {
        var list = open
        guard DialogKey.take ~= chord else {
            _ = list.picker.handle(chord)
            overlay = .runs(list)
            return []
        }
        switch list.picker.selection {
        case .own:
            overlay = .run(isOwn: true)
            return startScreen(isOwn: true)
        case .run(let id): return [.runs(.open(id))]
        case nil: return start(suite: list.picker.query.text.trimmed)
        }
    }

    private mutating func start(suite path: String) -> [AppEffect] {
        guard !path.isEmpty, let id = beginRun() else { return [] }
        flash = Flash(text: "Reading \(path)…", level: .info)
        return [.runs(.start(id: id, path: path))]
    }

    /// The number of a run that begins here; nil, and that is told, when one runs already.
    private mutating func beginRun() -> Int? {
        guard !runs.isRunning, !runs.isStarting else {
            let text = "A benchmark runs here already: it has to end first."
            flash = Flash(text: text, level: .warning)
            flashRun(text, .warning)
            return nil
        }
        let id = nextRequest
        nextRequest += 1
        (runs.running, runs.isStarting) = (id, true)
        return id
    }

    /// Goes on with the run on the screen, if it stopped with something left.
    private mutating func resume(_ screen: BenchScreen, isOwn: Bool) -> [AppEffect] {
        guard screen.canBeResumed else {
            if isOwn { runs.own?.tellOfResuming() } else { runs.watched?.tellOfResuming() }
            return []
        }
        guard let id = beginRun() else { return [] }
        flashRun("Going on with it…", .info)
        return [.runs(.resume(id: id, run: screen.progress.header.id))]
    }

    /// Says something on the screen of a run that is open.
    private mutating func flashRun(_ text: String, _ level: NoticeLevel) {
        guard case .run(let isOwn) = overlay else { return }
        if isOwn {
            runs.own?.flash = Flash(text: text, level: level)
        } else {
            runs.watched?.flash = Flash(text: text, level: level)
        }
    }

    /// A key on the screen of a run.
    mutating func takeInRun(_ chord: KeyChord, isOwn: Bool) -> [AppEffect] {
        guard var screen = isOwn ? runs.own : runs.watched else {
            overlay = nil
            return []
        }
        if screen.takesCommands, keys.command(for: chord, in: .bench) == .runChat { return openTrial(of: screen) }
        if screen.takesCommands, keys.command(for: chord, in: .bench) == .runResume {
            return resume(screen, isOwn: isOwn)
        }
        // Here a run goes on without its screen: nothing is asked.
        let leaves = screen.takesCommands && screen.viewer == nil && keys.command(for: chord, in: .bench) == .runLeave
        let step = leaves ? .leave : screen.take(chord, keys, height: size.height, now: now)
        if isOwn { runs.own = screen } else { runs.watched = screen }
        switch step {
        case .effects(let effects): return wrap(effects, isOwn: isOwn)
        case .leave:
            overlay = nil
            if isOwn, runs.isRunning {
                flash = Flash(text: "The benchmark goes on; \(keys.label(of: .benchmarks)) shows it.", level: .info)
            }
            return []
        }
    }

    // MARK: Trials and conversations

    /// Opens what was said in a trial as a conversation.
    private mutating func openTrial(of screen: BenchScreen) -> [AppEffect] {
        guard let record = screen.viewer?.detail?.record, !record.transcript.isEmpty else {
            flashRun("Open the transcript of a trial first: \(keys.runLabel(of: .runOpen)) on one that ended.", .info)
            return []
        }
        let bytes = Array(JSONWriter.string(SampleText.messages(record.transcript)).utf8)
        do throws(ConversationImportError) {
            var conversation = try ConversationImport.parse(bytes)
            conversation.title = "\(record.key.task)/\(record.key.sample) \(record.key.subject)"
            overlay = nil
            return take(imported: .success(conversation))
        } catch {
            flash = Flash(text: error.description, level: .error)
            return []
        }
    }

    /// Adds the last turn of the conversation to a file of samples, in the form of OpenAI's evals.
    mutating func saveSample(_ path: String) -> [AppEffect] {
        let messages = conversation.messages(systemPrompt: parameters.systemPrompt)
        guard !path.isEmpty else {
            focus = .prompt
            prompt.setText("/\(Command.saveSample.slashName) ")
            return []
        }
        guard let answer = messages.lastIndex(where: { $0.role == .assistant }), answer > 0 else {
            flash = Flash(text: "There is no answer yet that could be a sample.", level: .info)
            return []
        }
        let line = JSONWriter.string(
            .object([
                JSONMember("input", SampleText.messages(Array(messages[..<answer]))),
                JSONMember("ideal", .string(messages[answer].text)),
            ]))
        return [.runs(.keep(line, path: path))]
    }
}

/// Messages as JSON in OpenAI's style.
enum SampleText {
    static func messages(_ messages: [ChatMessage]) -> JSONValue { .array(messages.map(message)) }

    private static func message(_ message: ChatMessage) -> JSONValue {
        var members = [
            JSONMember("role", .string(message.role.rawValue)), JSONMember("content", .string(message.text)),
        ]
        if let refusal = message.refusal { members.append(JSONMember("refusal", .string(refusal))) }
        if let id = message.toolCallID { members.append(JSONMember("tool_call_id", .string(id))) }
        if !message.toolCalls.isEmpty {
            let calls = message.toolCalls.map { call in
                JSONValue.object([
                    JSONMember("id", .string(call.id)), JSONMember("type", .string("function")),
                    JSONMember(
                        "function",
                        .object([
                            JSONMember("name", .string(call.name)), JSONMember("arguments", .string(call.arguments)),
                        ])),
                ])
            }
            members.append(JSONMember("tool_calls", .array(calls)))
        }
        return .object(members)
    }
}
