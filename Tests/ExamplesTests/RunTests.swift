import Foundation
import ProviderCore
import Simulator
import Synchronization
import Testing

@testable import provider_examples

/// The examples do what the page says.
@Suite(.timeLimit(.minutes(2))) struct RunTests {
    private static let names = [
        "first", "complete", "stream", "retries", "own-provider", "own-policy", "tool-call", "errors",
    ]
    private let page: GuidePage

    init() throws { page = try GuidePage() }

    private var scenario: String {
        get throws { try #require(page.block("scenario")) }
    }

    @Test(arguments: names) func printsWhatThePageSays(name: String) async throws {
        let expected = try #require(page.block("output", name))
        let result = try await withSimulator(scenario) { try await ExampleProgram.run([name, $0.baseURL]) }
        #expect(result.code == 0)
        if expected.hasSuffix("…") {
            #expect(result.output.hasPrefix(expected.dropLast()))
        } else {
            #expect(result.output.trimmingCharacters(in: .newlines) == expected)
        }
    }

    @Test func everyProgramIsTested() async throws {
        let usage = try await ExampleProgram.run(["unknown"])
        #expect(usage.code == 64)
        #expect(usage.output.hasSuffix("NAME: \(Self.names.joined(separator: ", "))\n"))
        let shown = page.blocks.filter { $0.kind == "output" }.map(\.name)
        #expect(Set(shown) == Set(Self.names))
    }

    /// The server asks for a minute's patience, which nobody has here.
    private static let slow = """
        scenario busy
          when user says "busy"
          times 1
          status 503
          header retry-after: 60
          error "The engine is overloaded."
        scenario busy-no-more
          when user says "busy"
          reply "Not any more."
        """

    @Test func enterTriesAgainNow() async throws {
        let result = try await withSimulator(Self.slow) {
            try await ExampleProgram.run(["retries", $0.baseURL], behind: "yes '' 2>&-")
        }
        #expect(result.output == "attempt 1 of 3\noverloaded: again in 60 s\nattempt 2 of 3\nNot any more.\n")
    }

    @Test func qGivesUp() async throws {
        let (result, requests) = try await withSimulator(Self.slow) { server in
            (try await ExampleProgram.run(["retries", server.baseURL], behind: "echo q"), server.requests.count)
        }
        #expect(result.output.hasPrefix("attempt 1 of 3\noverloaded: again in 60 s\nfailed: overloaded (503): "))
        #expect(requests == 1)
    }

    @Test func whoStopsReadingClosesTheConnection() async throws {
        try await withSimulator(scenario) { server in
            _ = try await ExampleProgram.run(["stream", server.baseURL])
            let (whole, left) = (await server.ending(ofRequest: 1), await server.ending(ofRequest: 3))
            #expect(whole == .finished)
            #expect(left == .abandoned)
        }
    }

    @Test(arguments: [
        (0, nil, "log: dropped"), (9, nil, "log: answered"),
        (9, ProviderError(kind: .timeout, message: "", fate: .unknown), "log: timeout, unknown"),
    ])
    func ownPolicyLogsEveryEnding(reads: Int, ending: ProviderError?, line: String) async throws {
        let lines = Mutex<[String]>([])
        let log = CallLog(name: "log") { line in lines.withLock { $0.append(line) } }
        let provider = PolicyProvider(
            Scripted(batches: [[.textDelta("a", choice: 0)], [.textDelta("b", choice: 0)]], ending: ending),
            policies: [log])
        do {
            var batches = try await provider.stream(ChatRequest(model: "m", messages: [])).batches()
            for _ in 0...reads { guard try await batches.nextBatch() != nil else { break } }
        } catch let error as ProviderError {
            #expect(error == ending)
        }
        #expect(lines.withLock { $0 } == [line])
    }

    @Test func theKeyStaysAtItsOrigin() async throws {
        let key = "hunter22-environment"
        let (own, other) = try await withSimulator(scenario) { server in
            for environment in [
                ["OPENAI_API_KEY": key, "OPENAI_BASE_URL": server.baseURL], ["OPENAI_API_KEY": key],
            ] {
                let result = try await ExampleProgram.run(["complete", server.baseURL], environment)
                #expect(result.code == 0)
            }
            let headers = server.requests.map { $0.header("authorization") }
            return (headers.first, headers.last)
        }
        // The server's log hides what it was sent.
        #expect(own == .some("(hidden)"))
        #expect(other == .some(nil))
    }

    @Test func aFailureHasItsWordsAndItsCode() async throws {
        let result = try await ExampleProgram.run(["complete", "ftp://example.org"])
        #expect(result.code == 1)
        #expect(result.output.contains("it does not begin with http"))
    }
}
