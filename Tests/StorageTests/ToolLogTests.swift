import Foundation
import FunctionTools
import ProviderCore
import Testing

@testable import Storage

@Suite struct ToolLogTests {
    private let place = CallFolder()

    static let kinds: [ToolResult.Kind] = [
        .ran(.exited(0)), .ran(.exited(-1)), .ran(.exited(.max)), .ran(.signalled(9)), .ran(.timedOut),
        .ran(.cancelled), .ran(.notStarted("there is no program x")), .ran(.notStarted("")), .answered(status: 200),
        .answered(status: .min), .fixed, .typed, .replayed, .refused, .error,
    ]

    @Test(arguments: kinds) func everyKindComesBack(kind: ToolResult.Kind) async throws {
        let call = DecidedCall.sample(kind: kind)
        try await place.log().append(call)
        #expect(try await place.log().recent(1) == [call])
    }

    @Test(arguments: DecidedCall.Decider.allCases) func everyDeciderComesBack(decider: DecidedCall.Decider) async throws
    {
        let call = DecidedCall.sample(decider: decider)
        try await place.log().append(call)
        #expect(try await place.log().recent(1) == [call])
        #expect(try await place.texts("SELECT decider FROM tool_call") == [decider.rawValue])
    }

    @Test func allOfACallComesBack() async throws {
        var call = DecidedCall.sample()
        call.conversation = "0123456789abcde-12"
        (call.turn, call.position) = (50, 16)
        call.call.rank = 3
        call.call.extraFields = [
            JSONMember("thought_signature", .string("a\u{0}b")), JSONMember("n", .number("1.0")),
            JSONMember("n", .object([JSONMember("", .null)])),
        ]
        call.editedArguments = "{}"
        call.result.duration = .microseconds(-1)
        var bare = call
        (bare.call.rank, bare.call.extraFields, bare.editedArguments, bare.result.duration) = (nil, [], nil, nil)
        (bare.turn, bare.position) = (.min, .max)
        let log = place.log(clock: WallClock { 1_700_000_000_123 })
        try await log.append(call)
        try await log.append(bare)
        #expect(try await log.recent(9) == [call, bare])
        #expect(try await place.texts("SELECT DISTINCT at_ms FROM tool_call") == ["1700000000123"])
    }

    @Test func durationsAreKeptToTheMicrosecond() async throws {
        let log = place.log()
        var call = DecidedCall.sample()
        for duration in [Duration.nanoseconds(1_999), .seconds(Int64.max), .zero] {
            call.result.duration = duration
            try await log.append(call)
        }
        let durations = try await log.recent(3).map(\.result.duration)
        #expect(durations == [.microseconds(1), .microseconds(Int64.max), .zero])
    }

    static let texts: [(String, String)] = [
        ("nothing", ""), ("NUL", "\u{0}"), ("a NUL between", "a\u{0}b\u{0}"),
        ("lone surrogate", String(decoding: [0x61, 0xED, 0xA0, 0x80, 0x62], as: UTF8.self)),
        ("bytes of no encoding", String(decoding: [0xFF, 0xC0, 0x80, 0xF5], as: UTF8.self)),
        ("marks apart", "e\u{301}"), ("marks together", "\u{E9}"), ("byte order mark", "\u{FEFF}{}"),
        ("statement", "'); DROP TABLE tool_call; --"), ("beyond the first plane", "👩‍👩‍👧‍👦\u{10FFFF}"),
        ("escape codes", "\u{1B}[2J\u{7}\r\n"), ("a number", "1e3"),
        ("a result", String(repeating: "ü", count: 15_000)),
        ("1 MiB", String(repeating: "0123456789abcde\u{0}", count: 65_536)),
    ]

    @Test(arguments: texts) func textsComeBackByteByByte(name: String, text: String) async throws {
        var call = DecidedCall.sample(text, kind: .ran(.notStarted(text)), text: text)
        (call.conversation, call.call.name, call.call.arguments, call.editedArguments) = (text, text, text, text)
        let log = place.log()
        try await log.append(call)
        try await log.append(.sample("last"))
        let calls = try await log.recent(2)
        #expect(calls.first?.bytes == call.bytes)
        #expect(calls.first?.editedArguments != nil)
        #expect(calls.last?.call.id == "last")
        #expect(try await place.texts("PRAGMA integrity_check") == ["ok"])
        // Text for other programs too, not bytes.
        #expect(try await place.texts("SELECT DISTINCT typeof(arguments) FROM tool_call") == ["text"])
    }

    @Test func theNewestComeOldestFirst() async throws {
        let log = place.log(clock: WallClock { 5 })
        for number in 1...5 { try await log.append(.sample("\(number)")) }
        for (limit, ids) in [
            (Int.min, []), (-1, []), (0, []), (1, ["5"]), (3, ["3", "4", "5"]), (Int.max, ["1", "2", "3", "4", "5"]),
        ] {
            #expect(try await log.recent(limit).map(\.call.id) == ids, "\(limit)")
        }
        // By the table's own order: nothing is sorted.
        #expect(try await place.plan(ToolCallTable.newestSQL) == ["SCAN tool_call"])
    }

    @Test func readingMakesNoFile() async throws {
        #expect(try await place.log().recent(10).isEmpty)
        #expect(!FileManager.default.fileExists(atPath: place.folder))
        // Not even in place of one that was taken away.
        let log = place.log()
        try await log.append(.sample())
        try FileManager.default.removeItem(atPath: place.path)
        #expect(try await log.recent(10).isEmpty)
        #expect(!place.names.contains("conversations.sqlite"))
        try await log.append(.sample("new"))
        #expect(try await log.recent(10).map(\.call.id) == ["new"])
    }

    @Test func filesAreTheOwnersAlone() async throws {
        try await place.log().append(.sample())
        func mode(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        #expect(try mode(place.folder) == 0o700)
        #expect(place.names.contains("conversations.sqlite"))
        for name in place.names { #expect(try mode(place.folder + "/" + name) == 0o600, "\(name)") }
    }

    @Test func twoInstancesShareOneFile() async throws {
        let logs = (0..<4).map { _ in SQLiteToolLog(path: place.path) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, log) in logs.enumerated() {
                group.addTask {
                    for count in 0..<25 { try await log.append(.sample("\(number) \(count)")) }
                }
            }
            try await group.waitForAll()
        }
        let calls = try await logs[0].recent(1000)
        #expect(Set(calls.map(\.call.id)).count == 100)
        for number in 0..<4 {
            let own = calls.map(\.call.id).filter { $0.hasPrefix("\(number) ") }
            #expect(own == (0..<25).map { "\(number) \($0)" })
        }
        #expect(try await logs[3].recent(1000) == calls)
    }

    /// The decision was made; that nobody waits for it any more changes nothing.
    @Test func aCallOfACancelledTaskIsKept() async throws {
        let log = place.log()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await log.append(.sample("cancelled"))
        }
        try await task.value
        await log.flush()
        #expect(try await log.recent(1).map(\.call.id) == ["cancelled"])
    }

    @Test func whatIsNotUnderstoodIsLeftOut() async throws {
        let log = place.log()
        for number in 1...9 { try await log.append(.sample("\(number)", kind: .ran(.exited(0)))) }
        for (id, change) in [
            ("2", "decider = 'robot'"), ("3", "result_kind = 'dreamt'"), ("5", "exit_status = NULL"),
            ("6", "exit_status = 1 << 40"), ("7", "extra_fields = '{'"), ("8", "extra_fields = '[]'"),
        ] {
            try await place.execute("UPDATE tool_call SET \(change) WHERE call_id = '\(id)'")
        }
        #expect(try await log.recent(3).map(\.call.id) == ["1", "4", "9"])
        #expect(try await log.recent(2).map(\.call.id) == ["4", "9"])
        // Text that is none.
        try await place.execute("UPDATE tool_call SET result = CAST(x'41ff42' AS TEXT) WHERE call_id = '9'")
        #expect(try await log.recent(1).map(\.result.text) == ["A\u{FFFD}B"])
    }
}
