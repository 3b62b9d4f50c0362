import Foundation
import TestSupport
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// Files around a suite: its programs, what it writes at the end, and the folder of runs.
@Suite struct BenchFilesTests {
    private static let scorer = """
        #!/bin/sh
        cat >/dev/null
        echo '{"value": 1, "explanation": "by the suite"}'

        """

    /// They are found beside the suite, wherever it is run from.
    @Test func programsLieBesideTheSuite() async throws {
        let place = try BenchPlace(BenchPlace.sums(2, score: "{command: [\"./tools/score.sh\"]}", extract: "[trim]"))
        try place.write("tools/score.sh", Self.scorer, isProgram: true)
        for (folder, name) in [("/usr", place.suite), (place.folder, "suite.yaml"), (place.folder, "./suite.yaml")] {
            let result = try await place.bench(["run", name, "--demo", "--allow-unsandboxed"], in: folder)
            #expect(result.code == 0 && result.output.contains("right 2"), "\(result.output)\(result.errors)")
        }
        let again = try await place.bench(["score", "latest", "--allow-unsandboxed", "-o", "json"])
        #expect(again.code == 0, "\(again.errors)")
        #expect(try BenchPlace.last(again)["scored"] as? Int == 2)
        // A tool of the suite's, called by the simulator's model.
        let tool = """
            tools:
              get_weather:
                schema: {type: object, properties: {city: {type: string}, unit: {type: string}}}
                does: {exec: ["./weather.sh"]}
            """
        let suite = BenchPlace.sums(1, before: tool, score: "{contains: degrees}", extract: "[trim]")
            .replacing("What is 2 + 3?", with: "weather").replacing(
                "  extract", with: "  tools: [get_weather]\n  turns: 3\n  extract")
        try place.write("suite.yaml", suite)
        try place.write(
            "weather.sh", "#!/bin/sh\ncat >/dev/null\necho ran >\"$0.ran\" 2>/dev/null\necho 21 degrees\n",
            isProgram: true)
        let result = try await place.bench(
            ["run", place.suite, "--demo", "--allow-unsandboxed", "-o", "json"], in: "/usr")
        #expect(try BenchPlace.last(result)["state"] as? String == "complete", "\(result.errors)")
        let line = try await place.bench(["export", "--format", "inspect_json"]).output
        #expect(line.contains("21 degrees"), "\(line)")
    }

    /// A run is not scored by two programs: one that was changed, or is gone, is put back first.
    @Test func resumeKeepsToItsPrograms() async throws {
        let place = try BenchPlace(BenchPlace.sums(60, score: "{command: [\"./score.sh\"]}", extract: "[trim]"))
        try place.write("score.sh", Self.scorer, isProgram: true)
        let run = ["run", "suite.yaml", "--demo", "--allow-unsandboxed", "--max-cost", "0.001"]
        #expect(try await place.bench(run).code == 3)
        let resume = ["resume", "--allow-unsandboxed", "--max-cost", "5", "-o", "json"]
        try place.write("score.sh", Self.scorer + "# another one\n", isProgram: true)
        let changed = try await place.bench(resume)
        #expect(changed.code == 65 && changed.errors.contains("score.sh, a program of suite.yaml, is another one than"))
        // From another folder the suite's is not found.
        let elsewhere = try await place.bench(resume, in: "/usr")
        #expect(elsewhere.code == 65 && elsewhere.errors.contains("is not there"), "\(elsewhere.errors)")
        try place.write("score.sh", Self.scorer, isProgram: true)
        let resumed = try await place.bench(resume)
        #expect(resumed.code == 0, "\(resumed.errors)")
        #expect(try BenchPlace.count("right", resumed) == 60)
    }

    @Test(arguments: [
        ("./gone.sh", "gone.sh is not there"), ("../score.sh", "lies outside the suite's folder"),
        ("a/../../score.sh", "lies outside the suite's folder"), ("/bin/true", "lies outside the suite's folder"),
        ("./link.sh", "leads out of the suite's folder through a link"),
    ])
    func programsElsewhereAreRefused(program: String, words: String) async throws {
        let place = try BenchPlace(BenchPlace.sums(1, score: "{command: [\"\(program)\"]}"))
        try FileManager.default.createSymbolicLink(
            atPath: place.folder + "/link.sh", withDestinationPath: "/bin/true")
        for command in [["check", "suite.yaml"], ["run", "suite.yaml", "--demo"]] {
            let result = try await place.bench(command)
            #expect(result.code == 65, "\(result.output)")
            #expect(result.errors.contains("suite.yaml:12:21: "), "\(result.errors)")
            #expect(result.errors.contains(words), "\(result.errors)")
        }
    }

    // MARK: Outputs

    private static let hostile = "</script><b>'\"&amp;]]>"

    private static let outputs = """
        gates:
        - {metric: accuracy, at_least: 0.9}
        outputs:
        - {jsonl: "out/{{run_id}}/trials.jsonl"}
        - {csv: out/trials.csv}
        - {junit: out/junit.xml}
        - {markdown: out/report.md}
        - {inspect_json: out/log.json}
        - {html: out/page.html}
        """

    /// All are written at the end, also of a run whose gate fails, and none of them is broken by what samples say.
    @Test func outputsAreWrittenAtTheEnd() async throws {
        let text = Self.hostile.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        let suite = BenchPlace.sums(2, score: "{exact: \"{{answer}}\"}", extract: "[trim]", more: Self.outputs)
            .replacing("question:", with: "answer: \"\(text)\", question:").replacing("id: s0", with: "id: \"\(text)\"")
        let place = try BenchPlace(suite)
        let result = try await place.bench(["run", "suite.yaml", "--demo", "-o", "json"])
        #expect(result.code == 2, "\(result.errors)")
        let id = try #require(try BenchPlace.last(result)["run"] as? String)
        #expect(try place.text("out/\(id)/trials.jsonl").split(separator: "\n").count == 2)
        #expect(try place.text("out/trials.csv").hasPrefix("run,") || place.text("out/trials.csv").contains(","))
        #expect(try place.text("out/report.md").contains("accuracy"))
        _ = try JSONSerialization.jsonObject(with: Data(place.text("out/log.json").utf8))
        try Self.checkJUnit(place.text("out/junit.xml"))
        try Self.checkPage(place.text("out/page.html"))
        #expect(result.errors.contains("wrote out/page.html"))
    }

    private static func checkJUnit(_ text: String) throws {
        let reader = MarkupReader(text)
        #expect(reader.problem == nil, "\(reader.problem ?? "")")
        let cases = reader.elements.filter { $0.name == "testcase" }
        // Two trials and a gate of one cell.
        #expect(cases.count == 3 && reader.elements.count { $0.name == "failure" } == 3)
        #expect(cases.contains { $0.attributes["name"] == hostile }, "\(cases)")
        #expect(reader.elements.first?.attributes["tests"] == "3")
        // A negative control: a page that is not escaped is found.
        #expect(MarkupReader(text.replacing(">That is 5.<", with: "></script><b>That is 5.<")).problem != nil)
    }

    private static func checkPage(_ text: String) throws {
        func faults(_ page: String) -> [String] {
            guard let start = page.range(of: "<body>"), let end = page.range(of: "</html>") else { return ["no body"] }
            let reader = MarkupReader(String(page[start.lowerBound..<end.lowerBound]))
            var faults = reader.problem.map { [$0] } ?? []
            for element in reader.elements {
                if ["script", "link", "img", "iframe", "object", "embed", "base"].contains(element.name) {
                    faults.append(element.name)
                }
                for (name, value) in element.attributes {
                    if ["src", "href", "xlink:href", "action", "data", "srcset"].contains(name) || name.hasPrefix("on")
                    {
                        faults.append("\(name)=\(value)")
                    }
                }
            }
            return faults
        }
        #expect(faults(text).isEmpty, "\(faults(text))")
        for word in ["@import", "url(", "<script", "<link"] { #expect(!text.contains(word), "\(word)") }
        #expect(text.contains("&lt;/script&gt;&lt;b&gt;"))
        // Negative controls: what the check has to find.
        #expect(!faults(text.replacing("&lt;b&gt;", with: "<b>")).isEmpty)
        #expect(!faults(text.replacing("<h1>", with: "<h1><img src=\"http://x/\"/>")).isEmpty)
    }

    /// An output that cannot be written is told, and the exit code is that of storage; the run is kept.
    @Test func anOutputThatCannotBeWritten() async throws {
        let place = try BenchPlace(
            BenchPlace.sums(1, more: "outputs: [{csv: \"suite.yaml/x.csv\"}, {html: out/x.html}]"))
        let result = try await place.bench(["run", "suite.yaml", "--demo"])
        #expect(result.code == 74 && result.errors.contains("suite.yaml/x.csv"), "\(result.errors)")
        #expect(try place.text("out/x.html").contains("</html>"))
        #expect(try await place.bench(["report"]).output.contains("right 1"))
    }

    // MARK: The folder of runs

    /// Nothing is sent when nothing can be kept.
    @Test(arguments: ["suite.yaml", "suite.yaml/runs", "/dev/full", "/dev/full/runs"])
    func aFolderThatIsNone(folder: String) async throws {
        let place = try BenchPlace(BenchPlace.sums(1))
        let (simulator, url) = try await Program.simulator(["--request-log", place.folder + "/log.jsonl"])
        defer { simulator.terminate() }
        let result = try await place.bench(["run", "suite.yaml", "--base-url", url], runs: folder)
        #expect(result.code == 74, "\(result.errors)")
        #expect(result.errors.contains("the run's database \(folder)/") && result.errors.contains("cannot be"))
        #expect(place.requests("log.jsonl") == 0)
        for command in ["resume", "report", "watch", "list"] {
            let none = try await place.bench([command], runs: folder)
            #expect(none.code == 74 && none.errors.contains("the runs folder \(folder) "), "\(command) \(none.errors)")
        }
    }
}

/// What a parser of XML finds in a text.
private final class MarkupReader: NSObject, XMLParserDelegate {
    private(set) var elements: [(name: String, attributes: [String: String])] = []
    private(set) var problem: String?
    private var open: [String] = []

    init(_ text: String) {
        super.init()
        let parser = XMLParser(data: Data(text.utf8))
        parser.delegate = self
        if !parser.parse() { problem = "\(String(describing: parser.parserError)) on line \(parser.lineNumber)" }
        // Not everything that is wrong ends this parser.
        if problem == nil, !open.isEmpty || elements.isEmpty { problem = "not closed: \(open)" }
    }

    func parser(_ parser: XMLParser, parseErrorOccurred parseError: any Error) {
        problem = problem ?? "\(parseError) on line \(parser.lineNumber)"
    }

    func parser(
        _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
    ) {
        if open.popLast() != name { problem = problem ?? "\(name) is closed on line \(parser.lineNumber)" }
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        elements.append((name, attributes))
        open.append(name)
    }
}
