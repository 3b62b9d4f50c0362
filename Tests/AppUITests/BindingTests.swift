import TerminalKit
import Testing

@testable import AppUI

/// Keys that users bind.
@Suite struct BindingTests {
    private static func binding(
        _ scope: String, _ command: String, _ chords: [[KeyChord]], line: Int = 1
    ) -> UserBinding {
        UserBinding(scope: scope, command: command, chords: chords, place: "config.toml:\(line)")
    }

    /// What a text of bindings comes to.
    private static func apply(_ bindings: UserBinding...) -> (keymap: Keymap, problems: [KeyProblem]) {
        Keymap().applying(bindings)
    }

    @Test func aBindingTakesThePlaceOfTheKeysOfItsCommand() {
        let (keys, problems) = Self.apply(
            Self.binding("global", "palette", [[.control("k")], [KeyChord(.function(2))]]))
        #expect(keys.command(for: KeyChord(.function(2)), in: .global) == .palette)
        #expect(keys.command(for: .control("p"), in: .global) == nil)
        #expect(keys.label(of: .palette) == "Ctrl-K")
        // In the prompt this key edits; that is told, and is no mistake.
        #expect(problems.map(\.message) == ["Ctrl-K is also kill-line in [keys.prompt]: there it is not palette"])
        #expect(problems.allSatisfy { $0.isNote })
        #expect(keys.label(of: .palette, in: .prompt) == "Ctrl-K")
    }

    @Test func aKeyGoesOverFromTheCommandThatHadIt() {
        let (keys, problems) = Self.apply(Self.binding("global", "model", [[.control("t")]], line: 7))
        #expect(keys.command(for: .control("t"), in: .global) == .chooseModel)
        #expect(!keys.hasKey(.toggleReasoning))
        #expect(
            problems.map(\.description) == [
                "config.toml:7: reasoning has no key left; /reasoning and the palette have it"
            ])
        // The key after the leader stays.
        #expect(keys.command(for: .character("m"), in: .leader) == .chooseModel)
    }

    @Test func ofTwoCommandsOnOneKeyTheFirstHoldsAndBothPlacesAreTold() {
        let (keys, problems) = Self.apply(
            Self.binding("output", "fork", [[.character("z")]], line: 3),
            Self.binding("output", "again", [[.character("z")], [.character("R")]], line: 4))
        #expect(keys.command(for: .character("z"), in: .pane(.output)) == .fork)
        #expect(keys.command(for: .character("R"), in: .pane(.output)) == .regenerate)
        #expect(
            problems.map(\.description) == [
                "config.toml:4: z is fork already, by config.toml:3; it is left out of again"
            ])
        // The control: on two keys nothing is told.
        let apart = Self.apply(
            Self.binding("output", "fork", [[.character("z")]]), Self.binding("output", "again", [[.character("Z")]]))
        #expect(apart.problems.isEmpty)
        // Nor in two scopes.
        let scopes = Self.apply(
            Self.binding("output", "fork", [[.character("z")]]), Self.binding("tools", "again", [[.character("z")]]))
        #expect(scopes.problems.isEmpty)
    }

    @Test func anEmptyListUnbinds() {
        let (keys, problems) = Self.apply(Self.binding("global", "suspend", []))
        #expect(keys.command(for: .control("z"), in: .global) == nil)
        #expect(problems.map(\.message) == ["suspend has no key left; /suspend and the palette have it"])
        let lost = Self.apply(Self.binding("prompt", "send", []))
        #expect(lost.problems.map(\.message) == ["send has no key left; nothing reaches it"])
    }

    @Test(arguments: [
        ("promt", "send", "there is no [keys.promt]; do you mean prompt?"),
        ("nowhere-near", "send", "there is no [keys.nowhere-near]"),
        ("global", "pallete", "there is no command \"pallete\"; do you mean palette?"),
        ("global", "kill-line", "kill-line edits the prompt: it is bound in [keys.prompt]"),
        ("prompt", "kil-line", "there is no command \"kil-line\"; do you mean kill-line?"),
        ("output", "leader", "the leader is a key of [keys.global]"),
    ])
    func namesThatMeanNothing(scope: String, command: String, message: String) {
        let (keys, problems) = Self.apply(Self.binding(scope, command, [[.control("k")]]))
        #expect(problems.map(\.message) == [message])
        #expect(problems.allSatisfy { !$0.isNote })
        #expect(keys == Keymap())
    }

    @Test(arguments: [
        ("prompt", "palette", [KeyChord.character("p")], "palette: p is typed in the prompt"),
        ("output", "palette", [.control("x")], "palette: Ctrl-X is the leader, which takes it first"),
        ("leader", "palette", [KeyChord(.escape)], "palette: Esc leaves the menu of the leader"),
        ("leader", "palette", [.control("x")], "palette: Ctrl-X is the leader itself"),
        ("global", "leader", [.character("x")], "leader: x could not be typed any more"),
        (
            "output", "palette", [.character("g"), .character("p")],
            "palette: keys one after the other begin with the leader, Ctrl-X, in [keys.global]"
        ),
    ])
    func keysThatAScopeCannotSee(scope: String, command: String, keys: [KeyChord], message: String) {
        let (keymap, problems) = Self.apply(Self.binding(scope, command, [keys]))
        #expect(problems.map(\.message) == [message])
        #expect(keymap == Keymap())
    }

    @Test func namesAreReadInEverySpelling() {
        for name in ["reasoning", "toggleReasoning", "togglereasoning", "thinking", "Reasoning"] {
            #expect(Command(bindingName: name) == .toggleReasoning, "\(name)")
        }
        for command in Command.allCases { #expect(Command(bindingName: command.slashName) == command, "\(command)") }
    }

    @Test func everyCommandHasANameOfItsOwn() {
        let names = Command.allCases.map(\.slashName) + EditingKey.standard.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0.allSatisfy { $0.isLowercase || $0 == "-" } })
    }

    @Test func everyCommandCanBeBound() {
        for command in Command.allCases {
            let key = [[KeyChord(.function(24))]]
            let (keys, problems) = Self.apply(Self.binding("global", command.slashName, key))
            #expect(keys.command(for: KeyChord(.function(24)), in: .global) == command)
            #expect(problems.allSatisfy { $0.isNote }, "\(command): \(problems)")
        }
    }

    @Test func theLeaderIsBoundToAnotherKey() throws {
        let (keys, problems) = Self.apply(
            Self.binding("global", "model", [[KeyChord(.function(9)), .character("j")]]),
            Self.binding("global", "leader", [[KeyChord(.function(9))]]))
        #expect(problems.isEmpty)
        let driver = try Driver(keys: keys)
        #expect(driver.screen().contains("F9 more"))
        driver.press(KeyChord(.function(9)))
        #expect(driver.screen().contains("j model"))
        driver.press(.character("j"))
        #expect(driver.screen().contains("models of"))
        driver.press(key: .escape)
        driver.press(.control("x"))
        driver.press(.character("z"))
        #expect(driver.model.prompt.text == "z")
    }

    @Test func twoKeysAfterTheLeader() throws {
        let (keys, problems) = Self.apply(
            Self.binding("leader", "usage", [[.character("g"), .character("u")]]),
            Self.binding("global", "again", [[.control("x"), .character("g"), .character("r")]]))
        #expect(problems.isEmpty)
        #expect(keys.label(of: .usage) == "Ctrl-X g u")
        let driver = try Driver(keys: keys)
        driver.press(.control("x"))
        #expect(driver.screen().contains("g …"))
        driver.press(.character("g"))
        #expect(driver.screen().contains("u usage"))
        #expect(driver.screen().contains("r again"))
        driver.press(.character("u"))
        if case .usage = driver.model.overlay {} else { Issue.record("usage is not open") }
        driver.press(key: .escape)
        driver.press(.control("x"))
        driver.press(.character("g"))
        driver.press(.character("!"))
        #expect(driver.screen().contains("Ctrl-X g ! means nothing."))
        #expect(driver.model.prompt.isEmpty)
    }

    @Test func aCommandHasItsKeysOfOneScopeFromOnePlace() {
        let leader = [KeyChord.control("x"), .character("j")]
        let (keys, problems) = Self.apply(
            Self.binding("global", "model", [leader], line: 3),
            Self.binding("leader", "model", [[.character("J")]], line: 8))
        #expect(
            problems.map(\.description) == ["config.toml:8: model has its keys from config.toml:3; these are left out"])
        #expect(keys.label(of: .chooseModel) == "Ctrl-X j")
        // A name that a command and an editing key share means the editing key in the prompt only.
        let undo = Self.apply(Self.binding("global", "undo", [[KeyChord(.function(6))]]))
        #expect(undo.keymap.command(for: KeyChord(.function(6)), in: .global) == .undoTurn)
        let typed = Self.apply(Self.binding("prompt", "undo", [[KeyChord(.function(6))]]))
        #expect(typed.keymap.editingKey(for: KeyChord(.function(6)))?.name == "undo")
    }

    @Test func longerKeysBehindAShorterBindingAreFound() {
        let (_, problems) = Self.apply(
            Self.binding("leader", "usage", [[.character("m"), .character("u")]], line: 5))
        #expect(
            problems.map(\.description) == ["config.toml:5: ^X m u is never reached: ^X m is model"])
    }

    @Test func editingKeysAreBoundAsCommandsAre() throws {
        let (keys, problems) = Self.apply(
            Self.binding("prompt", "unix-line-discard", [[.alt("k")]]),
            Self.binding("prompt", "history-older", [[.control("u")]], line: 2),
            Self.binding("prompt", "palette", [[.control("w")]], line: 3))
        #expect(problems.map(\.message) == ["unix-word-rubout has no key left"])
        let driver = try Driver(keys: keys)
        driver.ask("first")
        driver.answer("hi")
        driver.type("some words")
        driver.press(.alt("k"))
        #expect(driver.model.prompt.isEmpty)
        driver.press(.control("u"))
        #expect(driver.model.prompt.text == "first")
        driver.press(.control("w"))
        if case .palette = driver.model.overlay {} else { Issue.record("the palette is not open") }
    }

    @Test func theEditorHasTheTable() throws {
        #expect(Keymap().editKeymap == EditKeymap.standard)
        let driver = try Driver()
        #expect(driver.model.prompt.keymap == EditKeymap.standard)
        // What a command of the prompt takes is not told to be an editing key.
        #expect(Keymap().editingKey(for: .control("d")) == nil)
        #expect(Keymap().editingKey(for: .control("k"))?.name == "kill-line")
    }

    @Test func keysOfEverywhereThatTypeDoNotReachThePrompt() {
        let (keys, problems) = Self.apply(Self.binding("global", "zoom", [[.character("Z")]]))
        #expect(problems.map(\.message) == ["Z is also typed in [keys.prompt]: there it is not zoom"])
        #expect(keys.label(of: .zoomPane, in: .prompt) == "Ctrl-X z")
        #expect(keys.label(of: .zoomPane, in: .output) == "Z")
    }

    @Test func keysOfTheConfigEditorAreBound() throws {
        let (keys, problems) = Self.apply(
            Self.binding("config", "save", [[KeyChord(.function(2))], [.character("w")]], line: 2),
            Self.binding("config", "row-down", [[.control("x")]], line: 3))
        #expect(problems.isEmpty)
        let driver = try Driver(keys: keys, settings: ConfigTests.rows)
        driver.ask("/settings")
        #expect(driver.screen().contains("F2 save"))
        driver.press(.control("x"))
        #expect(driver.screen().contains("▸enter_sends"))
        driver.press(.character(" "))
        #expect(driver.screen().contains("F2 saves it"))
        // The key that it had does nothing any more.
        driver.press(.character("s"))
        #expect(driver.configuration.isEmpty)
        driver.press(.character("w"))
        #expect(driver.configuration.count == 1)
        driver.press(.character("?"))
        #expect(driver.screen().contains("F2, w"))
        #expect(KeyTable.lines(keys).contains { $0.contains("F2, w") && $0.contains("(config.toml:2)") })
    }

    @Test(
        arguments: [
            ("save", [KeyChord(.escape)], "save: Esc leaves the config editor"),
            ("save", [.character("7")], "save: 7 begins typing a number"),
            (
                "save", [.control("x"), .character("s")],
                "save: the config editor takes one key, not several one after the other"
            ),
            ("sav", [.character("w")], "the config editor has no \"sav\"; do you mean save?"),
            ("leave", [KeyChord(.function(4))], nil),
        ] as [(String, [KeyChord], String?)])
    func whatTheConfigEditorDoesNotTake(command: String, keys: [KeyChord], message: String?) throws {
        let (keymap, problems) = Self.apply(Self.binding("config", command, [keys]))
        #expect(problems.map(\.message) == [message].compactMap(\.self))
        // Esc leaves in any case.
        #expect(keymap.configAction(for: KeyChord(.escape)) == .leave)
    }

    @Test func keysOfTheConfigEditorThatWentOverAreTold() {
        let (_, problems) = Self.apply(
            Self.binding("config", "find", [[.character("s")]], line: 1),
            Self.binding("config", "toggle", [[.character("d")]], line: 2))
        #expect(
            problems.map(\.description) == [
                "config.toml:1: s in [keys.config] is find now, no more save",
                "config.toml:2: default of the config editor has no key left",
            ])
    }

    /// A key of ours that went over is told, also when its command has others left.
    @Test func keysOfOursThatWentOverAreTold() {
        let (_, problems) = Self.apply(
            Self.binding("global", "zoom", [[.alt("x")]], line: 2),
            Self.binding("leader", "usage", [[.character("h")]], line: 3),
            Self.binding("output", "fork", [[.control("p")]], line: 4),
            Self.binding("prompt", "unix-line-discard", [[.control("a")]], line: 5))
        #expect(
            problems.filter(\.isLoss).map(\.description) == [
                "config.toml:2: Alt-x is zoom now, no more palette, which has Ctrl-P",
                "config.toml:3: ^X h is usage now, no more help, which has F1",
                "config.toml:5: Ctrl-A in [keys.prompt] is unix-line-discard now, no more beginning-of-line",
                "config.toml:4: Ctrl-P in [keys.output] is fork: there it is not palette",
            ])
        #expect(problems.filter(\.isLoss).allSatisfy { $0.isNote })
        // Who binds a command anew means its keys to change, in whatever order.
        let own = Self.apply(
            Self.binding("global", "zoom", [[.alt("x")]]), Self.binding("global", "palette", [[KeyChord(.function(2))]])
        )
        #expect(own.problems.filter(\.isLoss).isEmpty)
    }

    /// Every action has a way without function keys and without Alt.
    @Test func nothingNeedsAltOrAFunctionKey() {
        let keymap = Keymap()
        for command in Command.allCases where keymap.hasKey(command) && !command.isInPalette {
            let plain = keymap.bindings.filter { $0.command == command }.flatMap(\.keys).contains { keys in
                keys.allSatisfy { chord in
                    if case .function = chord.key { return false }
                    return !chord.modifiers.contains(.alt)
                }
            }
            #expect(plain, "\(command)")
        }
        // The palette itself, which offers all others, has such a key.
        #expect(keymap.label(of: .palette) == "Ctrl-P")
    }
}
