import Conversations
public import ProviderCore
public import TerminalKit

/// Everything the workspace knows. A value, owned by the UI thread.
public struct AppModel: Sendable {
    /// Where requests go.
    public struct Connection: Sendable, Hashable {
        /// What the status line calls it: host or profile.
        public var name: String
        /// Whether the built-in simulator answers.
        public var isDemo: Bool
        /// Whether it is OpenAI's own endpoint, where models are served as the catalog says.
        public var isOpenAI: Bool
        /// The API to ask through; nil = what the model needs.
        public var api: ModelAPI?
        /// Whether Responses are asked for in the background, so that a lost stream can be read on.
        public var asksInBackground: Bool
        /// Whether credentials travel unencrypted to another machine.
        public var isPlainHTTP: Bool
        /// Prices of the endpoint's own, which hold in place of the catalog's.
        public var prices: ModelPrices?
        /// What may be spent here, by scope; the cap on a request stands among the parameters.
        public var caps: [BudgetScope: SpendingCap]

        /// A connection.
        public init(
            name: String, isDemo: Bool, isOpenAI: Bool = false, api: ModelAPI? = nil, asksInBackground: Bool = false,
            isPlainHTTP: Bool = false, prices: ModelPrices? = nil, caps: [BudgetScope: SpendingCap] = [:]
        ) {
            self.name = name
            self.isDemo = isDemo
            self.isOpenAI = isOpenAI
            self.api = api
            self.asksInBackground = asksInBackground
            self.isPlainHTTP = isPlainHTTP
            self.prices = prices
            self.caps = caps
        }
    }

    var connection: Connection
    let catalog: ModelCatalog
    /// Counts tokens before they are sent and while they come.
    let counting: any TokenCounting
    /// Functions that requests offer, and what becomes of their calls.
    var tools: ToolDesk
    /// Which key is which command.
    var keys: Keymap { didSet { prompt.keymap = keys.editKeymap } }

    var parameters: ParameterPanel
    /// What servers refused in this session, and what keeps parameters from being used.
    var refusals = RefusalMemory()
    /// Settings, presets, variables: what belongs to setting things up.
    var desk = ConfigDesk()
    /// Benchmark runs.
    var runs = RunDesk()
    var conversation: Conversation
    /// Conversations that were left while an answer came, by their names: it goes on there.
    var left: [String: LeftConversation] = [:]
    /// A conversation that is being read, to be opened.
    var opening: String?
    /// The conversations that are open here, as it was told to who keeps them.
    var held = HeldConversations()
    /// Under which name a conversation goes on that another process took, by the name that it had.
    var copies: [String: String] = [:]
    /// Names this session's conversations in the ledger, with their numbers.
    let session: String
    var conversationNumber = 1
    /// What this day has cost by the ledger, whoever spent it; nil = not read yet.
    var today: UsageRow?
    var totals = SessionTotals()
    var prompt = LineEditor()
    var history = PromptHistory()
    var transcript = TranscriptView()
    var traceSelection: TraceID?
    var traceExpanded = false
    var reasoningShown = false
    /// Whether lines of code that are too long go on in rows of their own; else they are cut at the edge.
    var wrapsCode = false
    /// Cells of code that are out of sight at the left.
    var codeOffset = 0
    var focus = Pane.prompt
    var zoomed = false
    var sideColumnHidden = false
    var overlay: Overlay?
    var isNudging = false
    /// The keys after the leader so far; nil = it was not pressed.
    var leaderKeys: [KeyChord]?
    /// The list over the prompt that completes what is typed.
    var completion = CompletionState()
    /// Commands that were chosen by name, the last one first.
    var recentCommands: [Command] = []
    /// Whether mouse events are taken, not left to the terminal.
    public var mouseIsOn = false
    /// What is known of the terminal; nil = nothing was told.
    public var terminalFacts: TerminalFacts?
    var theme: ThemeChoice
    /// A theme that was named and is being looked up.
    var wantedTheme: String?
    /// Themes as listed by the last look; nil = never looked.
    var models: [ModelListing]?
    /// What is looked for in the transcript; nil = nothing.
    var find: FindState?
    /// Files and outputs that go along with the prompt.
    var files = PromptFiles()
    /// Whether they were read for this very sending.
    var filesAreFresh = false
    /// The message that the prompt's text is to replace; nil = the prompt goes on.
    var editing: MessageTree.ID?
    /// Names of the conversations that were deleted here, the last one last; each can be brought back.
    var deletedConversations: [String] = []
    /// Changes that could not be kept, to be tried again; and when.
    var failedChanges: [ConversationChange] = []
    var retriesSavingAt: ContinuousClock.Instant?
    /// The unsent prompt as it was kept last.
    var savedDraft = ""
    /// One line above the hints, until the next key.
    var flash: Flash?
    /// The first of two Esc.
    var escapedAt: ContinuousClock.Instant?
    /// The block of code that was copied last.
    var copiedCode: CopiedCode?
    /// What stands before the report of a copy.
    var copyNote = ""
    /// The first of two Ctrl-C.
    var interruptedAt: ContinuousClock.Instant?
    /// What Enter would send now; nil while the prompt is empty.
    var sendCount: SendCount?
    /// Tokens of what goes along with the prompt.
    var attachmentCounts: [AttachmentCount] = []
    /// The prompt of which it was told that something in it does not go along, or runs without a sandbox.
    var warnedOf: String?
    /// The prompt that was told to be too long.
    var warnedOfLength: String?
    /// The count without the prompt, which the next key does not change.
    var conversationCount: ConversationCount?
    /// Models whose counts were asked to be made ready.
    var preparedCounts: Set<String> = []
    /// Models whose end was told of.
    var toldEnds: Set<String> = []
    /// The requests that run, by their ids.
    var requests: [Int: RunningRequest] = [:]
    /// Prompts to be sent when the answer is there, the first one first.
    var queue: [QueuedPrompt] = []
    var nextRequest = 1
    var now: ContinuousClock.Instant
    var size = Size(width: 80, height: 24)
    /// Set when the program was told to end by a signal; 0 = by the user.
    public internal(set) var endedBySignal: Int32 = 0

    /// A one-line message and its weight.
    struct Flash: Sendable, Hashable {
        let text: String
        let level: NoticeLevel
        /// A time that runs down at its end on a screen; nil = none.
        var countdown: Countdown?
    }

    /// The workspace at start. `session` names it in the ledger; `enterSends` is whether Enter sends and Alt-Enter makes a new
    /// line, which `keys` say in its place when they are given; `settings` are those that can be changed here; `now` is the
    /// monotonic time of start.
    public init(
        connection: Connection, catalog: ModelCatalog, counting: any TokenCounting = EstimatesOnly(),
        parameters: ParameterPanel, tools: ToolDesk = ToolDesk(), session: String = "session",
        enterSends: Bool = true, keys: Keymap? = nil, theme: ThemeChoice, settings: [SettingRow] = [],
        notices: [String] = [],
        now: ContinuousClock.Instant
    ) {
        self.connection = connection
        self.catalog = catalog
        self.counting = counting
        self.parameters = parameters
        self.tools = tools
        self.session = session
        conversation = Conversation(id: "\(session)-1")
        held.names = [conversation.id]
        let keys = keys ?? Keymap(enterSends: enterSends)
        self.keys = keys
        prompt.keymap = keys.editKeymap
        self.theme = theme
        self.now = now
        desk.settings = SettingsDesk(settings)
        welcome(notices)
    }

    /// Three lines, no wizard: where answers come from, what to try, where help is.
    private mutating func welcome(_ notices: [String]) {
        if connection.isDemo {
            say(
                "DEMO: the built-in simulator answers with recordings; no key, no network, and nobody pays the costs shown."
            )
            say(
                "Try: markdown · reasoning · weather · add · wrong arguments · logprobs · refuse · busy · flaky · cut · long. "
                    + "Or any other text."
            )
            say("Leave the demo: set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of yours, and start again.")
        } else {
            say("Answers come from \(connection.name). Type a prompt and press \(keys.label(of: .send, in: .prompt)).")
        }
        for notice in notices { say(notice, .warning) }
        say(" ")
    }

    /// Adds a line of ours to the transcript.
    mutating func say(_ text: String, _ level: NoticeLevel = .info) {
        conversation.entries.append(.notice(DisplayText(text), level))
    }

    /// Whether the built-in simulator answers.
    public var isDemo: Bool { connection.isDemo }

    /// All that stands unsent in the conversation: what is queued, then the prompt.
    var unsentText: String { queue.text(before: prompt.text) }

    /// Whether no model is chosen yet, so that the endpoint has to be asked what it offers.
    public var needsModel: Bool { parameters.model.isEmpty }

    /// Whether the endpoint was asked what it offers, because no model is chosen, and has not answered yet.
    var awaitsModels: Bool { needsModel && models == nil }

    /// The request of the last answer in the transcript; nil when that does not run.
    var running: Int? {
        guard !requests.isEmpty, let id = conversation.lastAnswer?.id else { return nil }
        return requests.first { $0.value.message == id && $0.value.conversation == conversation.id }?.key
    }

    /// The requests of the conversation at hand, by their ids.
    var requestsHere: [Int: RunningRequest] { requests.filter { $0.value.conversation == conversation.id } }

    /// Whether the last answer in the transcript runs.
    var isRunning: Bool { running != nil }

    /// Whether an answer of this conversation, here or on another branch, or a tool runs now.
    var isBusy: Bool {
        !tools.running.isEmpty || files.running != nil
            || requests.values.contains { $0.conversation == conversation.id }
    }

    /// Whether anything runs now, also in conversations that were left.
    var isBusyAnywhere: Bool { !left.isEmpty || isBusy }

    /// What the running request waits for; nil when it does not wait.
    var pendingWait: PendingWait? { running.flatMap { requests[$0]?.wait } }

    /// Whether the running request goes on only when a person decides.
    var waitsForPerson: Bool { running.flatMap { requests[$0]?.waitsForPerson } ?? false }

    /// The wide layout needs this much.
    var isWide: Bool { size.width >= 100 && size.height >= 20 }

    /// What is known of a model here: the catalog's facts, with the endpoint's own prices where it has some.
    func info(_ model: String) -> ModelInfo? { catalog.model(model, prices: connection.prices) }

    /// The session in at most two lines for the shell, after the screen is gone; empty when nothing was asked.
    public var farewell: [String] {
        guard totals.answers > 0 else { return [] }
        let cost = MeterText.sessionCost(totals)
        return [
            "\(totals.answers) answer\(totals.answers == 1 ? "" : "s"), \(totals.input(MeterText.full)) tokens in, "
                + "\(totals.output(MeterText.full)) out, \(cost)" + (isDemo && cost != "–" ? " that nobody pays" : "")
        ]
    }
}
