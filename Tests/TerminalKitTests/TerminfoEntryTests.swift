import TerminalKit
import Testing

/// Descriptions of terminals in their compiled form, and when ours are used.
@Suite struct TerminfoEntryTests {
    /// Reads a compiled description as term(5) says.
    private struct Reading {
        private let bytes: [UInt8]
        private var place = 0

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        var isAtEnd: Bool { place == bytes.count }

        mutating func short() -> Int {
            defer { place += 2 }
            return Int(Int16(truncatingIfNeeded: Int(bytes[place]) | Int(bytes[place + 1]) << 8))
        }

        mutating func number() -> Int32 {
            defer { place += 4 }
            return (0..<4).reduce(Int32(0)) { $0 | Int32(bitPattern: UInt32(bytes[place + $1]) << (8 * $1)) }
        }

        mutating func take(_ count: Int) -> [UInt8] {
            defer { place += count }
            return Array(bytes[place..<place + count])
        }

        mutating func align() { place += place % 2 }
    }

    private static func text(_ table: [UInt8], _ offset: Int) -> String? {
        offset < 0 ? nil : String(decoding: table[offset...].prefix { $0 != 0 }, as: UTF8.self)
    }

    @Test(arguments: ["x", "xy"]) func itIsWrittenAsTheLibraryReadsIt(name: String) throws {
        var entry = TerminfoEntry(
            name: name, flags: [true, false, true], numbers: [nil, 80, TerminfoEntry.directColors],
            strings: [Array("one".utf8), nil, Array("two".utf8)])
        entry.moreFlags = ["RGB"]
        entry.moreStrings = ["BE": Array("on".utf8)]
        var reading = Reading(try #require(entry.compiled))
        let header = (0..<6).map { _ in reading.short() }
        #expect(header == [0o1036, name.utf8.count + 1, 3, 3, 3, 8])
        #expect(reading.take(header[1]) == Array(name.utf8) + [0])
        #expect(reading.take(3) == [1, 0, 1])
        reading.align()
        #expect((0..<3).map { _ in reading.number() } == [-1, 80, 0x100_0100])
        let offsets = (0..<3).map { _ in reading.short() }
        let table = reading.take(header[5])
        #expect(offsets.map { Self.text(table, $0) } == ["one", nil, "two"])
        reading.align()
        #expect((0..<5).map { _ in reading.short() } == [1, 0, 1, 3, 10])
        #expect(reading.take(1) == [1])
        reading.align()
        let more = (0..<3).map { _ in reading.short() }
        let moreTable = reading.take(10)
        #expect(Self.text(moreTable, more[0]) == "on")
        // Names are counted from the first of them.
        #expect(more[1...].map { Self.text(moreTable, 3 + $0) } == ["RGB", "BE"])
        #expect(reading.isAtEnd)
    }

    @Test func whatIsTooLargeIsNotWritten() {
        let long = Array(repeating: UInt8(ascii: "a"), count: 40_000)
        #expect(TerminfoEntry(name: "x", flags: [], numbers: [], strings: [long]).compiled == nil)
    }

    @Test(
        arguments: [
            (.auto, 256, false, ["COLORTERM": "truecolor"], true), (.auto, 256, false, ["COLORTERM": "24bit"], true),
            (.auto, 256, false, [:], false), (.auto, 256, false, ["COLORTERM": "yes"], false),
            (.auto, 256, true, ["COLORTERM": "truecolor"], false), (.auto, 0, false, ["COLORTERM": "truecolor"], false),
            (.auto, 1 << 24, false, [:], true), (.always, 256, true, ["COLORTERM": "truecolor"], true),
            (.auto, 256, false, ["COLORTERM": "truecolor", "TERM": "screen-256color"], false),
            (.auto, 256, false, ["COLORTERM": "truecolor", "TERM": "screen-256color", "TMUX": "/tmp/t"], true),
            (.trueColor, 256, true, [:], true), (.trueColor, 8, false, [:], true), (.trueColor, 0, false, [:], false),
            (.indexed, 256, false, ["COLORTERM": "truecolor"], false),
            (.sixteen, 256, false, ["COLORTERM": "truecolor"], false),
            (.never, 256, false, ["COLORTERM": "truecolor"], false),
        ] as [(ColorChoice, Int, Bool, [String: String], Bool)])
    func whenColoursAreDirect(
        choice: ColorChoice, available: Int, isColorless: Bool, environment: [String: String], expected: Bool
    ) {
        let isDirect = choice.isDirect(available: available, isColorless: isColorless, environment: environment)
        #expect(isDirect == expected)
    }
}
