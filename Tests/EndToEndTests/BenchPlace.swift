import Foundation
import TestSupport
import Testing

/// A folder with a suite, and the program run on it. Gone when nobody has it any more.
final class BenchPlace: Sendable {
    let folder = Program.dataFolder()
    var suite: String { folder + "/suite.yaml" }
    var runs: String { folder + "/runs" }

    init(_ suite: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try write("suite.yaml", suite)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// A suite of sums. `samples` are asked what 2 and 3 are; `more` is whatever stands behind the tasks.
    static func sums(
        _ samples: Int = 3, model: String = "gpt-5.4-mini", before: String = "",
        score: String = "{number: 5}", extract: String = "[last_number]", more: String = ""
    ) -> String {
        let rows = (0..<samples).map { "        - {id: s\($0), question: \"What is 2 + 3?\"}" }.joined(separator: "\n")
        return """
            suite: 1
            name: sums
            models: {m: {model: \(model), params: {max_output_tokens: 200}}}
            prompts: {plain: [{role: user, text: "{{question}}"}]}
            \(before)
            tasks:
            - id: sums
              data:
                inline:
            \(rows)
              extract: \(extract)
              score: \(score)
            \(more)

            """
    }

    func write(_ name: String, _ text: String, isProgram: Bool = false) throws {
        let path = "\(folder)/\(name)"
        let parent = URL(fileURLWithPath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        if isProgram { chmod(path, 0o755) }
    }

    func text(_ name: String) throws -> String { try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) }

    /// Runs a command of `bench` with a working folder, the place's own unless told. `runs`: where runs are kept.
    func bench(_ arguments: [String], in working: String? = nil, runs: String? = nil) async throws -> Program.Result {
        let keeps = !["check", "plan", "import"].contains(arguments.first)
        let all = ["bench"] + arguments + (keeps ? ["--runs-dir", runs ?? self.runs] : [])
        let script = "cd \"$1\" && shift && exec \"$@\""
        return try await Program.run(
            ["-c", script, "sh", working ?? folder, Program.path] + all, ["XDG_DATA_HOME": folder + "/data"],
            program: "/bin/sh")
    }

    /// The last line of JSON.
    static func last(_ result: Program.Result) throws -> [String: Any] {
        let line = try #require(result.output.split(separator: "\n").last, "\(result.errors)")
        return try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }

    /// Trials of a class, by the last record.
    static func count(_ outcome: String, _ result: Program.Result) throws -> Int? {
        (try last(result)["trials"] as? [String: Any])?[outcome] as? Int
    }

    /// Lines of a log of requests; none before the first.
    func requests(_ log: String) -> Int { (try? text(log))?.split(separator: "\n").count ?? 0 }
}
