import ProviderCore
import TestSupport
import Testing

@testable import ProviderOpenAI

/// One error answer and what is made of it.
struct ErrorCase: Sendable, CustomTestStringConvertible {
    var name: String
    var status: Int
    var body: String
    var headers: [HTTPHeader] = []
    var kind: ProviderError.Kind
    var message: String
    var code: String?
    var param: String?
    var retryable = false
    var retryAfter: Duration?

    var testDescription: String { name }
}

private func openAI(_ message: String, _ type: String?, _ code: String?, param: String? = nil) -> String {
    func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
    let error: [JSONMember] = [
        JSONMember("message", .string(message)), JSONMember("type", text(type)), JSONMember("param", text(param)),
        JSONMember("code", text(code)),
    ]
    return JSONWriter.string(.object([JSONMember("error", .object(error))]))
}

private let openAICases: [ErrorCase] = [
    ErrorCase(
        name: "bad request", status: 400,
        body: openAI("bad", "invalid_request_error", "unsupported_value", param: "seed"),
        kind: .invalidRequest, message: "bad", code: "unsupported_value", param: "seed"),
    ErrorCase(
        name: "context", status: 400, body: openAI("too long", "invalid_request_error", "context_length_exceeded"),
        kind: .contextTooLong, message: "too long", code: "context_length_exceeded"),
    ErrorCase(
        name: "content policy", status: 400, body: openAI("no", "invalid_request_error", "content_policy_violation"),
        kind: .contentFiltered, message: "no", code: "content_policy_violation"),
    ErrorCase(
        name: "wrong key", status: 401, body: openAI("Incorrect API key", "invalid_request_error", "invalid_api_key"),
        kind: .authentication, message: "api.example.com does not accept the key: Incorrect API key",
        code: "invalid_api_key"),
    ErrorCase(name: "credit", status: 402, body: openAI("pay", nil, nil), kind: .quotaExceeded, message: "pay"),
    ErrorCase(
        name: "region", status: 403,
        body: openAI("no", "invalid_request_error", "unsupported_country_region_territory"), kind: .permission,
        message: "no", code: "unsupported_country_region_territory"),
    ErrorCase(
        name: "model behind 403", status: 403, body: openAI("no", "invalid_request_error", "model_not_found"),
        kind: .permission, message: "no", code: "model_not_found"),
    ErrorCase(
        name: "model", status: 404, body: openAI("no such model", "invalid_request_error", "model_not_found"),
        kind: .notFound, message: "no such model", code: "model_not_found"),
    ErrorCase(
        name: "request timeout", status: 408, body: "", kind: .timeout,
        message: "api.example.com answered with status 408 and no explanation", retryable: true),
    ErrorCase(
        name: "conflict", status: 409, body: openAI("lock", nil, nil), kind: .server,
        message: "api.example.com failed: lock", retryable: true),
    ErrorCase(name: "too large", status: 413, body: openAI("big", nil, nil), kind: .invalidRequest, message: "big"),
    ErrorCase(name: "legal", status: 451, body: openAI("law", nil, nil), kind: .permission, message: "law"),
    ErrorCase(
        name: "rate", status: 429, body: openAI("slow", "requests", "rate_limit_exceeded"),
        headers: [HTTPHeader("retry-after", "7"), HTTPHeader("retry-after-ms", "1250")], kind: .rateLimited,
        message: "slow", code: "rate_limit_exceeded", retryable: true, retryAfter: .milliseconds(1250)),
    ErrorCase(
        name: "request larger than the limit", status: 429,
        body: openAI("Request too large for m on tokens per min", "tokens", "rate_limit_exceeded"), kind: .rateLimited,
        message: "Request too large for m on tokens per min", code: "rate_limit_exceeded"),
    ErrorCase(
        name: "quota", status: 429, body: openAI("plan", "insufficient_quota", "insufficient_quota"),
        kind: .quotaExceeded, message: "plan", code: "insufficient_quota"),
    ErrorCase(
        name: "finer quota code", status: 429,
        body: openAI("budget", "insufficient_quota", "project_spend_limit_exceeded"), kind: .quotaExceeded,
        message: "budget", code: "project_spend_limit_exceeded"),
    ErrorCase(
        name: "slow down 429", status: 429, body: openAI("ramp", nil, "slow_down"), kind: .rateLimited, message: "ramp",
        code: "slow_down", retryable: true),
    ErrorCase(
        name: "slow down 503", status: 503, body: openAI("ramp", nil, "slow_down"), kind: .overloaded,
        message: "api.example.com failed: ramp", code: "slow_down", retryable: true),
    ErrorCase(
        name: "internal", status: 500, body: openAI("oops", "server_error", nil), kind: .server,
        message: "api.example.com failed: oops", retryable: true),
    ErrorCase(
        name: "told not to try again", status: 500, body: openAI("oops", "server_error", nil),
        headers: [HTTPHeader("x-should-retry", "false")], kind: .server, message: "api.example.com failed: oops"),
    ErrorCase(
        name: "told to try again", status: 400, body: openAI("oops", nil, nil),
        headers: [HTTPHeader("x-should-retry", "true")], kind: .invalidRequest, message: "oops", retryable: true),
    ErrorCase(
        name: "overloaded", status: 529, body: openAI("busy", "overloaded_error", nil), kind: .overloaded,
        message: "api.example.com failed: busy", retryable: true),
    ErrorCase(name: "odd status", status: 418, body: "teapot", kind: .invalidRequest, message: "teapot"),
]

private let dialectCases: [ErrorCase] = [
    ErrorCase(name: "FastAPI", status: 404, body: #"{"detail":"Not Found"}"#, kind: .notFound, message: "Not Found"),
    ErrorCase(
        name: "FastAPI list", status: 422,
        body: #"{"detail":[{"loc":["body","messages",0],"msg":"field required","type":"missing"},{"msg":"x"}]}"#,
        kind: .invalidRequest, message: "body.messages.0: field required; x"),
    ErrorCase(
        name: "old vLLM", status: 400,
        body: #"{"object":"error","message":"bad","type":"BadRequestError","param":null,"code":400}"#,
        kind: .invalidRequest, message: "bad", code: "400"),
    ErrorCase(
        name: "vLLM context", status: 400,
        body:
            #"{"error":{"message":"This model's maximum context length is 10 tokens","type":"BadRequestError","code":400}}"#,
        kind: .contextTooLong, message: "This model's maximum context length is 10 tokens", code: "400"),
    ErrorCase(
        name: "llama.cpp loading", status: 503,
        body: #"{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"#, kind: .overloaded,
        message: "api.example.com failed: Loading model", code: "503", retryable: true),
    ErrorCase(name: "Ollama native", status: 400, body: #"{"error":"text"}"#, kind: .invalidRequest, message: "text"),
    ErrorCase(
        name: "OpenRouter", status: 402,
        body: #"{"error":{"code":402,"message":"credits","metadata":{"provider_name":"P","raw":"why"}},"user_id":"u"}"#,
        kind: .quotaExceeded, message: "credits (P: why)", code: "402"),
    ErrorCase(
        name: "Gemini", status: 400,
        body: #"[{"error":{"code":400,"message":"bad","status":"INVALID_ARGUMENT","details":[]}}]"#,
        kind: .invalidRequest, message: "bad", code: "400"),
    ErrorCase(
        name: "Azure deployment", status: 404, body: #"{"error":{"code":"DeploymentNotFound","message":"none"}}"#,
        kind: .notFound, message: "none", code: "DeploymentNotFound"),
    ErrorCase(
        name: "Azure filter", status: 400,
        body:
            #"{"error":{"message":"filtered","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation"}}}"#,
        kind: .contentFiltered, message: "filtered", code: "content_filter"),
    ErrorCase(
        name: "Azure gateway", status: 401, body: #"{"statusCode":401,"message":"denied"}"#, kind: .authentication,
        message: "api.example.com does not accept the key: denied"),
    ErrorCase(
        name: "LM Studio", status: 400, body: #"{"error":{"message":"in"},"message":"out"}"#, kind: .invalidRequest,
        message: "in"),
    ErrorCase(
        name: "proxy", status: 500, body: #"{"success":false,"error":{"msg":"p"}}"#, kind: .server,
        message: "api.example.com failed: p", retryable: true),
    ErrorCase(
        name: "message list", status: 400, body: #"{"message":["a","b"]}"#, kind: .invalidRequest, message: "a; b"),
    ErrorCase(name: "msg", status: 400, body: #"{"msg":"m"}"#, kind: .invalidRequest, message: "m"),
    ErrorCase(
        name: "HTML", status: 502,
        body: "<html><head><title>502 Bad Gateway</title></head><body><h1>Bad\nGateway</h1>&amp; more</body></html>",
        kind: .server, message: "api.example.com failed: 502 Bad Gateway Bad Gateway & more", retryable: true),
    ErrorCase(
        name: "Cloudflare code", status: 502, body: #"{"error":{"message":"cf","code":502,"type":"cf_bad_gateway"}}"#,
        kind: .server, message: "api.example.com failed: cf", code: "502", retryable: true),
    ErrorCase(
        name: "control characters", status: 400, body: "a\u{1B}[31mb\u{0}\r\n\tc", kind: .invalidRequest,
        message: "a\u{FFFD}[31mb\u{FFFD} c"),
    ErrorCase(
        name: "other JSON", status: 400, body: "[1,2]", kind: .invalidRequest, message: "[1,2]"),
]

@Suite struct ErrorTests {
    @Test(arguments: openAICases + dialectCases) func bodyBecomesError(_ example: ErrorCase) async throws {
        let headers = [HTTPHeader("x-request-id", "req_1")] + example.headers
        let transport = ScriptedTransport([
            .text(example.body, status: example.status, type: "application/json", headers)
        ])
        let provider = try OpenAIProvider(
            endpoint: ProviderEndpoint(baseURL: "https://api.example.com/v1", key: Secret("sk-test-0123456789")),
            transport: transport)
        let error = try await #require(throws: ProviderError.self) { try await provider.stream(hello) }
        #expect(error.kind == example.kind)
        #expect(error.status == example.status)
        // Some kinds are told with what to do about them, in brackets.
        #expect(error.message == example.message || error.message.hasPrefix(example.message + " ("))
        #expect(error.fate == .refused)
        #expect(error.code == example.code)
        #expect(error.param == example.param)
        #expect(error.isRetryable == example.retryable)
        #expect(error.retryAfter == example.retryAfter)
        #expect(error.requestID == "req_1")
        #expect(transport.openBodies == 0)
    }

    @Test(arguments: [
        (402, ProviderError.Kind.quotaExceeded), (403, .permission), (404, .notFound),
    ]) func saysWhatToDo(_ status: Int, _ kind: ProviderError.Kind) async throws {
        let transport = ScriptedTransport([.text(openAI("No.", nil, nil), status: status, type: "application/json")])
        let provider = try OpenAIProvider(
            endpoint: ProviderEndpoint(baseURL: "https://api.example.com/v1"), transport: transport)
        let error = try await #require(throws: ProviderError.self) { try await provider.stream(hello) }
        #expect(error.kind == kind)
        #expect(error.message.hasPrefix("No ("))
        #expect(error.message.hasSuffix(")"))
    }

    @Test func keyIsMaskedWhereverTheServerQuotesIt() async throws {
        let key = "sk-secret/0123456789abcdef"
        let bodies = [
            openAI("Incorrect API key provided: \(key).", key, key, param: key), "<b>\(key)</b>",
            #"{"detail":"\#(key)\u0301"}"#, String(repeating: "x", count: 390) + key,
        ]
        for body in bodies {
            for status in [200, 307, 401, 500] {
                let headers = [HTTPHeader("location", "https://x/?\(key)"), HTTPHeader("x-request-id", key)]
                let answer = ScriptedTransport.Answer.text(body, status: status, type: "application/json", headers)
                let provider = try OpenAIProvider(
                    endpoint: ProviderEndpoint(baseURL: "https://api.example.com/v1", key: Secret(key)),
                    transport: ScriptedTransport([answer]))
                let error = try await #require(throws: ProviderError.self) { try await provider.stream(hello) }
                let said = [error.message, error.code, error.param, error.requestID].compactMap(\.self).joined()
                #expect(!said.contains("secret"), "\(status) \(body)")
            }
        }
    }

    @Test func malformedEventsDoNotQuoteTheKey() async throws {
        let provider = try OpenAIProvider(
            endpoint: ProviderEndpoint(baseURL: "https://api.example.com/v1", key: Secret("sk-secret-0123456789")),
            transport: ScriptedTransport([.events(["data: {\"a\": sk-secret-0123456789\n\n"])]))
        let stream = try await provider.stream(hello)
        let error = try await #require(throws: ProviderError.self) { for try await _ in stream {} }
        #expect(error.kind == .invalidResponse)
        #expect(!error.message.contains("secret"))
    }

    @Test func missingKeyIsExplained() async throws {
        let provider = try OpenAIProvider(
            endpoint: ProviderEndpoint(baseURL: "https://other.example.com/v1"),
            transport: ScriptedTransport([.text(openAI("You need a key", nil, nil), status: 401, type: nil)]))
        let error = try await #require(throws: ProviderError.self) { try await provider.stream(hello) }
        #expect(error.kind == .authentication)
        #expect(error.message.contains("other.example.com wants a key and none was sent"))
        #expect(error.message.contains("none was sent"))
        #expect(error.message.contains("You need a key"))
    }

    @Test func redirectsAreNotFollowed() async throws {
        let transport = ScriptedTransport([
            .text("", status: 307, type: nil, [HTTPHeader("location", "https://elsewhere.example.com/v1")])
        ])
        let provider = try OpenAIProvider(
            endpoint: ProviderEndpoint(baseURL: "https://api.example.com/v1"), transport: transport)
        let error = try await #require(throws: ProviderError.self) { try await provider.models() }
        #expect(error.kind == .invalidResponse)
        #expect(error.message.contains("https://elsewhere.example.com/v1"))
        #expect(transport.requests.count == 1)
    }

    @Test(arguments: [
        (TransportError.Kind.invalidRequest, ProviderError.Kind.invalidRequest, false),
        (.nameLookup, .connection, true),
        (.connect, .connection, true), (.tls, .connection, false), (.proxy, .connection, true),
        (.lost, .connection, true), (.timeout, .timeout, true), (.tooLarge, .invalidResponse, false),
        (.malformed, .invalidResponse, false),
    ]) func transportFailureBecomesError(_ kind: TransportError.Kind, _ expected: ProviderError.Kind, _ again: Bool)
        async throws
    {
        let provider = try OpenAIProvider(
            endpoint: ProviderEndpoint(baseURL: "http://localhost:1/v1"),
            transport: ScriptedTransport([.failing(TransportError(kind, "cause"))]))
        let error = try await #require(throws: ProviderError.self) { try await provider.stream(hello) }
        #expect(error.kind == expected)
        #expect(error.message.contains("cause"))
        #expect(error.isRetryable == again)
    }
}

/// The simplest request.
let hello = ChatRequest(model: "m-1", messages: [ChatMessage(.user, "Hello")])
