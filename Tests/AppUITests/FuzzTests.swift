import ProviderCore
import TerminalKit
import Testing

@testable import AppUI

/// Random keys, stream events and sizes: nothing may crash, and the cursor stays on the screen.
@Suite struct FuzzTests {
    @Test(arguments: 0..<4) func survivesAnything(seed: Int) throws {
        var random = Noise(state: UInt64(seed) &* 0x9E37_79B9 &+ 1)
        let driver = try Driver()
        for _ in 0..<600 {
            act(driver, &random)
            if random.below(3) == 0 {
                let size = Size(width: random.below(140), height: random.below(45))
                driver.send(.input(.resize(size)))
                let frame = AppFeature.view(&driver.model, size: size)
                #expect(frame.size == size)
                if let cursor = frame.cursor {
                    #expect(cursor.x >= 0 && cursor.x < size.width && cursor.y >= 0 && cursor.y < size.height)
                }
            }
        }
    }

    private func act(_ driver: Driver, _ random: inout Noise) {
        let keys: [Key] = [
            .up, .down, .left, .right, .enter, .enter, .escape, .tab, .pageUp, .pageDown, .home, .end, .delete,
            .backspace,
        ]
        switch random.below(13) {
        case 0...3: driver.press(key: keys[random.below(keys.count)])
        case 4: driver.press(.control(Character(UnicodeScalar(UInt8(97 + random.below(26))))))
        case 5: driver.press(.alt(Character(UnicodeScalar(UInt8(48 + random.below(75))))))
        case 6:
            driver.type(
                ["hello", "漢字 wide", "n", "v", "r", "u", "y", "0.5", "j", "/", "/set t", "@a", "/key-check"][
                    random.below(13)])
        case 7: driver.send(.input(.paste(String(repeating: "e\u{301}漢\n\u{1B}[2J ", count: random.below(40)))))
        case 11:
            let place = Position(x: random.below(140), y: random.below(45))
            let action: MouseEvent.Action = random.below(2) == 0 ? .press(.left) : .wheel(rows: random.below(7) - 3)
            driver.send(.input(.mouse(MouseEvent(action, at: random.below(5) == 0 ? nil : place))))
            driver.send(.input(.observed(InputRecord(bytes: [UInt8(random.below(256))], input: nil))))
        case 8: driver.stream(.textDelta(String(repeating: "```\n# x 漢\t\n", count: random.below(30)), choice: 0))
        case 9:
            driver.stream(
                .toolCallDelta(
                    ToolCallDelta(index: random.below(3), id: "c", name: "f", argumentsDelta: "{\"a\":1}")),
                .reasoningDelta("because ", choice: 0), .finished(.toolCalls, choice: 0))
        case 10:
            driver.finish(random.below(3) == 0 ? ProviderError(kind: .server, status: 500, message: "\u{1B}no") : nil)
        default:
            driver.wait(.milliseconds(random.below(3000)))
            driver.send(.tick(driver.now))
            driver.send(random.below(2) == 0 ? .themes([driver.model.theme]) : .models(.success([])))
        }
    }
}

private struct Noise {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(limit))
    }
}
