import Foundation
import ProviderCore
import Testing

@testable import Benchmarking

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct ExportTests {
    /// What answers may hold to break out of a format.
    static let hostile = [
        "plain", "<script>alert(1)</script>", "a,b\"c\r\nd", "]]>&amp;<!--", "\u{0}\u{1B}[2J\u{FFFE}", "| a | b |\n---",
        "=1+1",
        "e\u{301}🎉\u{2028}", "\"}],\"status\":\"success", "@everyone `x` [y](javascript:z)",
    ]

    private func exported(_ form: SuiteOutput.Form) async throws -> String {
        let suite = try ReportRig.suite(
            samples: Self.hostile.count,
            gates: ["{metric: accuracy, at_least: 0.9}", "{metric: ttft.p99, at_most: 1s}"],
            change: ["name: sums": "name: \"<b>sums & co</b>\""])
        let plan = SuitePlan(suite)
        let store = try await MemoryRunLibrary().create(
            ReportRig.header(suite, "aaaa2222"), files: [], trials: plan.keys)
        _ = try await store.claim()
        for key in plan.keys {
            let outcomes: [TrialOutcome] = [.right, .wrong, .infraError, .badFormat, .truncated]
            var record = ReportRig.record(key, suite, outcomes[key.index % 5])
            let text = Self.hostile[ReportRig.number(key)]
            record.answer = TrialAnswer(
                text: text, calls: [ToolCall(id: "c", name: text, arguments: key.index % 2 == 0 ? "{\"a\":1}" : text)])
            record.transcript = [
                ChatMessage(.system, "s"), ChatMessage(.user, text),
                ChatMessage(role: .assistant, content: [.text(text)], toolCalls: record.answer.calls),
                .toolResult(callID: "c", text),
            ]
            if key.index % 5 == 2 { record.error = ProviderError(kind: .server, message: text) }
            if !record.scores.isEmpty {
                record.scores[0].score?.answer = text
                record.scores[0].score?.explanation = text
            }
            let request = try await store.begin(
                RequestStart(
                    purpose: RequestPurpose(trial: key.index, turn: 1), attempt: 1, model: "m", endpoint: "e",
                    inputTokens: 1, worst: nil, sent: 1_700_000_000_123))
            store.close(
                request,
                LedgerClosing(
                    state: .settled, usage: TokenUsage(inputTokens: 7, outputTokens: 5),
                    cost: .exact(ReportRig.dollars("0.01"))))
            try await store.settle([record])
        }
        let results = try await ReportBuilder.results(store, planned: plan.keys, plan.reportOptions())
        let run = ComparedRun(suite: suite, results: results)
        let context = RunExport.Context(run: run, gates: GateJudge(run).results())
        var bytes: [UInt8] = []
        try await RunExport.write(form, context, of: store) { bytes += $0 }
        return try #require(String(validating: bytes, as: UTF8.self))
    }

    @Test func linesOfJSON() async throws {
        let lines = try await exported(.jsonl).split(separator: "\n").map { try JSONParser.parse(String($0)) }
        #expect(lines.count == 20)
        #expect(lines.map { $0["answer"]?.stringValue } == Self.hostile.flatMap { [$0, $0] })
        #expect(lines.allSatisfy { $0["cost"]?["usd"] == .string("0.010000") && $0["requests"] == .int(1) })
        #expect(lines[0]["timing"]?["ttft_ms"]?.doubleValue == 100)
        #expect(lines[2]["error"]?["message"] == .string(Self.hostile[1]))
    }

    /// What of an answer stands in a table.
    private static func inCSV(_ text: String) -> String {
        switch text {
        case "=1+1": "'=1+1"
        case "@everyone `x` [y](javascript:z)": "'@everyone `x` [y](javascript:z)"
        case "a,b\"c\r\nd": "a,b\"c\nd"
        case "\u{0}\u{1B}[2J\u{FFFE}": "[2J\u{FFFE}"
        default: text
        }
    }

    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"),
        ("\tx", "\"'\tx\""), ("\r=1", "'=1"), ("\u{1B}=1", "'=1"), ("\u{9B}2J", "2J"), ("a=1", "a=1"),
        ("a\nb", "\"a\nb\""), ("=\"", "\"'=\"\"\""),
    ]) func foreignTextsInATable(_ text: String, _ cell: String) { #expect(ExportText.foreignCSV(text) == cell) }

    @Test func table() async throws {
        let text = try await exported(.csv)
        let data = CSVData.read(Array(text.utf8), file: "x.csv")
        #expect(data.problems.isEmpty, "\(data.problems)")
        #expect(data.rows.count == 20)
        let answers = data.rows.map { $0.fields["answer"]?.stringValue }
        #expect(answers == Self.hostile.flatMap { [Self.inCSV($0), Self.inCSV($0)] })
        // Nothing in the whole table is taken for a formula or for a command of a terminal.
        for cell in data.rows.flatMap({ $0.fields.objectValue ?? [] }) {
            #expect(cell.value.stringValue?.first.map { "=+-@\t\r".contains($0) } != true, "\(cell)")
        }
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" && $0 != "\r" })
        #expect(data.rows[0].fields["cost_usd"] == .string("0.010000"))
    }

    @Test func junit() async throws {
        let text = try await exported(.junit)
        let reader = XMLReader()
        let parser = XMLParser(data: Data(text.utf8))
        parser.delegate = reader
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        let suites = reader.elements.filter { $0.name == "testsuite" }
        #expect(suites.count == 2)
        // Counts are those of what is there.
        let all = try #require(reader.elements.first { $0.name == "testsuites" })
        for (attribute, name) in [("tests", "testcase"), ("failures", "failure"), ("errors", "error")] {
            #expect(all.attributes[attribute] == "\(reader.elements.count { $0.name == name })", "\(attribute)")
        }
        #expect(reader.elements.count { $0.name == "error" } == 4)
        #expect(reader.elements.first { $0.name == "failure" }?.attributes["type"] == "wrong")
        #expect(Self.isNested(text))
        // A negative control: the check finds what is no XML.
        #expect(!Self.isNested(text.replacing("</testsuite>", with: "")))
    }

    /// Whether every element ends, in order; Foundation's parser on Linux forgives what does not.
    private static func isNested(_ text: String) -> Bool {
        var open: [Substring] = []
        for match in text.matches(of: /<(\/?)([A-Za-z][A-Za-z0-9:-]*)[^<>]*?(\/?)>/) where match.output.3.isEmpty {
            guard match.output.1.isEmpty else {
                if open.popLast() != match.output.2 { return false }
                continue
            }
            open.append(match.output.2)
        }
        return open.isEmpty && !text.contains(/&(?!(amp|lt|gt|quot|apos|#[0-9]+|#x[0-9A-Fa-f]+);)/)
    }

    @Test func page() async throws {
        let text = try await exported(.html)
        #expect(!text.lowercased().contains("<script"))
        #expect(!text.contains("<b>sums"))
        // Nothing comes from elsewhere.
        for word in ["src=", "href=", "@import", "url("] { #expect(!text.contains(word), "\(word)") }
        #expect(text.components(separatedBy: "<svg").count == 4)
        // All but the head is XML.
        let start = try #require(text.range(of: "<body>")).lowerBound
        let end = try #require(text.range(of: "</html>")).lowerBound
        let body = String(text[start..<end])
        let parser = XMLParser(data: Data(body.utf8))
        #expect(parser.parse(), "\(String(describing: parser.parserError)) at \(parser.lineNumber)")
        #expect(Self.isNested(body))
    }

    @Test func summary() async throws {
        let text = try await exported(.markdown)
        #expect(text.hasPrefix("## &lt;b\\>sums & co&lt;/b\\>\n"))
        #expect(text.contains("❌ **fail**") && text.contains("❔ inconclusive"))
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("|") }
        #expect(rows.count == 4)
        #expect(Set(rows.map { $0.count { $0 == "|" } }) == [12])
    }

    @Test func inspectLog() async throws {
        let log = try JSONParser.parse(try await exported(.inspect))
        #expect(log["version"] == .int(2))
        let samples = try #require(log["samples"]?.arrayValue)
        #expect(samples.count == 20)
        let ids = samples.compactMap { sample in sample["id"]?.stringValue }
        #expect(Set(ids).count == 20)
        #expect(log["eval"]?["dataset"]?["samples"] == .int(20))
        #expect(Set(ids) == Set(log["eval"]?["dataset"]?["sample_ids"]?.arrayValue?.compactMap(\.stringValue) ?? []))
        let values = samples.map { $0["scores"]?.objectValue?.first?.value["value"]?.stringValue }
        #expect(Array(values.prefix(5)) == ["C", "I", nil, "I", "I"])
        #expect(samples[2]["error"]?["message"] != nil)
        #expect(samples[0]["metadata"]?["timing"]?["ttft_ms"]?.doubleValue == 100)
        #expect(samples[0]["target"] == .string("1"))
        let calls = samples.compactMap { $0["messages"]?.arrayValue?[2]["tool_calls"]?.arrayValue?.first }
        #expect(calls.allSatisfy { $0["arguments"]?.objectValue != nil })
        #expect(calls[1]["parse_error"] != nil && calls[0]["parse_error"] == nil)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000+00:00"), (1_709_208_000_123, "2024-02-29T12:00:00.123+00:00"),
        (-1, "1969-12-31T23:59:59.999+00:00"), (4_102_444_799_000, "2099-12-31T23:59:59.000+00:00"),
    ])
    func tellsInstants(milliseconds: Int64, text: String) {
        #expect(ExportText.instant(milliseconds) == text)
    }
}

private final class XMLReader: NSObject, XMLParserDelegate {
    private(set) var elements: [(name: String, attributes: [String: String])] = []

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        elements.append((name, attributes))
    }
}
