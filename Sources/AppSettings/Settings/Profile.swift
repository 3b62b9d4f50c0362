public import ProviderCore

/// Where a key comes from.
public enum KeySource: Sendable, Hashable, CustomStringConvertible {
    /// A variable of the environment.
    case environment(String)
    /// A file that only its owner may read.
    case file(String)
    /// A program that prints the key, and its arguments.
    case command([String])

    /// The variable, the file, or the program without its arguments, which may hold secrets.
    public var description: String {
        switch self {
        case .environment(let name): printable(name)
        case .file(let path): printable(path)
        case .command(let words): "the command " + printable(words.first ?? "")
        }
    }
}

/// A `[profiles.NAME]` table: an endpoint and what belongs to it.
public struct Profile: Sendable, Hashable {
    /// The name.
    public let name: String
    let table: SettingTable

    /// Where the server is; nil = OpenAI.
    public var baseURL: String? { table.text("base_url") }
    /// Where the key comes from; a command before a variable before a file. Nil = the server needs none.
    public var keySource: KeySource? {
        if let words = table.texts("key_command") { return .command(words) }
        if let name = table.text("key_env") { return .environment(name) }
        return table.text("key_file").map(KeySource.file)
    }
    /// The variable that holds a key of this profile, in use or not.
    var keyVariable: String? { table.text("key_env") }
    /// Where the setting of the key stands, as `FILE:LINE`; nil when there is none or it came from no file.
    var keyPlace: String? {
        let path = ["key_command", "key_env", "key_file"].first { table[$0] != nil }
        guard let path, case .file(let file, _) = table.origin(path), !file.isEmpty else { return nil }
        return table.origin(path).description
    }
    /// The header that the key is sent in; nil = as the host wants it.
    public var authentication: AuthenticationStyle? { table.text("auth").flatMap(AuthenticationStyle.init) }
    /// The API to ask; nil = what the model needs.
    public var api: ModelAPI? { table.text("api").flatMap(ModelAPI.init) }
    /// Azure's `api-version`; nil = the one in the base URL, if any.
    public var apiVersion: String? { table.text("api_version") }
    /// Azure's deployment; nil = the model's id names it.
    public var deployment: String? { table.text("deployment") }
    /// Most attempts at a request, 1 to 20; nil = not set.
    public var maxAttempts: Int? { table.integer("max_attempts") }
    /// Whether Responses are asked for in the background, so that a lost stream can be read on.
    public var asksInBackground: Bool { table.flag("background") }
    /// OpenAI organization id.
    public var organization: String? { table.text("organization") }
    /// OpenAI project id.
    public var project: String? { table.text("project") }
    /// The model asked when none is named.
    public var defaultModel: String? { table.text("default_model") }
    /// Headers sent with every request, by name.
    public var headers: [HTTPHeader] {
        (table.pairs("headers") ?? [:]).sorted { $0.key < $1.key }.map { HTTPHeader($0.key, $0.value) }
    }
    /// Whether a key may travel unencrypted to another machine.
    public var allowsPlainHTTP: Bool { table.flag("plain_http") }
    /// Prices of every model here; nil = the catalog's.
    public var prices: ModelPrices? { ModelPrices(table.entries["prices"]) }

    /// Time limits: those of the profile, the others as given.
    public func timeouts(over standard: HTTPTimeouts = HTTPTimeouts()) -> HTTPTimeouts {
        func limit(_ path: String, _ standard: Duration?) -> Duration? {
            table.number(path).map { .seconds($0) } ?? standard
        }
        return HTTPTimeouts(
            connect: limit("connect_timeout", standard.connect),
            firstByte: limit("first_byte_timeout", standard.firstByte), stall: limit("stall_timeout", standard.stall),
            event: limit("event_timeout", standard.event), total: limit("timeout", standard.total))
    }

    /// Whether a text can name a profile: letters, digits, `-` and `_`, at most 64.
    static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
                default: false
                }
            }
    }
}
