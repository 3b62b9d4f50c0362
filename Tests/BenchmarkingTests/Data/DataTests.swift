import Foundation
import ProviderCore
import TestSupport
import Testing

@testable import Benchmarking

@Suite struct CSVDataTests {
    private func rows(_ text: String) -> [[String]] {
        CSVData.read(Array(text.utf8), file: "d.csv").rows.map { row in
            (row.fields.objectValue ?? []).map { "\($0.key)=\($0.value.stringValue ?? "?")" }
        }
    }

    private func problems(_ text: String) -> [String] {
        CSVData.read(Array(text.utf8), file: "d.csv").problems.map(\.description)
    }

    @Test(arguments: [
        ("plain", "a,b\n1,2\n", [["a=1", "b=2"]]), ("without the last line end", "a,b\n1,2", [["a=1", "b=2"]]),
        ("line ends of Windows", "a,b\r\n1,2\r\n3,4\r\n", [["a=1", "b=2"], ["a=3", "b=4"]]),
        ("a byte order mark", "\u{FEFF}a\n1\n", [["a=1"]]), ("empty fields", "a,b,c\n,,\n", [["a=", "b=", "c="]]),
        ("quotes", "a,b\n\"x,y\",\"say \"\"hi\"\"\"\n", [["a=x,y", "b=say \"hi\""]]),
        ("line ends in quotes", "a,b\n\"1\r\n2\",3\n", [["a=1\r\n2", "b=3"]]),
        ("an empty line", "a,b\n1,2\n\n3,4\n", [["a=1", "b=2"], ["a=3", "b=4"]]), ("no rows", "a,b\n", []),
        ("a quoted empty field", "a,b\n\"\",x\n", [["a=", "b=x"]]), ("letters of others", "ä\n€\n", [["ä=€"]]),
    ]) func tables(name: String, text: String, expected: [[String]]) {
        #expect(rows(text) == expected)
        #expect(problems(text) == [])
    }

    @Test(arguments: [
        ("empty", "", "d.csv:1:1: is empty; the first row names the columns"),
        ("too many", "a,b\n1,2\n1,2,3\n", "d.csv:3:1: has 3 columns, and the first row names 2 columns"),
        (
            "too few, behind a row of two lines", "a,b\n\"x\ny\",2\n1\n",
            "d.csv:4:1: has 1 column, and the first row names 2 columns"
        ),
        ("unclosed", "a\n\"x\ny", "d.csv:2:1: a quoted field that begins here is not closed"),
        (
            "a quote within", "a\nx\"y\n",
            "d.csv:2:1: has a quote within a field that does not begin with one; write \"\""
        ),
        ("behind a quote", "a\n\"x\"y\n", "d.csv:2:1: goes on behind a quoted field; a comma is missing"),
        ("names twice", "a,a\n1,2\n", "d.csv:1:1: two columns are named \"a\""),
        ("no name", "a,\n1,2\n", "d.csv:1:1: column 2 has no name"),
        ("semicolons", "a;b\n1;2\n", "d.csv:1:1: columns are parted by commas, and this file parts them by semicolons"),
    ]) func wrong(name: String, text: String, expected: String) { #expect(problems(text) == [expected]) }
}

@Suite struct KnownDataTests {
    @Test func jsonLines() {
        let text = "{\"a\": 1}\n\n  \r\n{\"a\": }\n[1]\n{\"a\": 2}"
        let data = JSONLinesData.read(Array(text.utf8), file: "d.jsonl")
        #expect(data.rows.map(\.mark.line) == [1, 6])
        #expect(data.problems.map(\.line) == [4, 5])
        #expect(data.problems.map(\.column) == [7, 1])
        let many = JSONLinesData.read(Array(String(repeating: "x\n", count: 99).utf8), file: "d.jsonl")
        #expect(many.problems.count == DataRows.mostProblems)
        let json = JSONLinesData.read(Array("[{\"a\": 1}]".utf8), file: "d.json")
        #expect(json.problems.first?.message.hasSuffix("this is JSON, not JSON Lines") == true)
    }

    @Test func humanEval() {
        let text = """
            {"task_id": "H/0", "prompt": "p", "entry_point": "f", "test": "t"}
            {"task_id": "H/1", "promt": "p", "entry_point": 5, "test": "t"}
            """
        let data = HumanEvalData.read(Array(text.utf8), file: "h.jsonl")
        #expect(data.rows.map(\.id) == ["H/0", "H/1"])
        #expect(
            data.problems.map(\.description) == [
                "h.jsonl:2:1: has no \"prompt\"; did you mean \"promt\"?", "h.jsonl:2:1: \"entry_point\" is not a text",
            ])
    }

    @Test func openAIEvals() {
        let text = """
            {"input": "2+2?", "ideal": "4"}
            {"input": [{"role": "system", "content": "s"}, {"role": "user", "content": "u"}], "ideal": ["a", "b"]}
            {"ideal": "x"}
            {"input": [{"role": "nobody", "content": "s"}]}
            {"input": "q", "ideal": 4}
            """
        let data = EvalsData.read(Array(text.utf8), file: "e.jsonl")
        #expect(data.rows[0].messages == [ChatMessage(.user, "2+2?")])
        #expect(data.rows[1].messages?.map(\.role) == [.system, .user])
        #expect(
            data.problems.map { "\($0.line): \($0.message)" } == [
                "3: has no \"input\"", "4: \"input\" is a list of messages with \"role\" and a text as \"content\"",
                "5: \"ideal\" is a text or a list of texts",
            ])
    }

    @Test(arguments: [
        ("no answer", #"{"id": "b", "ground_truth": []}"#, "q.json:1:1: \"a\" has no answer in a.json"),
        (
            "an answer of a wrong form", #"{"id": "a", "ground_truth": [{"f": {"x": 1}}]}"#,
            "a.json:1:1: \"ground_truth\" is a list of {\"function\": {\"argument\": [values]}}"
        ),
    ]) func callsWithoutAnswers(name: String, answers: String, expected: String) {
        let question = #"{"id": "a", "question": [[{"role": "user", "content": "q"}]], "function": [{"name": "f"}]}"#
        let data = BFCLData.read(
            Array(question.utf8), file: "q.json", answers: (Array(answers.utf8), "a.json"))
        #expect(data.problems.first?.description == expected)
    }

    @Test(arguments: [
        (
            "turns", #"{"id": "a", "question": [[{"role": "user", "content": "q"}], []], "function": [{"name": "f"}]}"#,
            "multi-turn"
        ),
        (
            "no messages", #"{"id": "a", "question": "q", "function": [{"name": "f"}]}"#,
            "\"question\" is a list of turns"
        ),
        ("no functions", #"{"id": "a", "question": [[{"role": "user", "content": "q"}]]}"#, "has no \"function\""),
        (
            "a name that cannot be sent",
            #"{"id": "a", "question": [[{"role": "user", "content": "q"}]], "function": [{"name": "f g"}]}"#,
            "a function has no \"name\""
        ),
    ]) func wrongQuestions(name: String, question: String, expected: String) {
        let data = BFCLData.read(Array(question.utf8), file: "q.json", answers: nil)
        #expect(data.problems.first?.message.hasPrefix(expected) == true)
    }
}

@Suite struct GzipTests {

    private func fixture() throws -> [UInt8] {
        Array(try Data(contentsOf: Fixture.folder.appending(path: "worked/data/HumanEval.jsonl.gz")))
    }

    @Test func unpacks() throws {
        let text = String(decoding: try Gzip.unpack(fixture(), limit: 10_000), as: UTF8.self)
        #expect(text.split(separator: "\n").count == 3)
        #expect(text.hasPrefix("{\"task_id\": \"HumanEval/0\""))
        let twice = try Gzip.unpack(fixture() + fixture(), limit: 10_000)
        #expect(twice.count == 2 * text.utf8.count)
    }

    @Test func isBounded() throws {
        #expect(throws: Gzip.Fault.self) { try Gzip.unpack(fixture(), limit: 100) }
    }

    @Test func whatIsDamagedIsTold() throws {
        let bytes = try fixture()
        for length in stride(from: 0, to: bytes.count, by: 7) {
            #expect(throws: Gzip.Fault.self) { try Gzip.unpack(Array(bytes[..<length]), limit: 10_000) }
        }
        let random = SeededRandom(5)
        for _ in 0..<300 {
            var damaged = bytes
            // The head's time and system may change; the contents may not.
            damaged[12 + random.next(below: bytes.count - 12)] ^= UInt8(1 + random.next(below: 255))
            if let text = try? Gzip.unpack(damaged, limit: 10_000) {
                #expect(text == (try Gzip.unpack(bytes, limit: 10_000)))
            }
        }
    }
}

@Suite struct ChoosingTests {
    private static let rows = (0..<10).map { "{\"id\": \"x/\($0)\", \"q\": \($0)}\n" }.joined()

    private func ids(_ data: String, seed: Int = 1) -> [String] {
        let text = """
            suite: 1
            name: n
            seed: \(seed)
            tasks: [{id: t, data: {\(data)}, prompt: [{role: user, text: "{{id}}"}]}]
            """
        let files = MemoryFiles(["d.jsonl": Self.rows, "plain.jsonl": "{\"q\": 1}\n\n{\"q\": 2}\n"])
        let result = SuiteReader.read(Array(text.utf8), file: "s.yaml", files: files)
        return result.suite?.tasks[0].samples.map(\.id) ?? result.problems.map(\.description)
    }

    @Test(arguments: [
        ("all", "jsonl: d.jsonl", (0..<10).map { "x/\($0)" }), ("take", "jsonl: d.jsonl, take: 2", ["x/0", "x/1"]),
        ("skip and take", "jsonl: d.jsonl, skip: 7, take: 2", ["x/7", "x/8"]),
        ("take more than there are", "jsonl: d.jsonl, skip: 8, take: 99", ["x/8", "x/9"]),
        ("ids in their order", "jsonl: d.jsonl, ids: [x/3, x/1]", ["x/3", "x/1"]),
        ("a range", "jsonl: d.jsonl, split_ids: \"x/2..4\"", ["x/2", "x/3", "x/4"]),
        ("rows without ids", "jsonl: plain.jsonl", ["1", "2"]),
        (
            "an id twice, and one that is not there", "jsonl: d.jsonl, ids: [x/3, x/3, x/33]",
            [
                "s.yaml:4:51: \"x/3\" is here twice",
                "s.yaml:4:56: there is no sample \"x/33\"; did you mean \"x/3\"?",
            ]
        ),
    ]) func chosen(name: String, data: String, expected: [String]) { #expect(ids(data) == expected) }

    /// Looking each of them up among all would take minutes.
    @Test func manyIdsAreChosen() {
        let names = (0..<20_000).map { "q\($0)" }
        let rows = names.map { "{\"id\": \"\($0)\"}\n" }.joined()
        let text = """
            suite: 1
            name: n
            tasks:
            - {id: t, data: {jsonl: d.jsonl, ids: [\(names.reversed().joined(separator: ", "))]}, prompt: [{role: user, text: x}]}
            """
        var result: SuiteResult?
        let time = ContinuousClock().measure {
            result = SuiteReader.read(Array(text.utf8), file: "s.yaml", files: MemoryFiles(["d.jsonl": rows]))
        }
        #expect(result?.suite?.tasks[0].samples.map(\.id) == names.reversed())
        #expect(time < .seconds(10))
    }

    @Test func shufflingFollowsTheSeed() {
        let first = ids("jsonl: d.jsonl, shuffle: true")
        #expect(first == ids("jsonl: d.jsonl, shuffle: true"))
        #expect(first.sorted() == (0..<10).map { "x/\($0)" })
        #expect(first != (0..<10).map { "x/\($0)" })
        #expect(first != ids("jsonl: d.jsonl, shuffle: true", seed: 2))
        #expect(ids("jsonl: d.jsonl, shuffle: true, take: 3") == Array(first.prefix(3)))
    }
}
