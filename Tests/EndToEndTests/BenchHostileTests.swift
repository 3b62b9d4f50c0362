import Foundation
import TestSupport
import Testing

/// Answers and folders that want more than they are given.
@Suite struct BenchHostileTests {
    /// Control sequences of an answer reach no terminal: neither as a flip of `compare` nor in a name.
    @Test func comparisonsAreGated() async throws {
        let place = try BenchPlace(
            BenchPlace.sums(1, score: "{contains: \"5\"}", extract: "[trim]", more: "run: {concurrency: 1}"))
        var ids: [String] = []
        for answer in ["5", "\\e[2J\\e]0;owned\\a"] {
            let spelt = answer.replacing("\\e", with: "\u{1B}").replacing("\\a", with: "\u{7}")
            let scenario = "scenario s\n  when user says \"What is\"\n  reply \"\(spelt)\"\n"
            try place.write("s.scenario", scenario)
            let (simulator, url) = try await Program.simulator(["--scenario", place.folder + "/s.scenario"])
            defer { simulator.terminate() }
            let result = try await place.bench(["run", "suite.yaml", "--base-url", url, "-o", "json"])
            #expect(result.code == 0, "\(result.errors)")
            ids.append(try #require(try BenchPlace.last(result)["run"] as? String))
        }
        let compared = try await place.bench(["compare"] + ids)
        #expect(compared.output.contains("WORSE  s0"), "\(compared.output)")
        #expect(compared.output.contains("5 -> ␛[2J␛]0;owned␇"), "\(compared.output)")
        let isControl = { (scalar: Unicode.Scalar) in scalar.value < 0x20 && scalar != "\n" }
        #expect(!compared.output.unicodeScalars.contains(where: isControl))
        // A negative control: the answer is kept as it is.
        let kept = try await place.bench(["export", "--format", "jsonl"])
        #expect(kept.output.contains("\\u001b[2J"), "\(kept.output)")
    }

    /// Where nothing says what is right, nothing is said to be right.
    @Test(arguments: ["", "  score: none"]) func withoutAScoreThereIsNoAccuracy(score: String) async throws {
        let suite = BenchPlace.sums(2).replacing("  score: {number: 5}\n", with: score + "\n")
        let place = try BenchPlace(suite + "gates: [{metric: accuracy, at_least: 0.5}]\non_inconclusive: report\n")
        let result = try await place.bench(["run", "suite.yaml", "--demo", "-o", "json"])
        #expect(result.code == 5, "\(result.errors)")
        #expect(try BenchPlace.count("answered", result) == 2 && BenchPlace.count("right", result) == 0)
        let cell = try #require((try BenchPlace.last(result)["tasks"] as? [[String: Any]])?.first)
        #expect(cell["accuracy"] is NSNull && cell["interval"] is NSNull && cell["coverage"] is NSNull)
        let report = try await place.bench(["report"]).output
        #expect(report.contains("answered 2") && !report.contains("1.000") && report.contains("no trial has a score"))
        // A negative control: with a score there is an accuracy.
        try place.write("suite.yaml", BenchPlace.sums(2))
        let scored = try await place.bench(["run", "suite.yaml", "--demo"])
        #expect(scored.output.contains("1.000"), "\(scored.output)")
    }

    /// Outputs of a suite stay in the working folder, also where a folder in it is a link that leads out.
    @Test func outputsDoNotFollowLinksOut() async throws {
        let more = "outputs: [{csv: out/x.csv}, {csv: out/deep/y.csv}, {csv: in/z.csv}, {csv: file.csv}]"
        let place = try BenchPlace(BenchPlace.sums(1, more: more))
        let other = try BenchPlace("")
        let files = FileManager.default
        try files.createSymbolicLink(atPath: place.folder + "/out", withDestinationPath: other.folder)
        try files.createDirectory(atPath: place.folder + "/real", withIntermediateDirectories: true)
        try files.createSymbolicLink(atPath: place.folder + "/in", withDestinationPath: "real")
        try files.createSymbolicLink(
            atPath: place.folder + "/file.csv", withDestinationPath: other.folder + "/file.csv")
        let result = try await place.bench(["run", "suite.yaml", "--demo"])
        #expect(result.code == 74, "\(result.errors)")
        #expect(result.errors.contains("out/x.csv is not written: its folder leads out of the working folder"))
        #expect(try files.contentsOfDirectory(atPath: other.folder).sorted() == ["suite.yaml"])
        // A link that stays inside is followed, and a link in the place of the file gives way to the file.
        #expect(try place.text("real/z.csv").hasPrefix("run,") && place.text("file.csv").hasPrefix("run,"))
        // Who types a path may go anywhere.
        let typed = try await place.bench(["export", "--format", "csv", "-f", "out/typed.csv"])
        #expect(typed.code == 0, "\(typed.errors)")
        #expect(try other.text("typed.csv").hasPrefix("run,"))
    }
}
