import ProviderCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

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
        self.init(
            id: name, ownedBy: wire["owned_by"]?.stringValue, contextWindow: window,
            created: Self.time(wire["created"]) ?? Self.time(wire["created_at"]),
            shutdownDate: Self.day(wire["shutdown_date"]) ?? Self.day(wire["deprecation"]?["inference"]))
    }

    /// Seconds since 1970, up to the year 9999.
    private static func time(_ value: JSONValue?) -> Int? {
        value?.intValue.flatMap { (1...253_402_300_799).contains($0) ? $0 : nil }
    }

    /// The day of a date (with or without a time of day), or of a number of seconds since 1970, as Azure has it.
    private static func day(_ value: JSONValue?) -> String? {
        if let seconds = time(value) {
            return Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601.year().month().day())
        }
        guard let text = value?.stringValue else { return nil }
        let day = Array(text.utf8.prefix(10))
        let isDay =
            day.count == 10
            && day.enumerated().allSatisfy { index, byte in
                index == 4 || index == 7 ? byte == UInt8(ascii: "-") : (0x30...0x39).contains(byte)
            }
        return isDay ? String(decoding: day, as: UTF8.self) : nil
    }
}
