public import TerminalKit

/// A program running in its real loop on a `TestTerminal`, driven in a user's terms.
public struct Session<F: Feature>: Sendable {
    /// The screen and the keyboard.
    public let console: TestConsole
    private let program: Program<F>
    private let running: Task<F.Model, any Error>

    /// Starts a program.
    public init(
        _ feature: F.Type, model: F.Model, performer: any EffectPerformer<F.Event, F.Effect>,
        size: Size = Size(width: 120, height: 40), start: [F.Effect] = []
    ) {
        let console = TestConsole(size: size)
        let program = Program<F>(model: model, performer: performer)
        console.onInput { program.wake() }
        self.console = console
        self.program = program
        running = Task { try await program.run(start: start) { TestTerminal(console) } }
    }

    /// Presses keys.
    public func press(_ chords: KeyChord...) { console.send(chords.map(Input.key)) }

    /// Presses a key without modifiers.
    public func press(_ key: Key) { press(KeyChord(key)) }

    /// Types text.
    public func type(_ text: String) { console.send(text.map { .key(.character($0)) }) }

    /// Pastes text.
    public func paste(_ text: String) { console.send([.paste(text)]) }

    /// Gives the window another size.
    public func resize(_ width: Int, _ height: Int) { console.send([.resize(Size(width: width, height: height))]) }

    /// Waits until the screen holds all these texts; nil when that does not happen in time.
    @discardableResult
    public func screen(_ texts: String...) async -> String? {
        await console.frame { frame in
            let text = frame.text
            return texts.allSatisfy { text.contains($0) }
        }?.text
    }

    /// Waits until the screen is as wanted.
    @discardableResult
    public func screen(where isWanted: @escaping @Sendable (String) -> Bool) async -> String? {
        await console.frame { isWanted($0.text) }?.text
    }

    /// The screen now.
    public var now: String { console.frame?.text ?? "" }

    /// Waits for the program's end; its last model.
    public func end() async throws -> F.Model { try await running.value }
}
