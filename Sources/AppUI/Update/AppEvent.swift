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
    /// Something to be told that belongs to no answer.
    case notices([String])
    /// Something about settings, presets or endpoints.
    case configuration(ConfigurationEvent)
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
    /// Something the loop itself does.
    case loop(LoopControl)
}
