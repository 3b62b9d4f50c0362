/// A request as the simulator received it.
public struct RecordedRequest: Sendable, Equatable {
    /// Its place in the order of arrival, from 1.
    public var number: Int
    /// The method, for example `POST`.
    public var method: String
    /// The path with its query, for example `/v1/chat/completions`.
    public var path: String
    /// The headers in order; the values of those that carry a key are replaced by `(hidden)`.
    public var headers: [(name: String, value: String)] {
        zip(headerNames, headerValues).map { (name: $0, value: $1) }
    }
    /// The body as text, at most its first MiB; invalid UTF-8 is repaired.
    public var body: String
    /// The name of the scenario that answers; nil when none does.
    public var scenario: String?

    private var headerNames: [String]
    private var headerValues: [String]

    init(number: Int, method: String, path: String, headers: [(String, String)], body: String, scenario: String?) {
        self.number = number
        self.method = method
        self.path = path
        self.body = body
        self.scenario = scenario
        let secret: Set<String> = ["authorization", "proxy-authorization", "api-key", "x-api-key", "cookie"]
        headerNames = headers.map(\.0)
        headerValues = headers.map { secret.contains($0.0.lowercased()) ? "(hidden)" : $0.1 }
    }

    /// The first value of a header, whose name is compared without regard to case.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// How the answer to a request came to its end.
public enum AnswerEnding: String, Sendable {
    /// It was sent to its end.
    case finished
    /// The scenario closed the connection in the middle.
    case cut
    /// The scenario reset the connection.
    case reset
    /// The client closed the connection, or the server was stopped, before the end.
    case abandoned
}
