import ProviderCore
import TerminalKit

/// Everything linear mode knows: the workspace, and how far it was told.
public struct LinearModel: Sendable {
    /// The workspace.
    public internal(set) var app: AppModel
    /// Whether a person types the lines at a terminal; false = they come from a pipe or a file.
    let isInteractive: Bool
    /// Whether lines that came are written where the rest is; false = the terminal shows what is typed.
    let echoes: Bool

    /// Lines that came and were not taken yet.
    private var waiting: [String] = []
    /// The lines so far of one that goes on.
    var continued: [String] = []
    private var inputEnded = false
    private var isQuitting = false
    /// Lists that are being looked up: what is typed next may answer a question about them.
    var lookups: [Lookup: Int] = [:]
    var view: LinearView
    var output = LinearOutput()
    /// Whether the parameter to be set is asked for.
    var asksParameter = false
    /// Whether one field of a provider is changed that is set up already.
    var changesOneField = false
    /// Steps of a provider's test that were told, and the test whose beginning was.
    var toldSteps: [EndpointStep: EndpointOutcome] = [:]
    var toldTest: Int?
    private var effects: [LinearEffect] = []
    private var lastAside: ContinuousClock.Instant

    enum Lookup: Sendable, Hashable {
        case models, usage, conversations, settings, endpoint
    }

    /// Linear mode over a workspace. `isInteractive`: a person types at a terminal, so that lines are taken at once and calls can be run.
    /// `echoes`: what is typed has to be written, since no terminal shows it beside the rest.
    public init(_ app: AppModel, isInteractive: Bool, echoes: Bool) {
        var app = app
        app.say(
            "Linear mode: each thing is told once, as text. /help lists the commands; a line that ends in \\ goes on.")
        self.app = app
        self.isInteractive = isInteractive
        self.echoes = echoes
        view = LinearView(app)
        lastAside = app.now
        if app.needsModel { lookups[.models] = 1 }
    }

    // MARK: Events

    /// Takes an event.
    mutating func take(_ event: AppEvent) {
        switch event {
        case .input(.paste(let line)): waiting.append(line)
        case .input(.key(.control("c"))): interrupt()
        case .input(.ended(signal: 0)): inputEnded = true
        case .input(.ended(let signal)):
            app.endedBySignal = signal
            want([.loop(.quit)])
        case .input: break
        default:
            note(event)
            want(AppFeature.update(&app, event, now: app.now))
        }
    }

    /// Ctrl-C: leaves the question, stops the answer, or quits when pressed twice.
    private mutating func interrupt() {
        // A terminal shows ^C where the cursor is.
        if !echoes { output.breakLine() }
        continued = []
        app.flash = nil
        asksParameter = false
        if leaveEndpoint() { return }
        if app.overlay != nil {
            app.overlay = nil
            app.flash = AppModel.Flash(text: "Left as it was.", level: .info)
        } else {
            change { $0.perform(.interrupt) }
        }
    }

    /// Notes that something that was looked up is there.
    private mutating func note(_ event: AppEvent) {
        let lookup: Lookup? =
            switch event {
            case .models: .models
            case .usage: .usage
            case .conversations, .found, .opened, .restored: .conversations
            case .configuration(.settingsSaved): .settings
            case .configuration(.endpointTested), .configuration(.endpointSaved): .endpoint
            default: nil
            }
        guard let lookup, let count = lookups[lookup] else { return }
        lookups[lookup] = count > 1 ? count - 1 : nil
    }

    /// Changes the workspace as an input event does: counts and keeps what came of it.
    mutating func change(_ work: (inout AppModel) -> [AppEffect]) {
        let event = AppEvent.input(.paste(""))
        let first = work(&app)
        want(first + app.countPrompt(after: event) + app.save(after: event))
    }

    /// Asks for effects.
    mutating func want(_ new: [AppEffect]) {
        for effect in new {
            switch effect {
            case .listModels: lookups[.models, default: 0] += 1
            case .loadUsage: lookups[.usage, default: 0] += 1
            case .listConversations, .searchConversations, .openConversation, .restoreDeleted:
                lookups[.conversations, default: 0] += 1
            case .configure(.saveSettings): lookups[.settings, default: 0] += 1
            case .configure(.checkEndpoint), .configure(.saveEndpoint): lookups[.endpoint, default: 0] += 1
            case .loop(.quit): isQuitting = true
            default: break
            }
        }
        effects += new.map(LinearEffect.work)
    }

    // MARK: Lines

    /// The next line to be taken; nil = none, or not now. Lines of a pipe wait until what came before is done; lines that a person
    /// types do not.
    mutating func nextLine() -> String? {
        guard !waiting.isEmpty, !isLookingUp, !isQuitting else { return nil }
        if !isInteractive, app.isBusy, !needsPerson { return nil }
        let line = waiting.removeFirst()
        if echoes {
            let shown = !line.hasPrefix("/") && hides(line) ? "(not shown)" : LinearWords.gated(line)
            output.line(line.isEmpty ? prompt.trimmed : prompt + shown)
        } else {
            output.noteTypedLine()
        }
        return line
    }

    /// Whether a request waits for a person.
    private var needsPerson: Bool {
        if case .retry(let notice)? = app.pendingWait { notice.basis == .person } else { false }
    }

    /// Whether something is looked up, so that what comes next is not clear yet.
    private var isLookingUp: Bool { !lookups.isEmpty || (app.files.sendsWhenRead != nil) }

    /// What is asked now; nil = a prompt is wanted.
    var question: LinearQuestion? { lookups.isEmpty ? LinearQuestion(self) : nil }

    private var prompt: String { continued.isEmpty ? question?.prompt ?? "You: " : "And: " }

    // MARK: Telling

    /// Tells what is new. A call that was told whole counts as seen.
    mutating func tell() {
        tellEndpoint()
        openOverlay()
        let question = question
        view.tell(app, question, into: &output)
        app.flash = nil
        guard case .call(let id, let revision, _)? = question?.key else {
            app.tools.seen = nil
            return
        }
        let seen = ToolDesk.SeenCall(id: id, revision: revision)
        if app.tools.seen != seen {
            app.tools.seen = seen
            app.traceSelection = id
            // What comes at once was typed before it could be heard.
            app.tools.movedAt = app.now
        }
    }

    /// Overlays that only show something are told and closed.
    private mutating func openOverlay() {
        switch app.overlay {
        case .call(let detail):
            app.overlay = nil
            if LinearQuestion.openCall(app) == detail.id {
                view.forgetQuestion()
            } else {
                output.lines(LinearCall.lines(detail.id, app) + LinearCall.result(detail.id, app, isWhole: true))
            }
        case .usage(let screen):
            guard let lines = LinearUsage.lines(screen, app) else { return }
            app.overlay = nil
            output.lines(lines)
        case .help, .palette:
            app.overlay = nil
            output.lines(LinearCommand.help)
        case .themes, .keyCheck: app.overlay = nil
        case .runs, .run:
            app.overlay = nil
            output.lines(["Benchmarks are run and read outside: tickertape bench run, list, report, each with --help."])
        case .form(.variables), .form(.endpoint): break
        case .form(let form):
            app.overlay = nil
            output.lines(LinearWords.formAdvice(form, app))
        case .models, .tools, .conversations, .history, .tree, .compare, .entry, .confirmQuit, nil: break
        }
    }

    /// Shows the word that asks for a line, where a person can type one now.
    mutating func showPrompt() {
        guard !echoes, !isQuitting, !inputEnded, !isLookingUp, waiting.isEmpty else { return }
        if question != nil || !app.isBusy { output.show(prompt: prompt) }
    }

    /// After ten seconds without a word, a sentence on standard error.
    mutating func noteSilence() {
        let since = max(view.lastTold, lastAside)
        guard app.now - since >= .seconds(10), question == nil, let sentence = LinearWords.waiting(app) else { return }
        lastAside = app.now
        effects.append(.aside(LinearWords.spoken(sentence)))
    }

    /// Ends when the input has ended and nothing runs any more.
    mutating func endIfOver() {
        guard inputEnded, !isQuitting, waiting.isEmpty, !isLookingUp else { return }
        if needsPerson { change { $0.giveUp() } }
        if !continued.isEmpty {
            let text = continued.joined(separator: "\n")
            continued = []
            take(whole: text)
            tell()
        }
        guard !app.isBusyAnywhere, app.queue.isEmpty, !isLookingUp else { return }
        let open = app.conversation.openCalls.count
        if open > 0 { output.line("The input ended; \(open) tool call\(open == 1 ? "" : "s") had no decision.") }
        want([.loop(.quit)])
    }

    /// What is to be done, the text first.
    mutating func takeEffects() -> [LinearEffect] {
        if isQuitting { output.endLine() }
        let text = output.take()
        defer { effects = [] }
        guard !text.isEmpty else { return effects }
        view.lastTold = app.now
        return [.tell(Array(text.utf8))] + effects
    }
}
