public import Conversations
public import FunctionTools
public import ProviderCore
public import TerminalKit

/// What can happen to the workspace.
public enum AppEvent: Sendable {
    /// From the terminal.
    case input(Input)
    /// The running request `id` told something; `at` is when it arrived.
    case stream(id: Int, [StreamEvent], at: ContinuousClock.Instant)
    /// The request `id` ended: nil = complete, else why not.
    case streamEnded(id: Int, ProviderError?, at: ContinuousClock.Instant)
    /// The endpoint's models, or why there are none.
    case models(Result<[ModelListing], ProviderError>)
    /// The themes that can be chosen.
    case themes([ThemeChoice])
    /// Token counts of a model can be asked for now.
    case countsReady
    /// What the usage ledger has, or why it cannot be read.
    case usage(Result<UsageReport, LedgerError>)
    /// What this day has cost, by the ledger.
    case today(UsageRow)
    /// The tool that runs as `id` has this result.
    case toolResult(id: Int, ToolResult, at: ContinuousClock.Instant)
    /// The tools that the folders have now, and what is wrong with them.
    case tools([Tool], warnings: [String])
    /// Calls of earlier sessions, oldest first.
    case calls([DecidedCall])
    /// How programs are kept apart here.
    case isolation(Isolation)
    /// The prompt as it came back from the person's editor, or why it did not.
    case edited(Result<String, ExternalToolError>)
    /// The person's pager has ended: nil = as it should, else why not.
    case paged(ExternalToolError?)
    /// What became of a copy.
    case copied(CopyReport)
    /// A file that the prompt names was read, or why not.
    case file(String, Result<Attachment, ServiceError>)
    /// Files and folders that the path of a prompt can become.
    case paths(String, [PathCandidate])
    /// The person's command that runs as `id` ended with this output.
    case shell(id: Int, Result<String, ServiceError>)
    /// A conversation was written to this file, or why not.
    case exported(Result<String, ServiceError>)
    /// A conversation was read from a file, or why not.
    case imported(Result<StoredConversation, ServiceError>)
    /// The files of the settings changed.
    case settings(SettingsNews)
    /// These changes could not be kept, and why, where it was not told before.
    case saveFailed([ConversationChange], problem: String?)
    /// The conversations that are kept, or why they cannot be read.
    case conversations(Result<[ConversationSummary], ConversationStoreError>)
    /// What a search for these words found.
    case found(String, Result<[SearchHit], ConversationStoreError>)
    /// A conversation that was asked for, nil when it is gone, and the message that is wanted in it. `isElsewhere`: another process
    /// has it open, so that it goes on here as a copy.
    case opened(Result<StoredConversation?, ConversationStoreError>, message: Int?, isElsewhere: Bool)
    /// What was deleted last is back, by its name in the database; nil = nothing is deleted. Or why that does not go.
    case restored(Result<String?, ConversationStoreError>)
    /// The newest conversation was left with something unfinished.
    case unfinished(UnfinishedConversation)
    /// What the database of conversations wants told; what was kept of those at hand may be gone.
    case storeNotices([String])
    /// These changes were not kept, since another process has their conversations open.
    case takenElsewhere([ConversationChange])
    /// What was typed in all conversations, oldest first.
    case prompts([String])
    /// Something to be told that belongs to no answer.
    case notices([String])
    /// Something about settings, presets or endpoints.
    case configuration(ConfigurationEvent)
    /// Something about benchmark runs.
    case runs(RunsEvent)
    /// Time went on while an answer runs.
    case tick(ContinuousClock.Instant)
}

/// Work that the workspace wants done outside.
public enum AppEffect: Sendable {
    /// Ask the provider and tell what comes as events of this id.
    case ask(id: Int, ChatRequest)
    /// End that request's wait; its next attempt begins at once.
    case retryNow(id: Int)
    /// End that request's wait, and the request with its last error.
    case giveUp(id: Int)
    /// Close that request's connection.
    case cancel(id: Int)
    /// Run a tool and tell its result as an event of this id.
    case runTool(id: Int, Tool, JSONValue)
    /// Find out how programs are kept apart.
    case checkIsolation
    /// Keep a decided call with its conversation.
    case keep(DecidedCall)
    /// Keep changes of conversations.
    case save([ConversationChange])
    /// These conversations are open here; others are given back. Of two such lists the one with the higher number holds.
    case hold(Set<String>, number: Int)
    /// Read a file that the prompt names.
    case readFile(String)
    /// List what a path of the prompt can become.
    case listPaths(String)
    /// Run a command of the person.
    case runShell(id: Int, String)
    /// Write a conversation to a file; nil = one of its name in the working folder.
    case export(StoredConversation, ExportFormat, path: String?)
    /// Read a conversation from a file.
    case importFile(String)
    /// List the conversations that are kept.
    case listConversations
    /// Search in all conversations.
    case searchConversations(String)
    /// Read a conversation; a message of it is wanted.
    case openConversation(String, message: Int?)
    /// Bring back the conversation that was deleted last.
    case restoreDeleted
    /// See whether the newest conversation was left with something unfinished.
    case lookBack
    /// Read what was typed in all conversations.
    case loadPrompts
    /// Read the folders of tools again.
    case loadTools
    /// Read the calls of earlier sessions.
    case loadCalls
    /// Look the endpoint's models up.
    case listModels
    /// Look the themes up.
    case listThemes
    /// Make the token counts of a model ready.
    case prepareCounts(ModelInfo)
    /// Read the usage ledger for its screen.
    case loadUsage(isDemo: Bool)
    /// Read what this day has cost.
    case loadToday(isDemo: Bool)
    /// Something about settings, presets or endpoints.
    case configure(ConfigurationEffect)
    /// Something about benchmark runs.
    case runs(RunsEffect)
    /// Have the person edit a text in their own editor, which gets the terminal.
    case editExternally(String)
    /// Show a text in the person's pager, which gets the terminal.
    case page(String)
    /// Put a text into the clipboard.
    case copy(String)
    /// Something the loop itself does.
    case loop(LoopControl)
}
