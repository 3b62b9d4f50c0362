import ProviderCore

extension ModelListing {
    /// The most lines a list may have; the rest is left out.
    static let mostListed = 10_000

    /// Reads a model list: `{"data": […]}`, `{"models": […]}` or a bare array, of objects or of names. Nil when the
    /// value is none of them.
    static func list(wire: JSONValue) -> [ModelListing]? {
        guard let entries = wire["data"]?.arrayValue ?? wire["models"]?.arrayValue ?? wire.arrayValue else {
            return nil
        }
        return entries.prefix(mostListed).compactMap { ModelListing(wire: $0) }
    }

    private init?(wire: JSONValue) {
        let name =
            wire.stringValue ?? wire["id"]?.stringValue ?? wire["name"]?.stringValue ?? wire["model"]?.stringValue
        guard let name, !name.isEmpty else { return nil }
        let sizes = [
            wire["max_model_len"], wire["context_length"], wire["context_window"], wire["max_context_length"],
            wire["meta"]?["n_ctx_train"],
        ]
        let window = sizes.lazy.compactMap { $0?.intValue }.first { (1...TokenUsage.largestCount).contains($0) }
        self.init(id: name, ownedBy: wire["owned_by"]?.stringValue, contextWindow: window)
    }
}
