/// One answer of the simulator: which requests it is for and, step by step, what is played.
struct Scenario: Sendable, Equatable {
    var name: String
    var conditions: [Condition] = []
    /// Which of the matching requests it answers; nil: all.
    var times: Times?
    /// How many requests or tokens it answers in a span of time; what goes beyond gets a 429.
    var limits: [RateLimit] = []
    var settings = ResponseSettings()
    var pieceTriggers: [Trigger] = []
    var byteTriggers: [Trigger] = []
    var split: Split?
    var steps: [Step] = []

    /// Whether a verbatim body takes the place of a completion.
    var hasBody: Bool {
        steps.contains { if case .body = $0 { true } else { false } }
    }
}

/// The first so many requests, of all or of each so many.
struct Times: Sendable, Equatable {
    var count: Int
    var period: Int?
}

/// So many requests or tokens within a span of time.
struct RateLimit: Sendable, Equatable {
    enum Unit: String, Sendable, CaseIterable {
        case requests
        case tokens
    }
    var count: Int
    var unit: Unit
    var nanoseconds: Int64
}

/// What a request must be like.
enum Condition: Sendable, Equatable {
    /// The last user message contains one of these phrases, each a list of lower-case words.
    case userSays([[String]])
    /// The last user message has a sum to be worked out.
    case userAsksSum
    /// The model's id; with `prefix` only its beginning.
    case model(String, prefix: Bool)
    /// The role of the last message.
    case lastRole(String)
    /// 1 + the assistant messages after the last user message.
    case step(Int)
    /// The number of user messages.
    case turn(Int)
    /// The path of the request; with `prefix` only its beginning.
    case path(String, prefix: Bool)
    /// The API that was asked for an answer.
    case api(AnswerAPI)
    /// The form that the answer must have is one of these.
    case format([AnswerFormat])
    /// A result of the last calls contains one of these phrases, each a list of lower-case words.
    case resultSays([[String]])
}

/// The form that a request demands of the answer's text.
enum AnswerFormat: String, Sendable, CaseIterable {
    /// Any.
    case text
    /// Some JSON object.
    case jsonObject = "json_object"
    /// JSON that matches a schema.
    case jsonSchema = "json_schema"
}

/// The two ways to ask for an answer.
enum AnswerAPI: String, Sendable, CaseIterable {
    /// Chat Completions.
    case chat
    /// Responses.
    case responses
}

/// What holds for a response as a whole.
struct ResponseSettings: Sendable, Equatable {
    var status = 200
    var reason: String?
    var headers: [HeaderLine] = []
    var model: String?
    var id: String?
    var fingerprint: String? = "fp_demo"
    var serviceTier: String? = "default"
    var usage = UsagePlan()
    /// Logprobs are played also when the request did not ask for them.
    var logprobsAlways = false
    /// Limits of output above this number are not heeded, as many servers heed none; nil = all are.
    var heededLimit: Int?
}

extension ResponseSettings {
    /// The limit of output as far as it is heeded.
    func heeded(_ limit: Int?) -> Int? { limit.flatMap { $0 > heededLimit ?? .max ? nil : $0 } }
}

/// A header of a response.
struct HeaderLine: Sendable, Equatable {
    var name: String
    var value: String
}

/// What is reported as usage; a count that is nil is estimated.
struct UsagePlan: Sendable, Equatable {
    var isReported = true
    var verbatim: String?
    var prompt: Int?
    var completion: Int?
    var cached: Int?
    var reasoning: Int?
}

/// How long to wait.
enum Pause: Sendable, Equatable {
    case nanoseconds(Int64)
    case forever
}

/// How a text is cut into stream events.
enum PieceSize: Sendable, Equatable {
    case tokens(Int)
    case characters(Int)
    case whole
}

/// How the bytes of the body are cut into writes, whatever they mean.
enum Split: Sendable, Equatable {
    /// Slices of so many bytes, so many nanoseconds apart (0: at once).
    case every(Int, pause: Int64)
    /// Cuts at these positions of the body, ascending.
    case at([Int])
}

/// Something that happens once so many pieces or bytes are out.
struct Trigger: Sendable, Equatable {
    var count: Int
    var step: Step
}

/// Which member of a message a text belongs to.
enum TextKind: Sendable, Equatable {
    case reply
    case reasoning
    case refusal
}

/// A token with its probability and those of the tokens it was chosen from.
struct ScoredToken: Sendable, Equatable {
    struct Candidate: Sendable, Equatable {
        var text: String
        var logprob: Double
    }
    var chosen: Candidate
    var alternatives: [Candidate]
}

/// A tool call; its arguments are streamed in pieces.
struct CallStep: Sendable, Equatable {
    var name: String?
    var id: String?
    var index: Int?
    var arguments: String
}

/// An error in OpenAI's form.
struct ErrorObject: Sendable, Equatable {
    var message: String
    var type: String?
    var code: String?
    var param: String?
}

/// One line of a scenario's script.
indirect enum Step: Sendable, Equatable {
    case rate(Double?)
    case pieces(PieceSize)
    case wait(Pause)
    case headers
    case text(TextKind, String)
    case call(CallStep)
    /// Calls whose pieces take turns.
    case together([CallStep])
    /// More of the arguments of the last call.
    case arguments(String)
    case token(ScoredToken)
    case delta(String)
    case data(String)
    case comment(String)
    case raw([UInt8])
    case body([UInt8])
    case error(ErrorObject)
    /// The answer as a whole fails with this error.
    case fail(ErrorObject)
    case finish(String?)
    case done(Bool)
    case cut
    case reset
    /// Steps played so many times; nil: for ever.
    case repeated(Int?, [Step])
}
