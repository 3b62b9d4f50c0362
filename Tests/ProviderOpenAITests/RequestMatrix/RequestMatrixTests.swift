import Foundation
import ProviderCore
import Testing

@testable import ProviderOpenAI

/// Where to write every body, a line each, for validators of other people; see `.ci/validate_requests.py`.
private let bodiesFile = ProcessInfo.processInfo.environment["TICKERTAPE_REQUEST_BODIES"]

@Suite struct RequestMatrixTests {
    private let checker: RequestProblems
    private let catalog: ModelCatalog

    init() throws {
        checker = try RequestProblems()
        catalog = try ModelCatalog.builtIn()
    }

    /// Sends a request; false when the provider refuses it beforehand.
    private func isSent(_ request: ChatRequest, _ label: String) async throws -> Bool {
        guard let sent = try await SentRequest(request, catalog: catalog) else { return false }
        let problems = checker.problems(of: sent)
        #expect(
            problems.isEmpty,
            "\(label) to \(request.model): \(problems.prefix(5)) in \(String(decoding: sent.text, as: UTF8.self))")
        return true
    }

    /// Every two options together reach some model, unless the one needs Responses and the other has no place there.
    @Test(arguments: RequestAxis.all.indices) func pairs(of axis: Int) async throws {
        for item in RequestMatrix.pairs(of: axis) {
            var wasSent = false
            for request in item.requests where !wasSent { wasSent = try await isSent(request, item.label) }
            let isContradiction = item.requests.allSatisfy(\.contradictsItself)
            #expect(wasSent != isContradiction, "\(item.label)")
        }
    }

    @Test(arguments: RequestMatrix.models.map(\.id)) func conversations(with model: String) async throws {
        let requests = RequestMatrix.conversations(with: model)
        var count = 0
        for request in requests where try await isSent(request, "\(request.messages)") { count += 1 }
        #expect(count * 2 >= requests.count, "\(count) of \(requests.count)")
    }

    @Test(arguments: RequestMatrix.models.map(\.id)) func tools(with model: String) async throws {
        let requests = RequestMatrix.tools(with: model)
        var count = 0
        for request in requests where try await isSent(request, "tools") { count += 1 }
        #expect(count * 3 >= requests.count, "\(count) of \(requests.count)")
    }

    /// 2,000 in all, from nearly empty ones to such that set half of everything. What the model does not take is left out.
    @Test(arguments: 1...8) func random(_ seed: Int) async throws {
        let requests = RequestMatrix.random(250, seed: UInt64(seed), sparsity: 1 + seed)
        var count = 0
        for request in requests where try await isSent(withoutObstacles(request), "seed \(seed)") { count += 1 }
        #expect(count * 10 >= requests.count * 9, "\(count) of \(requests.count)")
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
            lines.insert("{\"api\":\"\(sent.api.rawValue)\",\"body\":\(String(decoding: sent.text, as: UTF8.self))}\n")
        }
        try Data(lines.sorted().joined().utf8).write(to: URL(filePath: bodiesFile ?? ""))
    }
}

extension ChatRequest {
    /// Whether it needs Responses and says what only Chat Completions has a member for.
    fileprivate var contradictsItself: Bool {
        let needsResponses =
            api == .responses || (api == nil && (isBackground || parameters.reasoningSummary != nil))
        let needsChat =
            parameters.stop?.isEmpty == false || parameters.seed != nil || (parameters.frequencyPenalty ?? 0) != 0
            || (parameters.presencePenalty ?? 0) != 0 || parameters.maxOutputTokens == 1
        return needsResponses && needsChat
    }
}
