import Foundation
import ProviderCore
import TestSupport
import Testing

@testable import ProviderOpenAI

/// A recorded body and how the server announces it.
struct Fixture: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]

    var testDescription: String { name }

    var contentType: String {
        switch name.split(separator: ".").last {
        case "sse": "text/event-stream"
        case "json": "application/json"
        default: "text/html; charset=utf-8"
        }
    }

    var expectedFile: String { name.split(separator: ".").dropLast().joined(separator: ".") + ".expected" }

    static let all: [Fixture] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: fixtureFolder.path)) ?? []
        return names.sorted().filter { $0.hasSuffix(".sse") || $0.hasSuffix(".json") || $0.hasSuffix(".html") }
            .compactMap { name in
                (try? Data(contentsOf: fixtureFolder.appending(path: name))).map {
                    Fixture(name: name, bytes: Array($0))
                }
            }
    }()

    /// What comes out when the body arrives in these slices.
    func played(_ slices: [ArraySlice<UInt8>], usesScanner: Bool = true) async -> [String] {
        let answer = ScriptedTransport.Answer(
            headers: [HTTPHeader("content-type", contentType)],
            steps: slices.filter { !$0.isEmpty }.map { .bytes(Array($0)) })
        var lines: [String] = []
        do {
            let request = HTTPRequest(method: "POST", url: "http://localhost")
            let response = try await ScriptedTransport([answer]).send(request)
            let errors = AnswerErrors(
                response, server: "localhost", sentKey: false, secrets: Redactor([]), unixTime: { 0 })
            let decoder = ChatChunkDecoder(
                errors: errors, asksSeveral: name.contains("two-choices"), usesScanner: usesScanner)
            var batches = AnswerBatches(response, decoder: decoder, server: "localhost")
            while let batch = try await batches.nextBatch() {
                #expect(!batch.isEmpty)
                lines += batch.map { line($0) }
            }
        } catch {
            lines.append(line(error))
        }
        return lines
    }
}

@Suite struct FixtureTests {
    @Test func fixturesAreFound() {
        #expect(Fixture.all.count > 50)
    }

    @Test(arguments: Fixture.all) func decodesAsExpected(_ fixture: Fixture) async throws {
        let lines = await fixture.played([fixture.bytes[...]])
        try expectGolden(lines.joined(separator: "\n"), fixture.expectedFile)
    }

    @Test(arguments: Fixture.all) func decodesTheSameWithoutTheScanner(_ fixture: Fixture) async {
        let whole = await fixture.played([fixture.bytes[...]])
        let parsed = await fixture.played([fixture.bytes[...]], usesScanner: false)
        #expect(parsed == whole)
    }

    @Test(arguments: Fixture.all) func decodesTheSameByteByByte(_ fixture: Fixture) async {
        let whole = await fixture.played([fixture.bytes[...]])
        let single = fixture.bytes.indices.map { fixture.bytes[$0...$0] }
        let scanned = await fixture.played(single)
        let parsed = await fixture.played(single, usesScanner: false)
        #expect(scanned == whole)
        #expect(parsed == whole)
    }

    @Test(arguments: Fixture.all) func decodesTheSameCutAnywhere(_ fixture: Fixture) async {
        let whole = await fixture.played([fixture.bytes[...]])
        for cut in fixture.bytes.indices {
            let lines = await fixture.played([fixture.bytes[..<cut], fixture.bytes[cut...]])
            if lines != whole {
                #expect(lines == whole, "cut at \(cut)")
                return
            }
        }
    }
}

/// Damaged fixtures: whatever comes out, both paths say the same and nothing crashes.
@Suite struct DamageTests {
    @Test(arguments: Fixture.all.filter { $0.name.hasSuffix(".sse") }) func bothPathsAgree(_ fixture: Fixture) async {
        var random = Generator(state: UInt64(fixture.bytes.count))
        for _ in 0..<60 {
            var bytes = fixture.bytes
            for _ in 0...Int.random(in: 0..<3, using: &random) { damage(&bytes, &random) }
            let damaged = Fixture(name: fixture.name, bytes: bytes)
            let scanned = await damaged.played([bytes[...]])
            let parsed = await damaged.played([bytes[...]], usesScanner: false)
            if scanned != parsed {
                #expect(scanned == parsed, "\(String(decoding: bytes, as: UTF8.self))")
                return
            }
        }
    }

    private func damage(_ bytes: inout [UInt8], _ random: inout Generator) {
        guard let place = bytes.indices.randomElement(using: &random) else { return }
        let pieces = ["\"", "\\", "{", "}", "[", "]", ",", ":", "null", "\\ud83d", "0", " ", "\u{1}", "1.5", "\n"]
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes.remove(at: place)
        case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 2: bytes.insert(contentsOf: (pieces.randomElement(using: &random) ?? "").utf8, at: place)
        default:
            let end = min(bytes.count, place + Int.random(in: 1..<40, using: &random))
            bytes.insert(contentsOf: bytes[place..<end], at: place)
        }
    }
}

/// A small generator with a seed (SplitMix64), so that a failure can be repeated.
struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
