#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The loop of a terminal program: one thread owns model, frame and terminal.
///
/// A turn takes all waiting input and all posted events, updates the model with each, starts effects, and paints at most one
/// frame: at once after input, at most every 33 ms otherwise. The only place that starts tasks.
public actor Program<F: Feature> {
    private nonisolated let thread: UIThread
    private nonisolated let inbox: Inbox<F.Event>
    private let performer: any EffectPerformer<F.Event, F.Effect>
    private let workers: (any TaskExecutor)?
    private var model: F.Model
    private var terminal: (any Terminal)?
    private var tasks: [Int: Task<Void, Never>] = [:]
    private var unnamedTasks: [Int: Task<Void, Never>] = [:]
    /// Work with a name that had not ended when the program did.
    private var ending: [Task<Void, Never>] = []
    private var nextTask = 0
    private var isDirty = true
    private var isUrgent = true
    private var isOver = false
    /// Whether a program in the foreground has the terminal.
    private var isAway = false
    private var lastFrame: ContinuousClock.Instant?
    private var alarm: ContinuousClock.Instant?
    private var ended: CheckedContinuation<Void, Never>?

    /// Between two frames that no key asked for.
    private static var streamingInterval: Duration { .milliseconds(33) }

    /// The thread everything here runs on.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// A program about to run. Effects run on `workers`, or, without any, on the threads of the Swift runtime.
    public init(
        model: F.Model, performer: any EffectPerformer<F.Event, F.Effect>, workers: (any TaskExecutor)? = nil
    ) {
        let thread = UIThread()
        self.thread = thread
        inbox = Inbox { thread.wake() }
        self.model = model
        self.performer = performer
        self.workers = workers
    }

    deinit { thread.stop() }

    /// Wakes the loop; for terminals whose input is not announced by a descriptor.
    public nonisolated func wake() { thread.wake() }

    /// Posts an event from outside.
    public nonisolated func post(_ event: F.Event) { inbox.post([event]) }

    /// Makes the terminal on the UI thread, runs until the feature quits, gives the terminal back. Returns the last model when the
    /// work with a name, cancelled by then, has ended, so that what it still writes down is written;
    /// throws what `makeTerminal` throws. `start` are effects to begin with, after the first frame.
    public func run(start: [F.Effect] = [], _ makeTerminal: @Sendable () throws -> any Terminal) async throws -> F.Model
    {
        let terminal = try makeTerminal()
        self.terminal = terminal
        take([F.event(for: .resize(terminal.size))])
        paint(at: .now)
        perform(start)
        await withCheckedContinuation { continuation in
            ended = continuation
            thread.setTurn { [self] in assumeIsolated { $0.turn() } }
        }
        for task in ending { await task.value }
        return model
    }

    private func turn() -> UIThread.Turn {
        guard let terminal else { return UIThread.Turn() }
        let input = terminal.pendingInput()
        if !input.isEmpty { isUrgent = true }
        take(input.map(F.event(for:)))
        let now = ContinuousClock.now
        if let due = alarm, due <= now {
            alarm = nil
            take([F.event(forAlarmAt: now)])
        }
        if frameDue.map({ now >= $0 }) ?? true {
            // Once a frame, however many events came meanwhile.
            take(inbox.drain())
            if isDirty, !isOver { paint(at: .now) }
        }
        guard !isOver else {
            finish()
            return UIThread.Turn()
        }
        return next(terminal)
    }

    /// When the next frame may be painted; nil = at once.
    private var frameDue: ContinuousClock.Instant? {
        isUrgent ? nil : lastFrame.map { $0 + Self.streamingInterval }
    }

    private func next(_ terminal: any Terminal) -> UIThread.Turn {
        var turn = UIThread.Turn()
        turn.descriptors = [isAway ? nil : terminal.inputDescriptor, terminal.signalDescriptor].compactMap { $0 }
        if isAway {
            if inbox.isFilled { turn.deadline = frameDue ?? .now }
        } else if isDirty || inbox.isFilled {
            if terminal.isWritable {
                turn.deadline = frameDue ?? .now
            } else {
                turn.outputDescriptor = terminal.outputDescriptor
            }
        }
        for deadline in [terminal.pendingInputDeadline, alarm] {
            if let deadline { turn.deadline = min(turn.deadline ?? deadline, deadline) }
        }
        return turn
    }

    private func take(_ events: [F.Event]) {
        for event in events where !isOver {
            isDirty = true
            perform(F.update(&model, event, now: .now))
        }
    }

    /// Paints unless the terminal is still busy with earlier frames; then the newest frame follows when it is ready.
    private func paint(at now: ContinuousClock.Instant) {
        guard let terminal, !isAway, terminal.isWritable else { return }
        terminal.present(F.view(&model, size: terminal.size))
        lastFrame = now
        isDirty = false
        isUrgent = false
    }

    private func perform(_ effects: [F.Effect]) {
        for effect in effects {
            switch F.control(effect) {
            case .quit: isOver = true
            case .cancel(let id): tasks[id]?.cancel()
            case .run(let id): tasks[id] = start(effect) { [self] in await forgetTask(id) }
            case .alarm(let delay): alarm = .now + delay
            case .redraw:
                terminal?.invalidate()
                isUrgent = true
            case .suspend: suspend()
            case .foreground: giveTerminal(to: effect)
            case .mouse(let captures): terminal?.captureMouse(captures)
            case .observeKeys(let observes): terminal?.observeKeys(observes)
            case .theme(let theme):
                terminal?.use(theme)
                isUrgent = true
            case .emit(let bytes): terminal?.emit(bytes)
            case nil:
                let number = nextTask
                nextTask += 1
                unnamedTasks[number] = start(effect) { [self] in await forget(number) }
            }
        }
    }

    private func start(_ effect: F.Effect, then: (@Sendable () async -> Void)? = nil) -> Task<Void, Never> {
        let performer = self.performer
        let inbox = self.inbox
        return Task(executorPreference: workers) {
            await Self.perform(effect, with: performer) { inbox.post($0) }
            await then?()
        }
    }

    private nonisolated static func perform(
        _ effect: F.Effect, with performer: any EffectPerformer<F.Event, F.Effect>,
        send: @escaping @Sendable ([F.Event]) -> Void
    ) async {
        await performer.perform(effect, send: send)
    }

    private func forgetTask(_ id: Int) { tasks[id] = nil }

    private func forget(_ number: Int) { unnamedTasks[number] = nil }

    private func suspend() {
        terminal?.suspend()
        take([F.event(for: .resumed)])
        isUrgent = true
    }

    private func giveTerminal(to effect: F.Effect) {
        guard let terminal, !isAway else { return }
        isAway = true
        terminal.leave()
        let number = nextTask
        nextTask += 1
        unnamedTasks[number] = start(effect) { [self] in await takeTerminalBack(number) }
    }

    private func takeTerminalBack(_ number: Int) {
        unnamedTasks[number] = nil
        guard isAway, let terminal else { return }
        isAway = false
        terminal.comeBack()
        // What the work told comes before what was typed meanwhile.
        take(inbox.drain())
        take([F.event(for: .resize(terminal.size)), F.event(for: .resumed)])
        isUrgent = true
    }

    private func finish() {
        for task in tasks.values { task.cancel() }
        for task in unnamedTasks.values { task.cancel() }
        ending = Array(tasks.values) + unnamedTasks.values
        tasks = [:]
        unnamedTasks = [:]
        terminal?.restore()
        terminal = nil
        thread.setTurn(nil)
        ended?.resume()
        ended = nil
    }
}
