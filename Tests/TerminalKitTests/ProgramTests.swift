import Synchronization
import TerminalKit
import TestSupport
import Testing

/// A small program: shows what was typed; `!` starts work that reports bursts, `?` work that never ends.
private enum Echo: Feature {
    struct Model: Sendable {
        var text = ""
        var events = 0
        var size = Size(width: 0, height: 0)
    }

    enum Event: Sendable {
        case input(Input)
        case burst(Int)
        case stopped
    }

    enum Effect: Sendable {
        case burst(Int)
        case forever
        case cancel
        case alarm
        case quit
    }

    static func event(for input: Input) -> Event { .input(input) }

    static func event(forAlarmAt now: ContinuousClock.Instant) -> Event { .burst(7) }

    static func update(_ model: inout Model, _ event: Event, now: ContinuousClock.Instant) -> [Effect] {
        switch event {
        case .input(.key(KeyChord(.character("!")))): return [.burst(5000)]
        case .input(.key(KeyChord(.character("?")))): return [.forever]
        case .input(.key(KeyChord(.escape))): return [.cancel]
        case .input(.key(KeyChord(.tab))): return [.alarm]
        case .input(.key(KeyChord(.character("q")))): return [.quit]
        case .input(.key(let chord)): if case .character(let character) = chord.key { model.text.append(character) }
        case .input(.resize(let size)): model.size = size
        case .burst(let number): model.events += number
        case .stopped: model.text += "stopped"
        default: break
        }
        return []
    }

    static func view(_ model: inout Model, size: Size) -> Frame {
        var frame = Frame(size: size)
        let line = "\(model.text) events=\(model.events) size=\(model.size.width)x\(model.size.height)"
        frame.draw(line, x: 0, y: 0, style: Style(.text), clip: frame.bounds)
        return frame
    }

    static func control(_ effect: Effect) -> LoopControl? {
        switch effect {
        case .forever: .run(id: 1)
        case .cancel: .cancel(id: 1)
        case .alarm: .alarm(after: .milliseconds(1))
        case .quit: .quit
        case .burst: nil
        }
    }
}

private struct EchoWork: EffectPerformer {
    let hasEnded = Ended()

    func perform(_ effect: Echo.Effect, send: @escaping @Sendable ([Echo.Event]) -> Void) async {
        switch effect {
        case .burst(let count): for _ in 0..<count { send([.burst(1)]) }
        case .forever:
            let (never, _) = AsyncStream<Int>.makeStream()
            for await _ in never {}
            // As long as writing something down takes.
            for _ in 0..<200 { await Task.yield() }
            hasEnded.note()
            send([.stopped])
        case .cancel, .alarm, .quit: break
        }
    }
}

/// Whether the work that never ends by itself ended.
private final class Ended: Sendable {
    private let isSet = Mutex(false)
    var value: Bool { isSet.withLock { $0 } }
    func note() { isSet.withLock { $0 = true } }
}

@Suite struct ProgramTests {
    private func start() -> Session<Echo> {
        Session(Echo.self, model: Echo.Model(), performer: EchoWork(), size: Size(width: 60, height: 3))
    }

    @Test func firstFrameComesWithoutInput() async throws {
        let session = start()
        #expect(await session.screen("size=60x3") != nil)
        session.press(.character("q"))
        _ = try await session.end()
        #expect(session.console.isRestored)
    }

    @Test func keysArriveInOrderAndAtOnce() async throws {
        let session = start()
        session.type("hello")
        #expect(await session.screen("hello") != nil)
        session.press(.character("q"))
        #expect(try await session.end().text == "hello")
    }

    @Test func aBurstOfEventsCostsFewFrames() async throws {
        let session = start()
        await session.screen("size=60x3")
        let before = session.console.frameCount
        session.type("!")
        #expect(await session.screen("events=5000") != nil)
        #expect(session.console.frameCount - before < 500)
        session.press(.character("q"))
        _ = try await session.end()
    }

    @Test func aCancelledEffectEnds() async throws {
        let session = start()
        session.type("?")
        session.press(.escape)
        #expect(await session.screen("stopped") != nil)
        session.press(.character("q"))
        _ = try await session.end()
    }

    @Test func anAlarmComesByItself() async throws {
        let session = start()
        session.press(.tab)
        #expect(await session.screen("events=7") != nil)
        session.press(.character("q"))
        _ = try await session.end()
    }

    @Test func resizeReachesTheModel() async throws {
        let session = start()
        session.resize(33, 2)
        #expect(await session.screen("size=33x2") != nil)
        session.press(.character("q"))
        _ = try await session.end()
    }

    @Test(arguments: [false, true]) func quittingEndsWhatRuns(isCancelledBefore: Bool) async throws {
        let work = EchoWork()
        let session = Session(Echo.self, model: Echo.Model(), performer: work, size: Size(width: 60, height: 3))
        session.type("?")
        if isCancelledBefore { session.press(.escape) }
        session.type("q")
        _ = try await session.end()
        #expect(session.console.isRestored)
        #expect(work.hasEnded.value)
    }
}
