public import ProviderCore

/// What people and a judge said of the same samples: what figures of agreement are computed from.
public struct JudgeAgreement: Sendable, Hashable {
    /// One sample.
    public struct Pair: Sendable, Hashable {
        /// The sample.
        public var sample: String
        /// What a person said.
        public var person: Double
        /// What the judge said.
        public var judge: Double

        /// A pair.
        public init(sample: String, person: Double, judge: Double) {
            self.sample = sample
            self.person = person
            self.judge = judge
        }
    }

    /// A person's judgement.
    public struct Label: Sendable, Hashable {
        /// The sample.
        public var sample: String
        /// What the person said, on the judge's scale.
        public var score: Double

        /// A judgement.
        public init(sample: String, score: Double) {
            self.sample = sample
            self.score = score
        }
    }

    /// Why a file of labels cannot be used.
    public struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
        /// The row, from 0.
        public var row: Int
        /// Why, in words.
        public var message: String
        /// `row 3: there is no "score"`, counted from 1.
        public var description: String { "row \(row + 1): \(message)" }
    }

    /// Those that both judged, in the order of the labels; several people's labels of one sample each count.
    public var pairs: [Pair]
    /// Labels of samples that the judge did not judge.
    public var unjudged: [String]

    /// The pairs of labels and the judge's scores by sample.
    public init(labels: [Label], judged: [String: Double]) {
        pairs = labels.compactMap { label in
            judged[label.sample].map { Pair(sample: label.sample, person: label.score, judge: $0) }
        }
        unjudged = labels.map(\.sample).filter { judged[$0] == nil }
    }

    /// The labels of a file's rows: objects with the sample as `id` or `sample` and the judgement as `score`, `label` or
    /// `value`, on the judge's scale. Numbers may be texts, as CSV has them.
    public static func labels(_ rows: [JSONValue], scale: [Double]) throws(Problem) -> [Label] {
        var labels: [Label] = []
        for (number, row) in rows.enumerated() {
            guard let sample = ["id", "sample"].lazy.compactMap({ row[$0] }).first.map(\.comparedText), !sample.isEmpty
            else { throw Problem(row: number, message: "there is no \"id\"") }
            guard let member = ["score", "label", "value"].lazy.compactMap({ row[$0] }).first else {
                throw Problem(row: number, message: "there is no \"score\"")
            }
            guard let score = member.doubleValue ?? member.stringValue.flatMap({ Double(Texts.trimmed($0)) }),
                let value = scale.first(where: { abs($0 - score) < 1e-9 })
            else {
                throw Problem(row: number, message: "\(Texts.shown(member)) is none of \(JudgePrompt.list(scale))")
            }
            labels.append(Label(sample: sample, score: value))
        }
        return labels
    }
}
