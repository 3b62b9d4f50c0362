import Synchronization
import TerminalKit
import TestSupport
import Testing

/// A program that hands its terminal over with `e`, to work that ends when the test says so; `n` makes it count meanwhile.
private enum Handing: Feature {
    struct Model: Sendable {
        var text = ""
        var resumed = 0
    }

    enum Event: Sendable {
        case input(Input)
        case edited(String)
        case told(String)
    }

    enum Effect: Sendable {
        case edit
        case mouse(Bool)
        case observe
        case quit
    }

    static func event(for input: Input) -> Event { .input(input) }
    static func event(forAlarmAt now: ContinuousClock.Instant) -> Event { .told("") }

    static func update(_ model: inout Model, _ event: Event, now: ContinuousClock.Instant) -> [Effect] {
        switch event {
        case .input(.key(.character("e"))): return [.edit]
        case .input(.key(.character("m"))): return [.mouse(true)]
        case .input(.key(.character("o"))): return [.observe]
        case .input(.key(.character("q"))): return [.quit]
        case .input(.key(let chord)): if case .character(let character) = chord.key { model.text.append(character) }
        case .input(.resumed): model.resumed += 1
        case .edited(let text): model.text = text
        case .told(let text): model.text += text
        default: break
        }
        return []
    }

    static func view(_ model: inout Model, size: Size) -> Frame {
        var frame = Frame(size: size)
        frame.draw("\(model.text) resumed=\(model.resumed)", x: 0, y: 0, style: Style(.text), clip: frame.bounds)
        return frame
    }

    static func control(_ effect: Effect) -> LoopControl? {
        switch effect {
        case .edit: .foreground
        case .mouse(let captures): .mouse(captures)
        case .observe: .observeKeys(true)
        case .quit: .quit
        }
    }
}

/// Tells something at once, and waits for the test before it ends.
private final class Editing: EffectPerformer {
    private let waiting = Mutex<CheckedContinuation<Void, Never>?>(nil)

    var hasBegun: Bool { waiting.withLock { $0 != nil } }

    func perform(_ effect: Handing.Effect, send: @escaping @Sendable ([Handing.Event]) -> Void) async {
        send([.told(" meanwhile")])
        await withCheckedContinuation { continuation in waiting.withLock { $0 = continuation } }
        send([.edited("edited")])
    }

    func end() {
        waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }?.resume()
    }
}

@Suite struct ForegroundTests {
    @Test func theTerminalIsHandedOverAndTakenBack() async throws {
        let editing = Editing()
        let session = Session(
            Handing.self, model: Handing.Model(), performer: editing, size: Size(width: 60, height: 3))
        session.type("ae")
        while !editing.hasBegun { await Task.yield() }
        #expect(session.console.isAway)
        let frames = session.console.frameCount
        session.type("b")
        session.console.send([])
        #expect(session.console.frameCount == frames, "nothing is drawn over the other program")
        editing.end()
        #expect(await session.screen("editedb resumed=1") != nil, "what was typed meanwhile comes after it")
        #expect(!session.console.isAway)
        session.type("q")
        #expect(try await session.end().text == "editedb")
    }

    @Test func switchesReachTheTerminal() async throws {
        let session = Session(
            Handing.self, model: Handing.Model(), performer: Editing(), size: Size(width: 60, height: 3))
        session.type("moq")
        _ = try await session.end()
        #expect(session.console.capturesMouse && session.console.observesKeys)
    }
}
