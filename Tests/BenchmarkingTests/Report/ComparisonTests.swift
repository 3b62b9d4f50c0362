import Benchmarking
import ProviderCore
import Statistics
import Testing

@Suite struct ComparisonTests {
    private func compare(
        _ first: ComparedRun, _ second: ComparedRun, _ subjects: RunComparison.Subjects = .sameLabels,
        margin: Double = 0.02
    ) throws -> RunComparison {
        RunComparison(first, second, subjects, try #require(ComparisonRule(margin: margin)))
    }

    @Test func pairsSamples() throws {
        let suite = try ReportRig.suite()
        // The second gains samples 5, 6, 7, 8 and loses 0.
        let first = ReportRig.run(suite) { ReportRig.number($0) < 5 ? .right : .wrong }
        let second = ReportRig.run(suite, id: "bbbb2222") { (1...8).contains(ReportRig.number($0)) ? .right : .wrong }
        let rows = try compare(first, second).rows
        #expect(rows.map(\.second) == ["small/plain/cold", "small/plain/warm"])
        for row in rows {
            #expect((row.pairs, row.wins, row.losses, row.ties) == (10, 4, 1, 5))
            #expect(row.accuracy.first == 0.5 && row.accuracy.second == 0.8)
            #expect(abs((row.accuracy.difference ?? 0) - 0.3) < 1e-12)
            // 2 (1 + 5) / 32.
            #expect(abs((row.mcNemar ?? 0) - 0.375) < 1e-12)
            #expect(abs((row.adjusted ?? 0) - 0.75) < 1e-12)
            #expect(row.flips.map(\.sample) == ["s0", "s5", "s6", "s7", "s8"])
            #expect(row.flips.first?.after == 0)
            guard case .undecided(let more?)? = row.verdict else {
                Issue.record("\(String(describing: row.verdict))")
                continue
            }
            #expect(more > 0)
        }
    }

    /// The t interval of two pairs alone would reach to 6.
    @Test func accuraciesDifferByOneAtMost() throws {
        let suite = try ReportRig.suite(samples: 2)
        let first = ReportRig.run(suite) { _ in .wrong }
        let second = ReportRig.run(suite, id: "bbbb2222") { ReportRig.number($0) == 0 ? .right : .wrong }
        let interval = try #require(try compare(first, second).rows.first?.accuracy.interval)
        #expect(interval.lower == -1 && interval.upper == 1)
    }

    @Test func averagesRepeatsFirst() throws {
        let suite = try ReportRig.suite(repeats: 2)
        let first = ReportRig.run(suite) { $0.repetition == 1 ? .right : .wrong }
        let second = ReportRig.run(suite, id: "bbbb2222") { key in
            ReportRig.number(key) < 5 ? .right : key.repetition == 1 ? .right : .wrong
        }
        let row = try #require(try compare(first, second).rows.first)
        #expect((row.pairs, row.wins, row.ties) == (10, 5, 5))
        #expect(row.accuracy.first == 0.5 && row.accuracy.second == 0.75)
        #expect(row.mcNemar == nil)
        #expect(row.tTest != nil)
    }

    @Test func comparesNamedSubjects() throws {
        let suite = try ReportRig.suite(samples: 100)
        let run = ReportRig.run(suite, firstToken: { $0.subject.hasSuffix("cold") ? 100 : 140 }) { key in
            key.subject.hasSuffix("warm") || ReportRig.number(key) < 60 ? .right : .wrong
        }
        let row = try #require(try compare(run, run, .named("small/plain/cold", "small/plain/warm")).rows.first)
        #expect(row.verdict == .better)
        #expect(row.differences == [.parameters] && row.obstacles.isEmpty)
        #expect(abs((row.firstToken.difference ?? 0) - 0.04) < 1e-9)
        let back = try #require(try compare(run, run, .named("small/plain/warm", "small/plain/cold")).rows.first)
        #expect(back.verdict == .worse)
        let same = try #require(try compare(run, run, .named("small/plain/cold", "small/plain/cold")).rows.first)
        #expect(same.verdict == .undecided(morePairs: 83) || same.verdict == .equal)
    }

    @Test func manySamplesAreEqualWithinTheMargin() throws {
        let suite = try ReportRig.suite(samples: 200)
        let run = ReportRig.run(suite) { _ in .right }
        #expect(try compare(run, run).rows.map(\.verdict) == [.equal, .equal])
        // With no margin nothing is equal.
        #expect(try compare(run, run, margin: 0).rows.allSatisfy { $0.verdict != .equal })
    }

    @Test(arguments: [
        ([": 0.9}": ": 0.8}"], "small/plain/warm", [ComparedPart.parameters]),
        (["text: \"{{question}}\"": "text: \"Q: {{question}}\""], "small/plain/cold", [.prompt]),
        (["model: gpt-5.4-mini": "model: gpt-5.4"], "small/plain/cold", [.model]),
        (["exact: \"{{answer}}\"": "contains: \"{{answer}}\""], "small/plain/cold", [.scorer]),
        (["+ 1\"": "+ one\""], "small/plain/cold", [.dataset]),
        (["    repeats: 1": "    output: {json_object: true}\n    repeats: 1"], "small/plain/cold", [.tools]),
        (
            ["    repeats: 1": "    prompt: [{role: user, text: \"{{question}}!\"}]\n    repeats: 1"],
            "small/plain/cold",
            [.taskPrompt]
        ),
    ])
    func refusesWhatIsNotAlike(change: [String: String], subject: String, parts: [ComparedPart]) throws {
        let first = ReportRig.run(try ReportRig.suite()) { _ in .right }
        let second = ReportRig.run(try ReportRig.suite(change: change), id: "bbbb2222") { _ in .wrong }
        let row = try #require(try compare(first, second).rows.first { $0.first == subject })
        #expect(row.obstacles == parts)
        #expect(row.verdict == nil && row.pairs == 0)
        // What subjects differ in is what is compared when they are named.
        let named = try #require(try compare(first, second, .named(subject, subject)).rows.first)
        let isOfSubject = parts.allSatisfy { [.model, .prompt, .parameters].contains($0) }
        #expect(named.obstacles.isEmpty == isOfSubject)
        #expect(named.losses == (isOfSubject ? 10 : 0))
    }

    @Test func comparesAlikeSamplesOnly() throws {
        let first = ReportRig.run(try ReportRig.suite(samples: 12)) { _ in .right }
        let other = try ReportRig.suite(samples: 10, change: ["\"3 + 1\"": "\"3 plus 1\""])
        let second = ReportRig.run(other, id: "bbbb2222") { _ in .right }
        let row = try #require(try compare(first, second).rows.first)
        #expect(row.pairs == 9)
        #expect(row.remark.contains("1 sample with other content") && row.remark.contains("2 of one run only"))
    }

    /// Six wins of six are decided, but not twice at once.
    @Test func correctsForMany() throws {
        let suite = try ReportRig.suite(samples: 6)
        let first = ReportRig.run(suite) { _ in .wrong }
        let second = ReportRig.run(suite, id: "bbbb2222") { _ in .right }
        let both = try compare(first, second).rows
        #expect(both.allSatisfy { abs(($0.mcNemar ?? 0) - 0.03125) < 1e-12 })
        #expect(both.allSatisfy { abs(($0.adjusted ?? 0) - 0.0625) < 1e-12 })
        #expect(both.map(\.verdict) == [.undecided(morePairs: nil), .undecided(morePairs: nil)])
        let one = try compare(first, second, .named("small/plain/cold", "small/plain/cold")).rows
        #expect(one.map(\.verdict) == [.better])
    }

    @Test func leavesOutWhatIsNotScored() throws {
        let suite = try ReportRig.suite()
        let first = ReportRig.run(suite) { _ in .right }
        let second = ReportRig.run(suite, id: "bbbb2222") { ReportRig.number($0) < 4 ? .infraError : .right }
        #expect(try compare(first, second).rows.map(\.pairs) == [6, 6])
    }
}
