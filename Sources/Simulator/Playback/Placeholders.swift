/// Fills in what stands between `{{` and `}}` in the texts of a script.
struct Placeholders: Sendable {
    /// The model's id.
    var model: String
    /// 1 + the assistant messages after the last user message.
    var step = 1
    /// What the sum in the last user message comes to.
    var sum: String?
    /// The results that the request has brought.
    var results: [ToolResult] = []

    /// What a request that brings this conversation fills in.
    init(model: String, _ conversation: [Message] = []) {
        self.model = model
        step = conversation.step
        sum = conversation.sum
        results = conversation.results
    }

    /// What stands for a result that did not come.
    static let noResult = "(no result)"

    /// The text with everything that is known filled in, once: what was filled in is not looked through again.
    ///
    /// - Parameter round: the round of the innermost `repeat`.
    func filled(_ template: String, round: Int) -> [UInt8] {
        let bytes = Array(template.utf8)
        var filled: [UInt8] = []
        var start = 0
        while let opening = Self.pair(0x7B, in: bytes, from: start),
            let closing = Self.pair(0x7D, in: bytes, from: opening)
        {
            let name = String(decoding: bytes[opening + 2..<closing], as: UTF8.self)
            // Of brackets in a row the innermost pair counts.
            if let value = value(name, round: round) {
                filled += bytes[start..<opening]
                filled += Array(value.utf8)
                start = closing + 2
            } else {
                filled += bytes[start...opening]
                start = opening + 1
            }
        }
        return filled + bytes[start...]
    }

    private func value(_ name: String, round: Int) -> String? {
        switch name {
        case "model": return model
        case "n": return String(round)
        case "step": return String(step)
        case "sum": return sum
        case "results": return results.map { "- \($0.name): \($0.text)" }.joined(separator: "\n")
        case "count": return String(results.count)
        default:
            guard name.hasPrefix("result ") else { return nil }
            return result(String(name.dropFirst(7)))
        }
    }

    /// The result of the n-th call, or of the first call of a function.
    private func result(_ which: String) -> String {
        if let number = Int(which) {
            return results.indices.contains(number - 1) ? results[number - 1].text : Self.noResult
        }
        return results.first { $0.name == which }?.text ?? Self.noResult
    }

    /// Where the next two of a byte stand.
    private static func pair(_ byte: UInt8, in bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= start + 2 else { return nil }
        return (start..<bytes.count - 1).first { bytes[$0] == byte && bytes[$0 + 1] == byte }
    }
}
