import Benchmarking
import Foundation
import ProviderCore

@testable import Storage

/// A folder of its own for runs; gone when the test is over.
final class RunFolder: Sendable {
    let folder: String

    init() {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("runs-" + PolicyCall.newID()).path
        mkdir(folder, 0o700)
    }

    deinit {
        for _ in 0..<10 where FileManager.default.fileExists(atPath: folder) {
            try? FileManager.default.removeItem(atPath: folder)
        }
    }

    var runs: String { folder + "/deep/runs" }
    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: runs)) ?? []).sorted() }

    func path(_ id: String = RunHeader.sampleID) -> String { "\(runs)/\(id).db" }

    /// A library that loses patience soon.
    func library(maximumPages: Int? = nil, busySeconds: Double = 5) -> SQLiteRunLibrary {
        var template = RunFile(id: "", folder: runs)
        (template.busySeconds, template.maximumPages) = (busySeconds, maximumPages)
        return SQLiteRunLibrary(template, clock: WallClock { 1_800_000_000_000 })
    }

    /// Bytes of a run's database.
    func bytes(_ id: String = RunHeader.sampleID) -> Int {
        (try? FileManager.default.attributesOfItem(atPath: path(id))[.size] as? Int) ?? 0
    }
}

/// The two kinds of libraries, which have to do the same.
enum LibraryKind: CaseIterable {
    case memory
    case disk

    func library(in place: RunFolder) -> any RunLibrary {
        switch self {
        case .memory: MemoryRunLibrary(clock: WallClock { 1_800_000_000_000 })
        case .disk: place.library()
        }
    }
}

extension RunHeader {
    static let sampleID = "k7m2p9qx"

    static func sample(_ id: String = sampleID, trials: Int = 8, created: Int64 = 1_700_000_000_000) -> RunHeader {
        RunHeader(
            id: id, name: "arithmetic", suitePath: "suites/arithmetic.yaml", suiteDigest: "aa", planDigest: "bb",
            seed: .max - 6, created: created, version: "1.2.3",
            selection: PlanSelection(tasks: ["plus", "minus"], samples: 5), subjects: ["large", "small"],
            tasks: ["plus", "minus"], planned: trials, budget: Money("2.5"), isDemo: true,
            baseURL: "http://127.0.0.1:8000/v1", profile: "local")
    }
}

extension TrialKey {
    /// Samples in their order, each for both tasks and both subjects.
    static func sample(_ index: Int) -> TrialKey {
        TrialKey(
            index: index, task: index % 2 == 0 ? "plus" : "minus", sample: "s\(index / 4)",
            subject: index / 2 % 2 == 0 ? "large" : "small", repetition: 1)
    }

    static func samples(_ count: Int) -> [TrialKey] { (0..<count).map(sample) }
}

extension RequestStart {
    static func sample(
        _ trial: Int, role: RequestPurpose.Role = .subject, turn: Int = 1, attempt: Int = 1, worst: Int128? = 300,
        resumes: String? = nil
    ) -> RequestStart {
        RequestStart(
            purpose: RequestPurpose(trial: trial, role: role, turn: turn), attempt: attempt, model: "gpt-5.4-mini",
            endpoint: "https://api.openai.com/v1", inputTokens: 42,
            worst: worst.map { .millionths($0) }, sent: 1_700_000_001_000, resumes: resumes)
    }
}

extension TrialRecord {
    /// A right answer in a few words, timed.
    static func trivial(_ index: Int, _ outcome: TrialOutcome = .right) -> TrialRecord {
        let began = Duration.milliseconds(10 * index)
        let timeline = StreamTimeline([
            TimelineEvent(.role, microseconds: 200_000, bytes: 120),
            TimelineEvent(.text, microseconds: 210_000, bytes: 130),
            TimelineEvent(.finish, microseconds: 220_000, bytes: 110),
            TimelineEvent(.usage, microseconds: 221_000, tokens: 5, bytes: 160),
            TimelineEvent(.done, microseconds: 221_500, bytes: 6),
        ])
        let timing = RequestTiming(
            queued: began, sent: began + .milliseconds(1), headers: began + .milliseconds(190),
            ended: began + .milliseconds(222), timeline: timeline,
            usage: TokenUsage(inputTokens: 42, outputTokens: 5))
        return TrialRecord(
            key: .sample(index), outcome: outcome,
            scores: [
                NamedScore(
                    scorer: "plus", digest: String(repeating: "ab", count: 32),
                    score: Score(value: 1, passes: true, answer: "\(index)", explanation: "is \(index)"))
            ], started: began, ended: began + .milliseconds(230), turns: 1, finish: .stop,
            answer: TrialAnswer(text: "The answer is \(index)."),
            transcript: [
                ChatMessage(.system, "Answer with a number."), ChatMessage(.user, "What is \(index) plus 0?"),
                ChatMessage(.assistant, "The answer is \(index)."),
            ], timings: [TurnTiming(turn: 1, timing: timing)])
    }

    /// One that has everything.
    static func full(_ index: Int) -> TrialRecord {
        var record = TrialRecord.trivial(index, .toolError)
        let call = ToolCall(
            id: "call_1", name: "add", arguments: #"{"a":1,"b":"\u0000"}"#,
            extraFields: [JSONMember("signature", .array([.number("1e3"), .null]))], rank: 2)
        record.answer = TrialAnswer(
            text: "nothing\u{0}hidden \u{1F9EE}", refusal: "I \u{0} cannot", calls: [call, call])
        record.transcript = [
            ChatMessage(.system, String(repeating: "Count with care. ", count: 40)),
            ChatMessage(
                role: .user,
                content: [
                    .text("Look:"), .image(url: "https://example.com/a.png", detail: "low"),
                    .image(url: "data:,x", detail: nil),
                ], name: "eve"),
            ChatMessage(
                role: .assistant, content: [], toolCalls: [call],
                opaqueItems: [.object([JSONMember("type", .string("reasoning"))])]),
            .toolResult(callID: "call_1", "3\u{0}"),
            ChatMessage(role: .assistant, content: [.text("nothing\u{0}hidden \u{1F9EE}")], refusal: "I \u{0} cannot"),
        ]
        record.finish = .other("odd\u{0}word")
        record.turns = 2
        record.toolCalls = 2
        record.error = ProviderError(
            kind: .server, status: 503, code: "over\u{0}load", message: "try\u{0}later", requestID: "req_9",
            fate: .unknown)
        record.scores = [
            NamedScore(
                scorer: "calls", digest: "d1",
                score: Score(
                    value: 0.25, share: 0.625, passes: nil, answer: nil, explanation: "a\u{0}b",
                    detail: .object([JSONMember("parts", .array([.number("0.50")]))]))),
            NamedScore(scorer: "judge", digest: "d2", score: nil),
            NamedScore(scorer: "exact", digest: "d3", score: Score(value: -3, passes: false, answer: "")),
        ]
        var second = record.timings[0]
        second.turn = 2
        second.timing.scheduled = .milliseconds(7)
        second.timing.headers = nil
        second.timing.hasFailed = true
        second.timing.usage = TokenUsage()
        second.timing.tokenSource = .none
        second.timing.timeline = StreamTimeline()
        record.timings.append(second)
        return record
    }
}

extension RunStoreError {
    /// Which case it is.
    var kind: String {
        switch self {
        case .held: "held"
        case .missing: "missing"
        case .refused: "refused"
        case .storage: "storage"
        }
    }
}

/// The kind of the error that something throws; nil = none.
func failure(_ body: () async throws -> Void) async -> String? {
    do {
        try await body()
        return nil
    } catch let error as RunStoreError {
        return error.kind
    } catch { return "\(error)" }
}
