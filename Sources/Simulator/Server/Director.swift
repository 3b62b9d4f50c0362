import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A request as it came over the wire.
struct WireRequest {
    var method: String
    /// Path and query.
    var target: String
    var headers: [(String, String)]
    var body: [UInt8]
}

/// Decides what each request is answered with; shared by all connections.
final class Director: Sendable {
    let log: RequestLog
    private let scenarios: [Scenario]
    /// How many requests each scenario with a limit has been offered, within its period.
    private let played: Mutex<[Int]>

    /// The models of the list; chat completions accept any id.
    static let models = ["gpt-5.4-mini", "gpt-5.4", "gpt-5.2", "gpt-6.1-terra"]

    init(_ scenarios: ScenarioSet, log: RequestLog) {
        self.scenarios = scenarios.scenarios
        self.log = log
        played = Mutex(Array(repeating: 0, count: scenarios.scenarios.count))
    }

    /// The answer to a request and the number under which the request is logged.
    func answer(_ request: WireRequest) -> (number: Int, response: Response) {
        let path = String(request.target.prefix { $0 != "?" })
        var scenario: Scenario?
        let outcome = Result { () throws -> ChatRequest? in
            let chat = try chatRequest(request, path: path)
            scenario = take(for: chat?.facts(path: path) ?? RequestFacts(path: path))
            return chat
        }
        let number = log.add { number in
            RecordedRequest(
                number: number, method: request.method, path: request.target, headers: request.headers,
                body: String(decoding: request.body.prefix(1 << 20), as: UTF8.self), scenario: scenario?.name)
        }
        var response: Response
        switch outcome {
        case .success(let chat):
            response = scenario.map { play($0, for: chat, number: number) } ?? fallback(request.method, path, chat)
        case .failure(let error):
            response = Response(error as? RequestProblem ?? .malformed)
        }
        response.headers.insert(HeaderLine(name: "x-request-id", value: "req_demo_\(padded(number))"), at: 0)
        return (number, response)
    }

    private func chatRequest(_ request: WireRequest, path: String) throws -> ChatRequest? {
        guard path == "/v1/chat/completions" else { return nil }
        guard request.method == "POST" else { throw RequestProblem.wrongMethod(request.method, allowed: "POST") }
        return try ChatRequest(parsing: request.body)
    }

    /// The first scenario that matches and is not used up.
    private func take(for facts: RequestFacts) -> Scenario? {
        for (index, scenario) in scenarios.enumerated() where scenario.matches(facts) {
            guard let times = scenario.times else { return scenario }
            let before = played.withLock { played in
                defer { played[index] = (played[index] + 1) % (times.period ?? Int.max) }
                return played[index]
            }
            if before < times.count { return scenario }
        }
        return nil
    }

    private func play(_ scenario: Scenario, for chat: ChatRequest?, number: Int) -> Response {
        let settings = scenario.settings
        let model = settings.model ?? chat?.model ?? Self.models[0]
        let asked = chat?.logprobs == true
        let context = AnswerContext(
            id: settings.id ?? "chatcmpl-demo-\(padded(number))", created: Int(Date().timeIntervalSince1970),
            model: model, fingerprint: settings.fingerprint, serviceTier: settings.serviceTier, usage: settings.usage,
            promptTokens: chat?.promptTokens ?? 0, reportsUsage: chat?.includesUsage == true,
            topLogprobs: asked ? chat?.topLogprobs : settings.logprobsAlways ? 20 : nil)
        let options = BeatSequence.Options(
            model: model, reportsUsage: context.reportsUsage, maxTokens: chat?.maxTokens)
        return Response(scenario, options: options, context: context, streams: chat?.stream == true)
    }

    /// The answer when no scenario has one.
    private func fallback(_ method: String, _ path: String, _ chat: ChatRequest?) -> Response {
        if chat != nil {
            return Response(
                RequestProblem(
                    status: 404, message: "No scenario answers this request.", code: "no_scenario"))
        }
        let prefix = "/v1/models/"
        guard path == "/v1/models" || path.hasPrefix(prefix) else { return Response(.noSuchPath(method, path)) }
        guard method == "GET" else { return Response(.wrongMethod(method, allowed: "GET")) }
        if path == "/v1/models" {
            return Response(
                json: Array(#"{"object":"list","data":["#.utf8)
                    + Array(Self.models.map(modelObject).joined(separator: ",").utf8) + Array("]}\n".utf8))
        }
        let id = String(path.dropFirst(prefix.count))
        guard Self.models.contains(id) else { return Response(.noSuchModel(id)) }
        return Response(json: Array((modelObject(id) + "\n").utf8))
    }

    private func modelObject(_ id: String) -> String {
        #"{"id":"\#(id)","object":"model","created":1760000000,"owned_by":"simulator"}"#
    }

    private func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }
}
