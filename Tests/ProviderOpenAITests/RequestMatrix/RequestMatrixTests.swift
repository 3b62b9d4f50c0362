import Foundation
import ProviderCore
import Testing

@testable import ProviderOpenAI

/// Where to write every body, a line each, for a validator that is not ours; see `.ci/validate_requests.py`.
private let bodiesFile = ProcessInfo.processInfo.environment["TICKERTAPE_REQUEST_BODIES"]

@Suite struct RequestMatrixTests {
    private let checker: RequestProblems
    private let catalog: ModelCatalog

    init() throws {
        checker = try RequestProblems()
        catalog = try ModelCatalog.builtIn()
    }

    /// Every two options together reach some model, unless the one needs Responses and the other has no place there.
    @Test(arguments: RequestAxis.all.indices) func pairs(of axis: Int) async throws {
        var tally = Tally()
        for item in RequestMatrix.pairs(of: axis) {
            var wasSent = false
            for request in item.requests where !wasSent { wasSent = try await send(request, &tally) }
            let isContradiction = item.requests.allSatisfy(\.contradictsItself)
            #expect(wasSent != isContradiction, "\(item.label)")
        }
        #expect(tally.bad == 0, "\(tally)")
    }

    @Test(arguments: RequestMatrix.models.map(\.id)) func conversations(with model: String) async throws {
        let tally = try await sendAll(RequestMatrix.conversations(with: model))
        #expect(tally.bad == 0, "\(tally)")
        #expect(tally.sent * 2 >= tally.asked, "\(tally)")
    }

    @Test(arguments: RequestMatrix.models.map(\.id)) func tools(with model: String) async throws {
        let tally = try await sendAll(RequestMatrix.tools(with: model))
        #expect(tally.bad == 0, "\(tally)")
        #expect(tally.sent * 3 >= tally.asked, "\(tally)")
    }

    /// 2,000 in all, from nearly empty ones to such that set half of everything. What the model does not take is left out.
    @Test(arguments: 1...8) func random(_ seed: Int) async throws {
        let requests = RequestMatrix.random(250, seed: UInt64(seed), sparsity: 1 + seed)
        let tally = try await sendAll(requests.map(withoutObstacles))
        #expect(tally.bad == 0, "\(tally)")
        #expect(tally.sent * 10 >= tally.asked * 9, "\(tally)")
    }

    @Test(.enabled(if: bodiesFile != nil)) func writtenOut() async throws {
        var requests = RequestAxis.all.indices.flatMap { RequestMatrix.pairs(of: $0) }.flatMap(\.requests)
        for model in RequestMatrix.models.map(\.id) {
            requests += RequestMatrix.conversations(with: model) + RequestMatrix.tools(with: model)
        }
        for seed in 1...8 {
            requests += RequestMatrix.random(250, seed: UInt64(seed), sparsity: 1 + seed).map(withoutObstacles)
        }
        var lines: Set<String> = []
        for request in requests {
            guard let sent = try await SentRequest(request, catalog: catalog) else { continue }
            lines.insert("{\"api\":\"\(sent.api.rawValue)\",\"body\":\(sent.text)}\n")
        }
        try Data(lines.sorted().joined().utf8).write(to: URL(filePath: bodiesFile ?? ""))
    }
}

extension RequestMatrixTests {
    /// What became of many requests.
    private struct Tally: CustomStringConvertible {
        var asked = 0
        var sent = 0
        var problems: [String] = []
        var bad: Int { problems.count }

        var description: String {
            "\(sent) of \(asked) sent, \(bad) bad: \(problems.prefix(3).joined(separator: "\n"))"
        }
    }

    private func sendAll(_ requests: [ChatRequest]) async throws -> Tally {
        var tally = Tally()
        for request in requests { _ = try await send(request, &tally) }
        return tally
    }

    /// Sends a request and checks what went out; false when the provider refuses it beforehand.
    private func send(_ request: ChatRequest, _ tally: inout Tally) async throws -> Bool {
        tally.asked += 1
        guard let sent = try await SentRequest(request, catalog: catalog) else { return false }
        tally.sent += 1
        let problems = checker.problems(of: sent)
        if !problems.isEmpty {
            tally.problems.append("\(problems.prefix(5).joined(separator: "; ")) in \(sent.text)")
        }
        return true
    }

    /// A request less what the catalog says its model refuses. Leaving one thing out can lead to the other API.
    private func withoutObstacles(_ request: ChatRequest) -> ChatRequest {
        let model = catalog.model(request.model)
        var request = request
        for _ in 0..<3 {
            let api = model.api(for: request)
            for obstacle in model.obstacles(to: request, api: api, isOpenAI: true) { obstacle.remove(from: &request) }
        }
        return request
    }
}

extension ChatRequest {
    /// Whether it needs one API and says what only the other has a member for.
    fileprivate var contradictsItself: Bool {
        let needsResponses =
            api == .responses || (api == nil && (isBackground || parameters.reasoningSummary != nil))
        let needsChat =
            parameters.stop?.isEmpty == false || parameters.seed != nil || (parameters.frequencyPenalty ?? 0) != 0
            || (parameters.presencePenalty ?? 0) != 0 || parameters.maxOutputTokens == 1
        let isLostInChat = api == .chat && (isBackground || parameters.reasoningSummary != nil)
        return needsResponses && needsChat || isLostInChat
    }
}
