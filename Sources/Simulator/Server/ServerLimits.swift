/// What the server takes from a client, so that none can wear it out.
struct ServerLimits: Sendable {
    /// Bytes of a request's body.
    var bodyBytes = 16 << 20
    /// Bytes of one header, and of all headers of a request.
    var headerBytes = 64 << 10
    var headerListBytes = 256 << 10
    var headerCount = 256
    /// Connections at a time; further ones are closed at once.
    var connections = 4_096
    /// Requests sent ahead on one connection while an answer is being played.
    var pipelinedRequests = 64
    /// Milliseconds from the first header to the end of a request.
    var requestMilliseconds: Int64 = 60_000
    /// Milliseconds between requests on a connection.
    var idleMilliseconds: Int64 = 300_000
    /// Milliseconds given to a client to take in an answer that closes the connection.
    var lingerMilliseconds: Int64 = 1_000
    /// Requests kept in the log, and bytes of their bodies together.
    var loggedRequests = 256
    var loggedBytes = 16 << 20
    /// Responses kept to be asked for again, and bytes they take together.
    var storedResponses = 64
    var storedBytes = 16 << 20
    /// Bytes of the texts of one response, which its last event has all of.
    var responseBytes = 8 << 20
}
