import ArgumentParser
import ProviderCore

/// In which form `ask` prints what happens.
enum AskFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json, events
}

/// Through which API `ask` talks.
enum AskAPI: String, ExpressibleByArgument, CaseIterable {
    case chat, responses

    var model: ModelAPI { self == .chat ? .chat : .responses }
}

/// The options of one request.
struct AskOptions: ParsableArguments {
    @Option(
        name: [.short, .long], help: ArgumentHelp("The model to ask.", valueName: "id"), completion: Completions.models)
    var model: String?

    @Option(name: [.short, .long], help: ArgumentHelp("System prompt, or @FILE.", valueName: "text|@file"))
    var system: String?

    @Option(
        name: [.short, .long], parsing: .unconditional, help: ArgumentHelp("Randomness, 0 to 2.", valueName: "number"))
    var temperature: Double?

    @Option(
        name: .customLong("top-p"), parsing: .unconditional,
        help: ArgumentHelp("Nucleus sampling, 0 to 1.", valueName: "number"))
    var topP: Double?

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp("Most tokens of the answer, reasoning included.", valueName: "n"))
    var maxOutputTokens: Int?

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp("Best-effort repeatability.", valueName: "n"))
    var seed: Int?

    @Option(name: .long, help: ArgumentHelp("A text that ends the answer; up to four times.", valueName: "text"))
    var stop: [String] = []

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp("-2 to 2.", valueName: "number"))
    var frequencyPenalty: Double?

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp("-2 to 2.", valueName: "number"))
    var presencePenalty: Double?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "none, minimal, low, medium, high, xhigh or max, as the model takes it.", valueName: "effort"),
        completion: .list(["none", "minimal", "low", "medium", "high", "xhigh", "max"]))
    var reasoningEffort: String?

    @Option(name: .long, help: ArgumentHelp("Base URL of a compatible server, with /v1.", valueName: "url"))
    var baseURL: String?

    @Option(
        name: .long, help: ArgumentHelp("Function definitions, JSON.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var tools: String?

    @Flag(name: .long, help: "Run the calls whose definition allows it without a person, and go on with the results.")
    var runTools = false

    @Flag(name: .long, help: "With --run-tools: run programs also where no sandbox works.")
    var allowUnsandboxed = false

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp("With --run-tools: at most so many turns with calls; 50 unless it is named.", valueName: "n")
    )
    var maxTurns: Int?

    @Option(name: .long, help: ArgumentHelp("auto, none, required or a function's name.", valueName: "choice"))
    var toolChoice: String?

    @Option(name: .long, help: ArgumentHelp("JSON Schema that the answer must match.", valueName: "file"))
    var jsonSchema: String?

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp("Alternatives to report per token, 0 to 20.", valueName: "n"))
    var logprobs: Int?

    @Option(
        name: .long,
        help: ArgumentHelp("chat or responses; what the model needs unless it is named.", valueName: "api"))
    var api: AskAPI?

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp("At most so many attempts; 3 unless it is named, 1 = no retry.", valueName: "n"))
    var maxAttempts: Int?

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp(
            "Most US dollars the request may cost: it is not sent, or stopped, beyond that.", valueName: "usd"))
    var maxCost: String?

    @Flag(name: .long, help: "Wait for the whole answer instead of streaming it.")
    var noStream = false

    @Option(
        name: .long, parsing: .unconditional, help: ArgumentHelp("Limit for connecting, in seconds.", valueName: "s"))
    var connectTimeout: Double?

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp("Limit for the first byte of the answer, in seconds.", valueName: "s"))
    var firstByteTimeout: Double?

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp("Limit for a silence in the answer, in seconds.", valueName: "s"))
    var stallTimeout: Double?

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp("Limit for the whole request, in seconds.", valueName: "s"))
    var timeout: Double?

    @Flag(name: .long, help: "Leave out parameters that the model does not take, with a warning.")
    var dropUnsupported = false

    @Option(name: [.short, .customLong("output")], help: "text, json or events.")
    var output: AskFormat = .text

    @Argument(help: ArgumentHelp("The prompt; text on standard input is appended.", valueName: "prompt"))
    var prompt: [String] = []

    /// The cap on the cost; nil = none. Throws a failure when it is no amount.
    func costCap() throws -> Money? { try Self.amount(maxCost) }

    /// The amount of `--max-cost`. Throws a failure when it is none.
    static func amount(_ maxCost: String?) throws -> Money? {
        guard let maxCost else { return nil }
        guard let amount = Money(maxCost), amount > .zero else {
            throw Failure("--max-cost takes US dollars above 0, such as 0.05, not \"\(maxCost)\"", code: Exit.usage)
        }
        return amount
    }

    /// Puts the time limits that were given over those of the profile. Throws a failure that names the option when one is
    /// out of range.
    func timeouts() throws -> (HTTPTimeouts) -> HTTPTimeouts {
        func limit(_ seconds: Double?, _ name: String) throws -> Duration? {
            guard let seconds else { return nil }
            guard seconds > 0, seconds <= 86_400 else {
                throw Failure("--\(name) takes seconds above 0 and up to 86400, not \(seconds)", code: Exit.usage)
            }
            return .seconds(seconds)
        }
        let connect = try limit(connectTimeout, "connect-timeout")
        let firstByte = try limit(firstByteTimeout, "first-byte-timeout")
        let stall = try limit(stallTimeout, "stall-timeout")
        let total = try limit(timeout, "timeout")
        return { profile in
            HTTPTimeouts(
                connect: connect ?? profile.connect, firstByte: firstByte ?? profile.firstByte,
                stall: stall ?? profile.stall, event: profile.event, total: total ?? profile.total)
        }
    }
}
