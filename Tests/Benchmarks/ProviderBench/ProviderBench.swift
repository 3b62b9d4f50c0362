import ProviderCore
import ProviderHTTP
import ProviderOpenAI
import TerminalKit

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Measures the provider library from inside: `.ci/bench` runs it and prints its `name value` lines as a table.
///
/// Not asynchronous, for the reason `tickertape` is not: a sequence consumed on the main actor is several times as dear.
@main
enum ProviderBench {
    static let usage = """
        usage: provider-bench decode                        events decoded from memory
               provider-bench stream URL                    one stream, as fast as it comes
               provider-bench streams N RATE SECONDS URL    N streams of RATE events a second, stamped with their time
        URL is a base URL, such as http://127.0.0.1:8080/v1
        """

    static func main() {
        signal(SIGPIPE, SIG_IGN)
        let arguments = Array(CommandLine.arguments.dropFirst())
        // As many as the program has.
        let workers = WorkerThreads(count: 2)
        Task(executorPreference: workers) {
            do {
                try await run(arguments, workers)
                exit(0)
            } catch {
                complain("provider-bench: \(error)", code: 1)
            }
        }
        while true { pause() }
    }

    private static func run(_ arguments: [String], _ workers: WorkerThreads) async throws {
        switch arguments.first {
        case "decode" where arguments.count == 1: try await DecodeBench.run()
        case "stream" where arguments.count == 2: try await OneStreamBench.run(baseURL: arguments[1])
        case "streams" where arguments.count == 5:
            guard let count = Int(arguments[1]), let rate = Double(arguments[2]), let seconds = Double(arguments[3])
            else { fallthrough }
            let bench = ManyStreamsBench(count: count, rate: rate, seconds: seconds, baseURL: arguments[4])
            try await bench.run(on: workers)
        default:
            complain(usage, code: 64)
        }
    }
}

/// A provider behind the policies that the program has.
func benchProvider(_ baseURL: String) throws -> PolicyProvider {
    PolicyProvider(
        try OpenAIProvider(endpoint: ProviderEndpoint(baseURL: baseURL), transport: CurlTransport()),
        policies: [TimeoutPolicy(total: .seconds(600)), RetryPolicy(), RateLimiter(), CircuitBreaker()])
}

/// A request like any other.
let benchRequest = ChatRequest(model: "bench", messages: [ChatMessage(.user, "hi")])
