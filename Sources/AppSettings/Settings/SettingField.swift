import ProviderCore
import TerminalKit

/// A row of the settings table. Parsing, validation, `config show` and the sample file follow from the rows: a new setting
/// is a new row.
public struct SettingField: Sendable, Hashable {
    /// Where it stands in the file, with dots between tables.
    public let path: String
    /// What values it takes.
    public let type: SettingType
    /// The value when the file has none; nil = not set, which is a state of its own.
    public let standard: SettingValue?
    /// What it is for, in one line.
    public let summary: String
    /// A value for the sample file when there is no default.
    public let example: String

    init(_ path: String, _ type: SettingType, _ standard: SettingValue? = nil, example: String = "", _ summary: String)
    {
        self.path = path
        self.type = type
        self.standard = standard
        self.summary = summary
        self.example = example
    }

    /// The setting of a path, also one of a profile (`profiles.work.auth`); nil = there is none.
    public static func named(_ path: String) -> SettingField? {
        let parts = path.split(separator: ".")
        if parts.count == 3, parts[0] == "profiles" { return profile.first { $0.path == parts[2] } }
        return all.first { $0.path == path }
    }

    /// Every setting, in the order of the reference.
    public static let all = general + parameters + tools + budget

    private static let general: [SettingField] = [
        SettingField(
            "default_model", .line, example: #""gpt-5.4-mini""#, "The model asked when none is named."),
        SettingField(
            "default_profile", .line, example: #""work""#,
            "The profile used when neither --profile nor OPENAI_BASE_URL names an endpoint."),
        SettingField(
            "system_prompt", .text, example: #""Answer briefly.""#, "Instructions above every conversation."),
        SettingField(
            "theme", .theme, .text("terminal"),
            "The theme: a name that `tickertape themes list` prints, or one for each background, such as "
                + "{ dark = \"dark\", light = \"light\" }; fallback is for terminals that do not tell theirs."),
        SettingField(
            "enter_sends", .flag, .flag(true),
            "Enter sends and Alt-Enter makes a new line; false = the other way round."),
        SettingField(
            "color", .choice(ColorChoice.allCases.map(\.rawValue)), .text("auto"),
            "Colours to use; auto asks NO_COLOR and the terminal."),
        SettingField(
            "editing_mode", .choice(EditingMode.allCases.map(\.rawValue)), example: #""vi""#,
            "Which keys edit the prompt. Not set: as ~/.inputrc says, else emacs."),
        SettingField(
            "mouse", .flag, .flag(false),
            "Take the mouse: the wheel scrolls, a click chooses. Shift-drag then selects text."),
        SettingField("ascii", .flag, .flag(false), "Draw borders and marks in ASCII only."),
        SettingField(
            "plain", .flag, .flag(false),
            "Draw no screen: lines only, as --plain, for screen readers and simple terminals."),
        SettingField(
            "code_wrap", .flag, .flag(false), "Wrap long lines of code, with a mark; false = they scroll sideways."),
        SettingField(
            "clipboard_command", .command, example: #"["wl-copy"]"#,
            "A program that takes what is copied on its standard input. Not set: the terminal is asked (OSC 52)."),
        SettingField(
            "log_level", .choice(["trace", "debug", "info", "notice", "warning", "error"]), .text("info"),
            "How much goes into a log file."),
    ]

    private static let tools: [SettingField] = [
        SettingField(
            "tools.max_turns", .integer(1...1000), .integer(50), "Most answers with function calls in a row."),
        SettingField(
            "tools.max_calls", .integer(1...128), .integer(16),
            "Most calls of one answer that are run; the others get an error."),
    ]

    private static let budget: [SettingField] = [
        SettingField("budget.request", .money, example: "0.50", "Most that one request may cost, all its attempts."),
        SettingField("budget.conversation", .money, example: "2", "Most that one conversation may cost."),
        SettingField("budget.day", .money, example: "10", "Most that all requests of a day may cost."),
        SettingField("budget.run", .money, example: "5", "Most that one benchmark run may cost."),
        SettingField("budget.warn.request", .money, example: "0.10", "Tell when a request costs as much."),
        SettingField("budget.warn.conversation", .money, example: "1", "Tell when a conversation costs as much."),
        SettingField("budget.warn.day", .money, example: "5", "Tell when a day costs as much."),
        SettingField("budget.warn.run", .money, example: "2", "Tell when a benchmark run costs as much."),
    ]

    /// Every setting of a `[profiles.NAME]` table.
    public static let profile: [SettingField] = [
        SettingField(
            "base_url", .url, example: #""http://192.168.1.20:8000/v1""#,
            "Where the server is. Not set: OpenAI. Key and headers go nowhere else."),
        SettingField(
            "key_env", .line, example: #""WORK_API_KEY""#, "The variable of the environment that holds the key."),
        SettingField(
            "key_file", .line, example: #""~/.config/tickertape/work.key""#,
            "A file that holds the key; only you may be able to read it."),
        SettingField(
            "key_command", .command, example: #"["pass", "show", "work/openai"]"#,
            "A command that prints the key. Run without a shell."),
        SettingField(
            "auth", .choice(AuthenticationStyle.allCases.map(\.rawValue)), example: #""api-key""#,
            "The header that the key is sent in. Not set: api-key at Azure, else bearer (Authorization)."),
        SettingField("organization", .line, example: #""org-1""#, "OpenAI organization id."),
        SettingField("project", .line, example: #""proj_1""#, "OpenAI project id."),
        SettingField("default_model", .line, example: #""llama-3.3-70b""#, "The model asked here when none is named."),
        SettingField(
            "api", .choice(ModelAPI.allCases.map(\.rawValue)), example: #""responses""#,
            "The API to ask. Not set: what the model needs."),
        SettingField(
            "api_version", .line, example: #""2024-10-21""#, "Azure's api-version, for its URLs with deployments."),
        SettingField(
            "deployment", .line, example: #""my-gpt""#, "Azure's deployment. Not set: the model's id names it."),
        SettingField(
            "headers", .headers, example: #"{ "X-Team" = "tools" }"#,
            "Headers sent with every request. They replace ours; an empty one takes ours away."),
        SettingField(
            "prices", .prices, example: "{ input = 0.15, output = 0.60 }",
            "Prices of every model here, instead of the catalog's."),
        SettingField(
            "plain_http", .flag, .flag(false), "Allow a key to travel unencrypted to an http server on another machine."
        ),
        SettingField("connect_timeout", .seconds, example: "10", "Limit for connecting, in seconds."),
        SettingField("first_byte_timeout", .seconds, example: "120", "Limit for the first byte of the answer."),
        SettingField("stall_timeout", .seconds, example: "60", "Limit for a silence in the answer."),
        SettingField("event_timeout", .seconds, example: "300", "Limit for a streamed answer without a whole event."),
        SettingField("timeout", .seconds, example: "1800", "Limit for the whole request."),
        SettingField(
            "background", .flag, .flag(false),
            "On the Responses API: the server goes on when the connection is lost, and the rest is read then. It stores the answer."
        ),
        SettingField("max_attempts", .integer(1...20), example: "3", "Most attempts at a request; 1 = no retry."),
    ]
}
