import Foundation
import Statistics

/// A random table and what scipy says of it: a line of `Fixtures/tables.jsonl`, made by `make_fixture.py`.
struct Table: Decodable {
    struct Law: Decodable {
        let name: String
        let parameters: [Double]
        let x: Double
        let p: Double
        let density: Double
        let cumulative: Double
        let survival: Double
        let quantile: Double
        let upper: Double

        var distribution: (any ContinuousDistribution)? {
            switch name {
            case "normal": NormalDistribution(mean: parameters[0], standardDeviation: parameters[1])
            case "student": StudentDistribution(degreesOfFreedom: parameters[0])
            case "beta": BetaDistribution(parameters[0], parameters[1])
            case "gamma": GammaDistribution(shape: parameters[0], scale: parameters[1])
            default: GammaDistribution.chiSquare(degreesOfFreedom: parameters[0])
            }
        }
    }
    struct Binomial: Decodable {
        let n: Int
        let p: Double
        let k: Int
        let mass: Double
        let cumulative: Double
        let survival: Double
        let level: Double
        let quantile: Int
    }
    struct Shares: Decodable {
        let successes: Int
        let trials: Int
        let wilson: [Double]
    }
    struct Mean: Decodable {
        let values: [Double]
        let mean: Double
        let deviation: Double
        let interval: [Double]
    }
    struct Clustered: Decodable {
        let values: [Double]
        let clusters: [Int]
        let error: Double
        let effective: Double
        let interval: [Double]
        let wilson: [Double]
    }
    struct Paired: Decodable {
        let first: [Double]
        let second: [Double]
        let statistic: Double
        let p: Double
        let interval: [Double]
    }
    struct Flips: Decodable {
        let flips: [Int]
        let p: Double
    }
    struct Resampled: Decodable {
        let seed: UInt64
        let mean: [Double]
        let median: [Double]
    }
    struct Several: Decodable {
        let values: [Double]
        let adjusted: [Double]
    }
    struct Pass: Decodable {
        let n: Int
        let c: Int
        let k: Int
        let any: Double
        let all: Double
    }
    struct Sample: Decodable {
        let values: [Double]
        let p: Double
        let quantile: Double
        let bounds: [Double]?
    }
    struct Labels: Decodable {
        let first: [Int]
        let second: [Int]
        let kappa: Double?
    }

    let confidence: Double
    let distributions: [Law]
    let binomial: Binomial
    let proportion: Shares
    let mean: Mean
    let clustered: Clustered
    let paired: Paired
    let mcnemar: Flips
    let bootstrap: Resampled
    let holm: Several
    let pass: Pass
    let quantile: Sample
    let kappa: Labels

    static func all() throws -> [Table] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/tables.jsonl")
        let text = try String(contentsOf: file, encoding: .utf8)
        return try text.split(separator: "\n").map { try JSONDecoder().decode(Table.self, from: Data($0.utf8)) }
    }
}

/// Compares figures and keeps what differs.
struct Agreement {
    /// The largest difference that counts as agreement, by the size of the expected figure.
    var tolerance = 1e-9
    private(set) var differences: [String] = []
    private(set) var compared = 0
    /// The largest difference seen.
    private(set) var worst = 0.0

    mutating func check(_ name: String, _ ours: Double?, _ theirs: Double?) {
        compared += 1
        guard let ours, let theirs else {
            if ours != nil || theirs != nil { note(name, ours, theirs) }
            return
        }
        if ours == theirs { return }
        let difference = abs(ours - theirs) / max(abs(theirs), 1e-200)
        worst = max(worst, difference)
        if !(difference <= tolerance) { note(name, ours, theirs) }
    }

    mutating func check(_ name: String, _ ours: Interval?, _ theirs: [Double]?) {
        check(name + ".lower", ours?.lower, theirs?.first)
        check(name + ".upper", ours?.upper, theirs?.last)
    }

    private mutating func note(_ name: String, _ ours: Double?, _ theirs: Double?) {
        differences.append("\(name): \(ours.map { "\($0)" } ?? "nil"), not \(theirs.map { "\($0)" } ?? "nil")")
    }
}
