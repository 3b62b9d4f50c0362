import ProviderCore
public import TerminalKit

/// The workspace as a program of the loop: pure functions over `AppModel`.
public enum AppFeature: Feature {
    /// Wraps terminal input.
    public static func event(for input: Input) -> AppEvent { .input(input) }

    /// What an event changes and what it asks for.
    public static func update(_ model: inout AppModel, _ event: AppEvent, now: ContinuousClock.Instant) -> [AppEffect] {
        model.now = now
        let awaitedModels = model.awaitsModels
        var effects = react(&model, to: event)
        if awaitedModels, !model.awaitsModels { effects += model.sendWaiting() }
        if case .input = event { effects += model.readNamedFiles(all: false) }
        return effects + model.complete(after: event) + model.countPrompt(after: event) + model.save(after: event)
            + model.holdConversations()
    }

    private static func react(_ model: inout AppModel, to event: AppEvent) -> [AppEffect] {
        switch event {
        case .input(let input): return model.take(input)
        case .stream(let id, let events, let at): return model.take(events, of: id, at: at)
        case .streamEnded(let id, let error, let at): return model.end(id, error, at: at)
        case .models(let result): return model.take(models: result)
        case .themes(let themes): return model.take(themes: themes)
        case .countsReady: model.recount()
        case .usage(let result): model.take(usage: result)
        case .today(let sum): model.today = sum
        case .toolResult(let id, let result, let at): return model.take(result, of: id, at: at)
        case .calls(let calls): model.tools.keepOlder(calls)
        case .tools(let tools, let warnings): model.take(tools: tools, warnings)
        case .isolation(let isolation): model.tools.isolation = isolation
        case .edited(let result): model.take(edited: result)
        case .paged(let problem): if let problem { model.tell(problem) }
        case .copied(let report): return model.take(copied: report)
        case .notices(let lines):
            for line in lines { model.say(TextGate.gate(line, allowNewlines: false).text, .warning) }
        case .configuration(let event): return model.take(event)
        case .file(let path, let result): return model.take(file: path, result)
        case .paths(let path, let found): model.take(paths: found, for: path)
        case .shell(let id, let output): model.take(shell: id, output: output)
        case .saveFailed(let changes, let problem): return model.take(failedSave: changes, problem)
        case .settings(let news): return model.take(news)
        case .exported(let result): model.take(exported: result)
        case .imported(let result): return model.take(imported: result)
        case .conversations(let result): model.take(conversations: result)
        case .found(let query, let result): model.take(found: result, for: query)
        case .opened(let result, let message, let isElsewhere):
            return model.take(opened: result, at: message, isElsewhere: isElsewhere)
        case .takenElsewhere(let changes): return model.take(takenElsewhere: changes)
        case .restored(let result): return model.take(restored: result)
        case .unfinished(let found): model.take(unfinished: found)
        case .storeNotices(let lines): model.take(storeNotices: lines)
        case .prompts(let prompts): model.take(prompts: prompts)
        case .runs(let event): return model.take(event)
        // Of two alarms the later one holds: that of a running answer is the sooner.
        case .tick:
            let goesOn = model.countDown() || model.isBusyAnywhere
            return model.tickRun() + (goesOn ? [.loop(.alarm(after: AppModel.tickInterval))] : [])
        }
        return []
    }

    /// The screen.
    public static func view(_ model: inout AppModel, size: Size) -> Frame { AppView.frame(&model, size: size) }

    /// The time goes on.
    public static func event(forAlarmAt now: ContinuousClock.Instant) -> AppEvent { .tick(now) }

    /// What an effect asks of the loop.
    public static func control(_ effect: AppEffect) -> LoopControl? {
        switch effect {
        case .ask(let id, _), .runTool(let id, _, _), .runShell(let id, _),
            .configure(.checkEndpoint(let id, _)), .runs(.start(let id, _)),
            .runs(.resume(let id, _)):
            .run(id: id)
        case .cancel(let id): .cancel(id: id)
        case .loop(let control): control
        case .retryNow, .giveUp, .listModels, .listThemes, .prepareCounts, .loadUsage, .loadToday, .checkIsolation,
            .keep, .loadCalls, .loadTools, .save, .hold, .listConversations, .searchConversations, .openConversation,
            .readFile, .listPaths, .export, .importFile, .loadPrompts, .restoreDeleted, .lookBack, .copy, .configure,
            .runs:
            nil
        case .editExternally, .page: .foreground
        }
    }
}

extension AppModel {
    /// How often the elapsed time of a running answer is drawn anew.
    static let tickInterval = Duration.milliseconds(250)
}
