import NIOCore

/// The API in whose form a scenario is played.
enum AnswerForm {
    case chat(AnswerContext)
    case responses(ResponseContext)

    var encoder: any BeatEncoder {
        switch self {
        case .chat(let context): ChunkEncoder(context)
        case .responses(let context): ResponseEventEncoder(context)
        }
    }

    var fold: any AnswerFold {
        switch self {
        case .chat(let context): CompletionFold(context)
        case .responses(let context): ResponseFold(context)
        }
    }
}

/// A response ready to be played: its head and the cues of its body.
struct Response {
    var status = 200
    var reason: String?
    var headers: [HeaderLine] = []
    /// The length of a body that is known in whole; nil: it is streamed.
    var bodyLength: Int?
    var cues: CueSequence
    /// When the answer began; nil: now. The cues are due that much earlier.
    var startedAt: NIODeadline?
    /// What ends it before its end.
    var cancellation: Cancellation?

    /// A body of known length, sent at once.
    init(status: Int = 200, headers: [HeaderLine] = [], json body: [UInt8]) {
        self.status = status
        self.headers = Self.merged([HeaderLine(name: "Content-Type", value: "application/json")], headers)
        bodyLength = body.count
        cues = CueSequence([Cue(due: 0, action: .bytes(body))])
    }

    init(_ problem: RequestProblem) {
        self.init(status: problem.status, headers: problem.headers, json: problem.body)
    }

    /// A stream of events.
    init(streaming cues: CueSequence, headers: [HeaderLine] = []) {
        self.cues = cues
        self.headers = Self.merged(Self.streamHeaders, headers)
    }

    private static let streamHeaders = [
        HeaderLine(name: "Content-Type", value: "text/event-stream; charset=utf-8"),
        HeaderLine(name: "Cache-Control", value: "no-cache"),
    ]

    /// What a scenario plays.
    init(_ scenario: Scenario, options: BeatSequence.Options, form: AnswerForm, streams: Bool) {
        let settings = scenario.settings
        status = settings.status
        reason = settings.reason
        if streams, settings.status == 200, !scenario.hasBody {
            headers = Self.merged(Self.streamHeaders, settings.headers)
            cues = CueSequence(
                BeatSequence(scenario, options: options), encoder: form.encoder, stage: ByteStage(scenario))
        } else {
            var options = options
            options.isWhole = true
            options.reportsUsage = true
            var answer = WholeAnswer(form.fold)
            let (whole, length) = answer.build(BeatSequence(scenario, options: options), status: settings.status)
            headers = Self.merged([HeaderLine(name: "Content-Type", value: "application/json")], settings.headers)
            bodyLength = length + Self.added(by: scenario)
            cues = CueSequence(whole, stage: ByteStage(scenario))
        }
    }

    /// Bytes that `after N bytes raw` adds to a body.
    private static func added(by scenario: Scenario) -> Int {
        scenario.byteTriggers.reduce(0) { sum, trigger in
            if case .raw(let bytes) = trigger.step { sum + bytes.count } else { sum }
        }
    }

    /// Headers, with `own` in place of defaults of the same name.
    static func merged(_ defaults: [HeaderLine], _ own: [HeaderLine]) -> [HeaderLine] {
        defaults.filter { line in !own.contains { $0.name.lowercased() == line.name.lowercased() } } + own
    }

    /// The reason phrase of a status (RFC 9110, section 15), or a plain word.
    static func reason(for status: Int) -> String {
        let known = [
            200: "OK", 204: "No Content", 301: "Moved Permanently", 302: "Found", 303: "See Other",
            307: "Temporary Redirect", 308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized",
            403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 408: "Request Timeout", 409: "Conflict",
            413: "Content Too Large", 415: "Unsupported Media Type", 422: "Unprocessable Content",
            429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable",
            504: "Gateway Timeout",
        ]
        return known[status] ?? "Status"
    }
}
