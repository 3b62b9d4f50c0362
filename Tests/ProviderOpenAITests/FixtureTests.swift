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
        let random = SeededRandom(UInt64(fixture.bytes.count))
        for _ in 0..<60 {
            let bytes = ByteDamage.damaged(fixture.bytes, random)
            let damaged = Fixture(name: fixture.name, bytes: bytes)
            let scanned = await damaged.played([bytes[...]])
            let parsed = await damaged.played([bytes[...]], usesScanner: false)
            if scanned != parsed {
                #expect(scanned == parsed, "\(String(decoding: bytes, as: UTF8.self))")
                return
            }
        }
    }
}
