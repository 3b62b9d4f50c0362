public import TerminalKit

/// Work that linear mode wants done outside: the workspace's, and text for the reader.
public enum LinearEffect: Sendable {
    /// What the workspace wants done.
    case work(AppEffect)
    /// Text to append: printable characters and line ends only.
    case tell([UInt8])
    /// A sentence about waiting, for standard error.
    case aside(String)
}

/// The workspace without a screen: the same model, updates and effects, told as lines that are only ever appended.
///
/// Lines that a person typed come as `Input.paste`, Ctrl-C as that key, the end of the input as `Input.ended(signal: 0)`.
public enum LinearFeature: Feature {
    /// Wraps input.
    public static func event(for input: Input) -> AppEvent { .input(input) }

    /// What an event changes, what it asks for, and what is told of it.
    public static func update(
        _ model: inout LinearModel, _ event: AppEvent, now: ContinuousClock.Instant
    ) -> [LinearEffect] {
        model.app.now = now
        model.take(event)
        model.tell()
        while let line = model.nextLine() {
            model.take(line: line)
            model.tell()
        }
        model.endIfOver()
        model.showPrompt()
        if case .tick = event { model.noteSilence() }
        return model.takeEffects()
    }

    /// An empty frame: nothing is drawn.
    public static func view(_ model: inout LinearModel, size: Size) -> Frame { Frame(size: Size(width: 0, height: 0)) }

    /// The time goes on.
    public static func event(forAlarmAt now: ContinuousClock.Instant) -> AppEvent { .tick(now) }

    /// What an effect asks of the loop. Themes, drawing and bytes for a screen's terminal have no meaning here.
    public static func control(_ effect: LinearEffect) -> LoopControl? {
        switch effect {
        case .tell(let bytes): return .emit(bytes)
        case .aside: return nil
        case .work(let work):
            switch AppFeature.control(work) {
            case .emit, .theme, .redraw, .mouse, .observeKeys: return nil
            case let control: return control
            }
        }
    }
}
