import Conversations
import ProviderCore
import Synchronization
import TerminalKit
import Testing

@testable import AppUI

/// Counts what is counted.
private final class Meter: TokenCounting {
    private struct Running: RunningTokenCount {
        let meter: Meter
        var tokens = 0
        mutating func append(_ text: String) {
            tokens += text.utf8.count
            meter.bytes.withLock { $0 += text.utf8.count }
        }
        mutating func reset() { tokens = 0 }
    }

    let bytes = Mutex(0)

    func count(for model: ModelInfo) -> (any RunningTokenCount)? { Running(meter: self) }
    func prepare(for model: ModelInfo) async -> Bool { true }

    /// Bytes that were counted since it was asked before.
    func take() -> Int {
        bytes.withLock { bytes in
            defer { bytes = 0 }
            return bytes
        }
    }
}

/// A key costs the same in a long prompt as in a short one.
@Suite struct LongPromptTests {
    private let lines = Array(repeating: "a line of a log", count: 60_000).joined(separator: "\n")

    @Test func aKeyIsSeenAtOnceInALongText() throws {
        let meter = Meter()
        let driver = try Driver(counting: meter, model: "gpt-4o")
        driver.model.prompt.insert(lines)
        driver.press(.character("x"))
        _ = (driver.screen(), meter.take())
        for character in "seen" {
            driver.press(.character(character))
            #expect(driver.screen().contains("logx"))
        }
        #expect(driver.screen().contains("logxseen"))
        // The beginning only, whatever the length.
        #expect(meter.take() < 4 * 20_000)
        #expect(driver.model.sendCount?.isExact == false)
        let tokens = try #require(driver.model.sendCount?.tokens)
        #expect(abs(tokens - lines.utf8.count) < lines.utf8.count / 100, "\(tokens)")
    }

    @Test func anAttachmentIsCountedOnce() throws {
        let meter = Meter()
        let driver = try Driver(counting: meter, model: "gpt-4o")
        driver.type("@notes.txt ")
        let text = String(repeating: "n", count: 50_000)
        driver.send(.file("notes.txt", .success(Conversations.Attachment(name: "notes.txt", content: .text(text)))))
        #expect(driver.screen().contains("1 file, 50k tokens"))
        #expect(meter.take() >= 50_000)
        for character in "more" {
            driver.press(.character(character))
            _ = driver.screen()
        }
        #expect(meter.take() < 1_000)
        #expect(driver.model.sendCount?.isExact == true)
        #expect((driver.model.sendCount?.tokens ?? 0) > 50_000)
    }

    @Test func aHugeAttachmentIsEstimatedByItsBeginning() throws {
        let meter = Meter()
        let driver = try Driver(counting: meter, model: "gpt-4o")
        driver.type("@huge.txt ")
        let text = String(repeating: "n", count: 3_300_000)
        driver.send(.file("huge.txt", .success(Conversations.Attachment(name: "huge.txt", content: .text(text)))))
        driver.type("x")
        #expect(meter.take() < 100_000)
        #expect(driver.model.sendCount?.isExact == false)
        let tokens = try #require(driver.model.sendCount?.tokens)
        #expect(abs(tokens - text.utf8.count) < text.utf8.count / 20, "\(tokens)")
        driver.press(key: .enter)
        driver.send(.file("huge.txt", .success(Conversations.Attachment(name: "huge.txt", content: .text(text)))))
        if driver.request == nil { driver.press(key: .enter) }
        #expect(meter.take() < 200_000)
    }
}
