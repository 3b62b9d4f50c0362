import Benchmarking
public import TerminalKit

/// The screen of a run as a program of its own: pure functions over `BenchModel`.
public enum BenchFeature: Feature {
    /// Wraps terminal input.
    public static func event(for input: Input) -> BenchEvent { .input(input) }

    /// What an event changes and what it asks for.
    public static func update(
        _ model: inout BenchModel, _ event: BenchEvent, now: ContinuousClock.Instant
    ) -> [BenchEffect] {
        model.now = now
        guard case .input(let input) = event else {
            let effects = model.screen.take(event, now: now)
            return effects + model.endIfOver()
        }
        switch input {
        case .key(let chord):
            switch model.screen.take(chord, model.keys, height: model.size.height, now: now) {
            case .effects(let effects): return effects + model.endIfOver()
            case .leave:
                model.ending = model.screen.isOver && !model.screen.isWatched ? .over : .left
                return [.loop(.quit)]
            }
        case .paste(let text): model.screen.paste(text)
        case .resize(let size): model.size = size
        case .resumed: return [.loop(.redraw)]
        case .ended(let signal):
            model.endedBySignal = signal
            model.ending = .left
            return [.loop(.quit)]
        case .mouse, .observed, .focus: break
        }
        return []
    }

    /// What is done at the start.
    public static func start(_ model: BenchModel) -> [BenchEffect] {
        [model.screen.isWatched ? .readNews : .readMoney, .loop(.alarm(after: BenchScreen.tick))]
    }

    /// The screen.
    public static func view(_ model: inout BenchModel, size: Size) -> Frame {
        model.size = size
        var frame = Frame(size: size)
        BenchView.draw(&model.screen, model.keys, now: model.now, into: &frame)
        return frame
    }

    /// The time goes on.
    public static func event(forAlarmAt now: ContinuousClock.Instant) -> BenchEvent { .tick(now) }

    /// What an effect asks of the loop.
    public static func control(_ effect: BenchEffect) -> LoopControl? {
        if case .loop(let control) = effect { return control }
        return nil
    }
}

extension BenchModel {
    /// A run of this process that is over closes its screen, unless a person reads or types.
    fileprivate mutating func endIfOver() -> [BenchEffect] {
        guard screen.isOver, !screen.isWatched, !screen.isInUse, ending == nil else { return [] }
        ending = .over
        return [.loop(.quit)]
    }
}
