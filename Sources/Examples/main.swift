import Foundation
import ProviderCore
import ProviderOpenAI

let arguments = Array(CommandLine.arguments.dropFirst())
let examples: [(name: String, run: (ProviderEndpoint, String) async throws -> Void)] = [
    ("first", { await first(baseURL: $0.baseURL, model: $1) }),
    ("complete", complete), ("stream", stream), ("retries", retries), ("own-provider", ownProvider),
    ("own-policy", ownPolicy), ("tool-call", toolCall), ("errors", errors),
]
guard let example = examples.first(where: { $0.name == arguments.first }) else {
    print("usage: provider-examples NAME [BASE-URL [MODEL]]\nNAME: \(examples.map(\.name).joined(separator: ", "))")
    exit(64)
}
do {
    try await example.run(
        endpoint(baseURL: arguments.dropFirst().first), arguments.dropFirst(2).first ?? ModelCatalog.defaultModelID)
} catch {
    print("\(example.name) failed: \(error)")
    exit(1)
}
