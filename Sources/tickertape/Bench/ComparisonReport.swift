import Benchmarking
import ProviderCore
import Statistics

/// A comparison as lines and as JSON.
struct ComparisonReport {
    let before: KeptRun
    let after: KeptRun
    let comparison: RunComparison
    let rule: ComparisonRule

    private static let shownFlips = 10

    /// Why nothing was compared.
    var refusal: String {
        guard !comparison.rows.isEmpty else { return "the runs have no task and subject in common" }
        return "nothing of this is comparable"
    }

    func lines() async throws -> [String] {
        var lines = ["a  \(name(before))", "b  \(name(after))"]
        let rows = comparison.rows.filter { $0.obstacles.isEmpty }
        if !rows.isEmpty {
            lines += Table.lines([Self.head] + rows.map(row)) { row, column, _ in row > 0 && column > 1 }
        }
        for row in rows where !row.differences.isEmpty || !row.remark.isEmpty {
            let parts = row.differences.map(\.words).joined(separator: ", ")
            let text = parts.isEmpty ? "the same subject" : "they differ in \(parts)"
            lines.append("\(row.task) \(subjects(row)): \(text)\(row.remark)")
        }
        for row in comparison.rows where !row.obstacles.isEmpty { lines += refused(row) }
        for label in comparison.unmatched { lines.append("\(label): in one of the runs only") }
        for row in rows { lines += try await flips(row) }
        return lines
    }

    private func name(_ run: KeptRun) -> String {
        "\(run.header.name)  run \(run.header.id)  \(WallClock.stamp(run.header.created))  \(run.results.report.run.stateWord)"
    }

    private func subjects(_ row: ComparisonRow) -> String {
        row.first == row.second ? row.first : "\(row.first) -> \(row.second)"
    }

    private static let head = [
        "task", "subject", "pairs", "a", "b", "b - a", "interval", "win/lose/tie", "p (t)", "p (McNemar)", "Holm",
        "verdict", "TTFT b - a", "$/100 a", "b",
    ]

    private func row(_ row: ComparisonRow) -> [String] {
        let accuracy = row.accuracy
        return [
            row.task, subjects(row), "\(row.pairs)", ReportTable.number(accuracy.first),
            ReportTable.number(accuracy.second), signed(accuracy.difference), interval(accuracy.interval),
            "\(row.wins)/\(row.losses)/\(row.ties)", p(row.tTest), p(row.mcNemar), p(row.adjusted),
            Self.words(row.verdict, rule.margin), "\(signed(row.firstToken.difference)) s",
            row.cost[0].map(\.display) ?? "–", row.cost[1].map(\.display) ?? "–",
        ]
    }

    private func signed(_ value: Double?) -> String {
        guard let value else { return "–" }
        return (value > 0 ? "+" : "") + ReportTable.number(value)
    }

    private func interval(_ interval: Interval?) -> String {
        interval.map { "[\(signed($0.lower)), \(signed($0.upper))]" } ?? "–"
    }

    private func p(_ value: Double?) -> String {
        guard let value else { return "–" }
        return value < 0.001 ? "<0.001" : ReportTable.number(value)
    }

    /// A verdict in words.
    static func words(_ verdict: Verdict?, _ margin: Double) -> String {
        switch verdict {
        case .better?: "BETTER"
        case .worse?: "WORSE"
        case .equal?: "same within \(margin)"
        case .undecided(let more?)?: "undecided, about \(more) more"
        case .undecided(nil)?: "undecided"
        case nil: "–"
        }
    }

    private func refused(_ row: ComparisonRow) -> [String] {
        let parts = row.obstacles.map(\.words).joined(separator: ", ")
        let text = "\(row.task) \(subjects(row)): not comparable, since they differ in \(parts)"
        let isOnlySubject = Set(row.obstacles).isSubset(of: [.model, .prompt, .parameters])
        guard isOnlySubject else { return [text] }
        let (one, other) = ("\(before.header.id)#\(row.first)", "\(after.header.id)#\(row.second)")
        return ["\(text); to compare them all the same, name them: bench compare '\(one)' '\(other)'"]
    }

    // MARK: Flips

    private func flips(_ row: ComparisonRow) async throws -> [String] {
        guard !row.flips.isEmpty else { return [] }
        let worse = row.flips.filter { $0.after < $0.before }
        let better = row.flips.filter { $0.after > $0.before }
        var lines = [
            "\(row.task) \(subjects(row)): \(worse.count) sample\(worse.count == 1 ? "" : "s") worse, \(better.count) better"
        ]
        for flip in worse.prefix(Self.shownFlips) { lines.append(try await line(flip, "WORSE ")) }
        for flip in better.prefix(Self.shownFlips) { lines.append(try await line(flip, "BETTER")) }
        let hidden = max(0, worse.count - Self.shownFlips) + max(0, better.count - Self.shownFlips)
        if hidden > 0 { lines.append("  and \(hidden) more: -o json has all") }
        return lines
    }

    private func line(_ flip: SampleFlip, _ word: String) async throws -> String {
        let (one, other) = (
            try await answer(flip.trials.first, before), try await answer(flip.trials.second, after)
        )
        let change = "\(ReportTable.number(flip.before)) -> \(ReportTable.number(flip.after))"
        return "  \(word) \(flip.sample)  \(change)  \(one) -> \(other)"
    }

    /// What was scored of a trial, in a few letters.
    private func answer(_ trial: Int, _ run: KeptRun) async throws -> String {
        do throws(RunStoreError) {
            let record = try await run.store.trials(from: trial, limit: 1, withTexts: true).first
            guard let record, record.key.index == trial else { return "–" }
            let text = record.scores.first?.score?.answer ?? record.answer.text
            let line = String(text.map { $0.isNewline ? " " : $0 })
            return line.count > 30 ? line.prefix(29) + "…" : line.isEmpty ? record.outcome.rawValue : line
        } catch { throw Failure.of(error) }
    }

    // MARK: JSON

    var json: JSONValue {
        .object([
            JSONMember("a", .string(before.header.id)), JSONMember("b", .string(after.header.id)),
            JSONMember("confidence", .double(rule.confidence)), JSONMember("margin", .double(rule.margin)),
            JSONMember("comparisons", .array(comparison.rows.map(Self.json))),
            JSONMember("unmatched", .array(comparison.unmatched.map(JSONValue.string))),
        ])
    }

    private static func number(_ value: Double?) -> JSONValue {
        value.map { $0.isFinite ? .double($0) : .null } ?? .null
    }

    private static func json(_ figure: PairedFigure) -> JSONValue {
        .object([
            JSONMember("a", number(figure.first)), JSONMember("b", number(figure.second)),
            JSONMember("difference", number(figure.difference)),
            JSONMember(
                "interval", figure.interval.map { .array([number($0.lower), number($0.upper)]) } ?? .null),
        ])
    }

    private static func json(_ row: ComparisonRow) -> JSONValue {
        var (verdict, more): (JSONValue, JSONValue) = (.null, .null)
        switch row.verdict {
        case .better?: verdict = .string("better")
        case .worse?: verdict = .string("worse")
        case .equal?: verdict = .string("equal")
        case .undecided(let count)?:
            verdict = .string("undecided")
            more = count.map(JSONValue.int) ?? .null
        case nil: break
        }
        func parts(_ parts: [ComparedPart]) -> JSONValue { .array(parts.map { .string($0.rawValue) }) }
        func money(_ money: Money?) -> JSONValue { money.map { .string($0.exact) } ?? .null }
        return .object([
            JSONMember("task", .string(row.task)), JSONMember("a", .string(row.first)),
            JSONMember("b", .string(row.second)), JSONMember("comparable", .bool(row.obstacles.isEmpty)),
            JSONMember("obstacles", parts(row.obstacles)), JSONMember("differs_in", parts(row.differences)),
            JSONMember("pairs", .int(row.pairs)), JSONMember("wins", .int(row.wins)),
            JSONMember("losses", .int(row.losses)), JSONMember("ties", .int(row.ties)),
            JSONMember("accuracy", json(row.accuracy)), JSONMember("p_t", number(row.tTest)),
            JSONMember("p_mcnemar", number(row.mcNemar)), JSONMember("p_holm", number(row.adjusted)),
            JSONMember("verdict", verdict), JSONMember("more_pairs", more),
            JSONMember("ttft_seconds", json(row.firstToken)),
            JSONMember(
                "usd_per_100", .object([JSONMember("a", money(row.cost[0])), JSONMember("b", money(row.cost[1]))])),
            JSONMember(
                "flips",
                .array(
                    row.flips.map { flip in
                        .object([
                            JSONMember("sample", .string(flip.sample)), JSONMember("a", .double(flip.before)),
                            JSONMember("b", .double(flip.after)),
                        ])
                    })),
        ])
    }
}
