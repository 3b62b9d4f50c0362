/// What the user can want. One table feeds keys, palette, help and hints.
public enum Command: String, Sendable, Hashable, CaseIterable {
    case send, newline, cancel, interrupt, deleteOrQuit, quit, suspend, redraw
    case nextPane, previousPane, focusPrompt, focusOutput, focusTools, focusMeter, focusParameters
    case palette, help, chooseModel, chooseTheme, usage, newConversation, regenerate, undoTurn, retryNow, continueAnswer
    case expandPaste, copyMessage, copyExact, copyCode, copyAll
    case toggleCodeWrap, codeLeft, codeRight
    case find, findNext, findPrevious
    case listConversations, searchConversations, searchHistory, branches, compare, fork, renameConversation
    case exportConversation, importConversation
    case editMessage, previousBranch, nextBranch
    case configure, editSettings, choosePreset, savePreset, comparePresets, undoPreset, setUpEndpoint
    case toggleReasoning, toggleToolDetails, toggleSideColumn, zoomPane, editSystemPrompt, nudge
    case historyOlder, historyNewer, editExternally
    case lineUp, lineDown, pageUp, pageDown, halfPageUp, halfPageDown, toTop, follow, previousMessage, nextMessage
    case setParameter, previousItem, nextItem, stepDown, stepUp, bigStepDown, bigStepUp, editValue, unset, useDefault
    case toolDetail, toolRun, toolRunSession, toolEdit, toolResult, toolReplay, toolError, toolRefuse, chooseTools
    case leader, keyCheck, toggleMouse
    case runOpen, runFilter, runSort, runFailures, runPause, runMore, runFewer, runConcurrency, runBudget, runStop,
        runCut
    case runLimits, runResume
    case runChat, runLeave, benchmarks, saveSample

    /// One line for palette and help.
    public var summary: String {
        switch self {
        case .send: "send the prompt"
        case .newline: "start a new line in the prompt"
        case .cancel: "close what is open, give up a wait, or stop the answer"
        case .interrupt: "stop the answer, else clear the prompt; twice: quit"
        case .deleteOrQuit: "delete forward; on an empty prompt quit"
        case .quit: "quit"
        case .suspend: "suspend to the shell (fg comes back)"
        case .redraw: "draw the screen again"
        case .nextPane: "next pane"
        case .previousPane: "previous pane"
        case .focusPrompt: "go to the prompt"
        case .focusOutput: "go to the output"
        case .focusTools: "go to the tool trace"
        case .focusMeter: "go to the meter"
        case .focusParameters: "go to the parameters"
        case .palette: "command palette"
        case .help: "keys of this pane and everywhere"
        case .chooseModel: "choose the model"
        case .chooseTheme: "choose the theme"
        case .usage: "what was spent, by day and model"
        case .configure: "all parameters and settings on one screen"
        case .editSettings: "change settings and save them in the settings file"
        case .choosePreset: "choose a preset: system prompt, parameters, tools"
        case .savePreset: "keep what is set now as a preset"
        case .comparePresets: "what differs between a preset and what is set, or between two"
        case .undoPreset: "bring back what was set before the preset"
        case .setUpEndpoint: "set up a provider: its address and key, tested step by step"
        case .newConversation: "start a new conversation"
        case .regenerate: "ask again for the last answer"
        case .undoTurn: "take the last turn back into the prompt"
        case .retryNow: "end the wait and try now, or ask again what failed"
        case .continueAnswer: "have an answer that was cut continued"
        case .expandPaste: "open what was pasted as one piece for editing"
        case .copyMessage: "copy the chosen message or the last answer, as it is shown"
        case .copyExact: "copy it exactly, hidden characters included"
        case .copyCode: "copy the last block of code; again: the one before"
        case .copyAll: "copy the whole transcript"
        case .toggleCodeWrap: "wrap long lines of code, or cut them at the edge"
        case .codeLeft: "long lines of code: to the left"
        case .codeRight: "long lines of code: to the right"
        case .find: "find in the transcript"
        case .findNext: "next place of what was looked for"
        case .findPrevious: "the place before"
        case .listConversations: "conversations: open, rename, delete"
        case .searchConversations: "search in all conversations"
        case .searchHistory: "search in what was typed before"
        case .branches: "the tree of branches"
        case .compare: "versions of an answer beside each other"
        case .renameConversation: "give the conversation a name"
        case .exportConversation: "write the conversation to a file: md, json or html"
        case .importConversation: "read a conversation from a file"
        case .fork: "copy the conversation up to here into a new one"
        case .editMessage: "edit a message of yours and send it in its place"
        case .previousBranch: "the other version of the message before this one"
        case .nextBranch: "the next version of the message"
        case .toggleReasoning: "show or hide reasoning"
        case .toggleToolDetails: "expand or collapse tool calls"
        case .toggleSideColumn: "show or hide the side column"
        case .zoomPane: "zoom the focused pane"
        case .editSystemPrompt: "edit the system prompt"
        case .nudge: "nudge the last-used parameter with the arrow keys"
        case .historyOlder: "older prompt"
        case .historyNewer: "newer prompt"
        case .editExternally: "edit the prompt in $VISUAL or $EDITOR"
        case .lineUp: "scroll up"
        case .lineDown: "scroll down"
        case .pageUp: "scroll up a page"
        case .pageDown: "scroll down a page"
        case .halfPageUp: "scroll up half a page"
        case .halfPageDown: "scroll down half a page"
        case .toTop: "go to the beginning"
        case .follow: "go to the end and follow the stream"
        case .previousMessage: "previous message"
        case .nextMessage: "next message"
        case .setParameter: "set a parameter: /set temperature 0.7"
        case .previousItem: "previous row"
        case .nextItem: "next row"
        case .stepDown: "one step down"
        case .stepUp: "one step up"
        case .bigStepDown: "ten steps down"
        case .bigStepUp: "ten steps up"
        case .editValue: "type a value"
        case .unset: "do not send this parameter"
        case .useDefault: "send the default"
        case .toolDetail: "open the call"
        case .toolRun: "run the call once"
        case .toolRunSession: "run the call, and this exact command in this session without asking"
        case .toolEdit: "edit the call's arguments"
        case .toolResult: "type the call's result"
        case .toolReplay: "answer the call with the function's last result"
        case .toolError: "return an error for the call"
        case .chooseTools: "switch tools on and off"
        case .toolRefuse: "refuse the call"
        case .leader: "the first of two keys; shows what can follow"
        case .keyCheck: "show what the terminal sends for each key"
        case .toggleMouse: "mouse on or off: wheel and click; with Shift held the terminal selects"
        case .runOpen: "read the chosen trial; on a row: only its trials"
        case .runFilter: "show only what has a text in task, subject, sample"
        case .runSort: "sort the table another way"
        case .runFailures: "only trials that failed, or all that ended"
        case .runPause: "begin no new trials, or go on"
        case .runMore: "one more trial at once"
        case .runFewer: "one trial less at once"
        case .runConcurrency: "type how many trials run at once"
        case .runBudget: "type what may be spent in all"
        case .runLimits: "type how many requests and tokens a minute"
        case .runResume: "go on with a run that stopped"
        case .runStop: "stop the run: what runs comes to its end"
        case .runCut: "stop the run and cut what runs"
        case .runChat: "open what was said in a trial as a conversation"
        case .runLeave: "leave the screen"
        case .benchmarks: "benchmark runs: watch one, open its trials, run a suite"
        case .saveSample: "add the last turn to a file of samples for benchmarks"
        }
    }

    /// A word or two: the name in the palette and in the menu after the leader.
    public var name: String {
        switch self {
        case .chooseModel: "model"
        case .chooseTheme: "theme"
        case .newConversation: "new"
        case .undoTurn: "undo turn"
        case .toggleSideColumn: "side column"
        case .zoomPane: "zoom"
        case .editSystemPrompt: "system prompt"
        case .toggleReasoning: "reasoning"
        case .toggleToolDetails: "tool details"
        case .expandPaste: "expand paste"
        case .copyMessage: "copy"
        case .copyExact: "copy exact"
        case .copyCode: "copy code"
        case .copyAll: "copy all"
        case .toggleCodeWrap: "wrap code"
        case .codeLeft: "code left"
        case .codeRight: "code right"
        case .findNext: "find next"
        case .findPrevious: "find previous"
        case .listConversations: "conversations"
        case .searchConversations: "search"
        case .searchHistory: "history"
        case .renameConversation: "rename"
        case .exportConversation: "export"
        case .importConversation: "import"
        case .editMessage: "edit message"
        case .setParameter: "set"
        case .unset: "unset"
        case .useDefault: "default"
        case .previousBranch: "previous version"
        case .nextBranch: "next version"
        case .regenerate: "again"
        case .retryNow: "retry now"
        case .continueAnswer: "continue"
        case .focusPrompt: "prompt"
        case .focusOutput: "output"
        case .focusTools: "tools"
        case .focusMeter: "meter"
        case .focusParameters: "parameter pane"
        case .configure: "parameters"
        case .editSettings: "settings"
        case .choosePreset: "preset"
        case .savePreset: "save preset"
        case .comparePresets: "compare preset"
        case .undoPreset: "undo preset"
        case .setUpEndpoint: "setup"
        case .toTop: "top"
        case .editExternally: "editor"
        case .toolRun: "tool run"
        case .toolRunSession: "tool run always"
        case .toolEdit: "tool edit"
        case .toolResult: "tool result"
        case .toolReplay: "tool replay"
        case .toolError: "tool error"
        case .chooseTools: "functions"
        case .toolRefuse: "tool refuse"
        case .nextPane: "next pane"
        case .previousPane: "previous pane"
        case .toggleMouse: "mouse"
        case .runOpen: "open trial"
        case .runMore: "more at once"
        case .runFewer: "fewer at once"
        case .runConcurrency: "trials at once"
        case .runBudget: "budget"
        case .runLimits: "limits"
        case .runResume: "go on"
        case .runFilter: "filter"
        case .runSort: "sort"
        case .runFailures: "failures"
        case .runPause: "pause"
        case .runStop: "stop run"
        case .runCut: "cut run"
        case .runChat: "open as conversation"
        case .runLeave: "leave"
        default: spacedName
        }
    }

    /// The case's name in words: `keyCheck` is "key check".
    private var spacedName: String {
        rawValue.reduce(into: "") { $0 += $1.isUppercase ? " " + $1.lowercased() : String($1) }
    }

    /// What the palette offers, in its order: what ends or leaves the program comes last.
    static let offered: [Command] = {
        let last: [Command] = [.redraw, .suspend, .quit]
        return allCases.filter { $0.isInPalette && !last.contains($0) } + last
    }()

    /// Whether the palette offers it: commands that make sense without a row or a text under the cursor.
    var isInPalette: Bool {
        switch self {
        case .send, .newline, .cancel, .interrupt, .deleteOrQuit, .palette, .historyOlder, .historyNewer,
            .lineUp, .lineDown, .pageUp, .pageDown, .halfPageUp, .halfPageDown, .previousMessage, .nextMessage,
            .previousItem, .nextItem, .stepDown, .stepUp, .bigStepDown, .bigStepUp, .editValue, .unset,
            .useDefault,
            .toolDetail, .leader, .runOpen, .runFilter, .runSort, .runFailures, .runPause, .runMore, .runFewer,
            .runConcurrency, .runBudget, .runLimits, .runResume, .runStop, .runCut, .runChat, .runLeave:
            false
        default: true
        }
    }
}

/// The panes of the workspace.
public enum Pane: String, Sendable, Hashable, CaseIterable {
    case output, prompt, parameters, meter, tools

    /// The order in which Tab visits them.
    static let tabOrder: [Pane] = [.prompt, .output, .parameters, .meter, .tools]
}
