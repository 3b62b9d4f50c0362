internal import FunctionTools
internal import ProviderCore

/// What a judge replied, read tolerantly, but never guessed.
struct JudgeReply: Equatable {
    var score: Double
    var reason: String

    /// Why a reply is none.
    struct Problem: Error, Equatable, CustomStringConvertible {
        var description: String
    }

    /// Reads a reply: a JSON object with a `score`, alone, in a fence or in prose; without one a line such as `Score: 2`.
    init(_ text: String, scale: [Double]) throws(Problem) {
        let objects = Self.objects(in: text)
        var found = objects.compactMap { object in
            Self.number(object["score"]).map { JudgeReply(score: $0, reason: object["reason"]?.stringValue ?? "") }
        }
        if objects.isEmpty, let line = Self.line(in: text) { found = [line] }
        guard let first = found.first else {
            throw Problem(description: objects.isEmpty ? "there is no JSON object" : "there is no number as \"score\"")
        }
        guard found.allSatisfy({ $0.score == first.score }) else {
            throw Problem(description: "it gives different scores")
        }
        guard let value = scale.first(where: { abs($0 - first.score) < 1e-9 }) else {
            throw Problem(description: "\(first.score) is none of \(JudgePrompt.list(scale))")
        }
        self.init(score: value, reason: Texts.cut(first.reason, to: 500))
    }

    private init(score: Double, reason: String) {
        self.score = score
        self.reason = reason
    }

    private static func objects(in text: String) -> [JSONValue] {
        var finder = JSONFinder(text)
        var found: [JSONValue] = []
        while found.count < 20, let next = finder.next() {
            if next.value.objectValue != nil { found.append(next.value) }
        }
        return found
    }

    private static func number(_ value: JSONValue?) -> Double? {
        if let number = value?.doubleValue { return number }
        return value?.stringValue.flatMap { Double(Texts.trimmed($0)) }
    }

    private static func line(in text: String) -> JudgeReply? {
        var found: [Double] = []
        for line in Texts.lines(text) {
            let bare = Texts.trimmed(line).lowercased().filter { $0 != "*" && $0 != "\"" }
            guard bare.hasPrefix("score"), let mark = bare.firstIndex(where: { $0 == ":" || $0 == "=" }),
                let score = NumberScanner.whole(String(bare[bare.index(after: mark)...])).flatMap({ Double($0) })
            else { continue }
            found.append(score)
        }
        return found.count == 1 ? JudgeReply(score: found[0], reason: "") : nil
    }
}
