import NIOCore
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
    let store: ResponseStore
    let limits: ServerLimits
    private let scenarios: [Scenario]
    /// How many requests each scenario with a limit has been offered, within its period.
    private let played: Mutex<[Int]>
    private let limiter = RateLimiter()

    /// The models of the list; requests for an answer may name any.
    private static let models = ["gpt-5.4-mini", "gpt-5.4", "gpt-5.2", "gpt-6.1-terra"]

    init(_ scenarios: ScenarioSet, log: RequestLog, limits: ServerLimits) {
        self.scenarios = scenarios.scenarios
        self.log = log
        self.limits = limits
        store = ResponseStore(limit: limits.storedResponses, byteLimit: limits.storedBytes)
        played = Mutex(Array(repeating: 0, count: scenarios.scenarios.count))
    }

    /// The answer to a request and the number under which the request is logged.
    func answer(_ request: WireRequest) -> (number: Int, response: Response) {
        let route = Route(request.target)
        var taken: Int?
        let outcome = Result { () throws -> AnswerRequest? in
            let asked = try answerRequest(request, route)
            taken = take(for: asked?.facts(path: route.path) ?? RequestFacts(path: route.path))
            return asked
        }
        let number = log.add { number in
            RecordedRequest(
                number: number, method: request.method, path: request.target, headers: request.headers,
                body: String(decoding: request.body.prefix(1 << 20), as: UTF8.self),
                scenario: taken.map { scenarios[$0].name })
        }
        var response: Response
        switch outcome {
        case .success(let asked):
            response =
                taken.map { play($0, for: asked, number: number) } ?? Response { try serve(request.method, route) }
        case .failure(let error):
            response = Response { throw error }
        }
        response.headers.insert(HeaderLine(name: "x-request-id", value: "req_demo_\(padded(number))"), at: 0)
        return (number, response)
    }

    /// The request for an answer that this is; nil if it is another one.
    private func answerRequest(_ request: WireRequest, _ route: Route) throws -> AnswerRequest? {
        if route.isVersioned, route.place != .nowhere {
            if (route.query["api-version"] ?? "").isEmpty { throw RequestProblem.noSuchResource }
            if let name = route.deployment, name == "missing" { throw RequestProblem.noSuchDeployment(name) }
        }
        guard route.place == .chat || route.place == .responses else { return nil }
        guard request.method == "POST" else { throw RequestProblem.wrongMethod(request.method, allowed: "POST") }
        if route.place == .chat {
            return try .chat(ChatRequest(parsing: request.body, defaultModel: route.deployment))
        }
        return try .responses(ResponsesRequest(parsing: request.body) { store.find($0)?.continued })
    }

    /// The index of the first scenario that matches and is not used up.
    private func take(for facts: RequestFacts) -> Int? {
        for (index, scenario) in scenarios.enumerated() where scenario.matches(facts) {
            guard let times = scenario.times else { return index }
            let before = played.withLock { played in
                defer { played[index] = (played[index] + 1) % (times.period ?? Int.max) }
                return played[index]
            }
            if before < times.count { return index }
        }
        return nil
    }

    private func play(_ index: Int, for request: AnswerRequest?, number: Int) -> Response {
        let scenario = scenarios[index]
        let model = scenario.settings.model ?? request?.model ?? ""
        var standing: [HeaderLine] = []
        if !scenario.limits.isEmpty {
            let tokens = (request?.messages.promptTokens ?? 0) + (request?.maxTokens ?? 0)
            let now = Int64(NIODeadline.now().uptimeNanoseconds)
            let verdict = limiter.book(scenario.limits, of: index, tokens: tokens, now: now)
            if let refusal = Response.refusal(verdict, model: model, headers: &standing) { return refusal }
        }
        var response =
            if case .responses(let request) = request {
                respond(to: request, with: scenario, number: padded(number))
            } else {
                complete(request, with: scenario, number: padded(number))
            }
        response.headers = Response.merged(standing, response.headers)
        return response
    }

    /// A chat completion, also for paths that have no form of their own.
    private func complete(_ request: AnswerRequest?, with scenario: Scenario, number: String) -> Response {
        var context = context(for: request, scenario, id: "chatcmpl-demo-\(number)")
        if case .chat(let chat) = request { context.reportsUsage = chat.includesUsage }
        let options = BeatSequence.Options(
            placeholders: Placeholders(model: context.model, request?.messages ?? []),
            reportsUsage: context.reportsUsage,
            maxTokens: scenario.settings.heeded(request?.maxTokens))
        return Response(scenario, options: options, form: .chat(context), streams: request?.streams == true)
    }

    /// What all parts of an answer have in common.
    func context(for request: AnswerRequest?, _ scenario: Scenario, id: String) -> AnswerContext {
        let settings = scenario.settings
        let model = settings.model ?? request?.model ?? ""
        return AnswerContext(
            id: settings.id ?? id, created: Int(Date().timeIntervalSince1970),
            model: model.isEmpty ? Self.models[0] : model, fingerprint: settings.fingerprint,
            serviceTier: settings.serviceTier, usage: settings.usage, promptTokens: request?.messages.promptTokens ?? 0,
            reportsUsage: false, topLogprobs: request?.topLogprobs ?? (settings.logprobsAlways ? 20 : nil))
    }

    /// The answer where no scenario has one.
    private func serve(_ method: String, _ route: Route) throws -> Response {
        switch route.place {
        case .chat, .responses:
            throw RequestProblem(status: 404, message: "No scenario answers this request.", code: "no_scenario")
        case .response(let id):
            switch method {
            case "GET": return try retrieve(id, query: route.query)
            case "DELETE": return try delete(id)
            default: throw RequestProblem.wrongMethod(method, allowed: "GET, DELETE")
            }
        case .cancellation(let id):
            guard method == "POST" else { throw RequestProblem.wrongMethod(method, allowed: "POST") }
            return try cancel(id)
        case .models, .model:
            guard method == "GET" else { throw RequestProblem.wrongMethod(method, allowed: "GET") }
            return try models(route.place)
        case .nowhere:
            throw route.isVersioned ? RequestProblem.noSuchResource : .noSuchPath(method, route.path)
        }
    }

    private func models(_ place: Route.Place) throws -> Response {
        guard case .model(let id) = place else {
            let list = Self.models.map(modelObject).joined(separator: ",")
            return Response(json: Array(#"{"object":"list","data":[\#(list)]}"#.utf8) + [0x0A])
        }
        guard Self.models.contains(id) else { throw RequestProblem.noSuchModel(id) }
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

extension Response {
    /// What is made, or what a problem with it says.
    fileprivate init(_ make: () throws -> Response) {
        do {
            self = try make()
        } catch {
            self.init(error as? RequestProblem ?? .malformed)
        }
    }
}
