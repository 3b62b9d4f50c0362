import ProviderCore
import TerminalKit
import TestSupport
import Testing

@testable import AppUI

/// Random keys and events in the forms: nothing may crash, the cursor stays on the screen, no key is ever shown.
@Suite struct FormFuzzTests {
    private static let openers: [[KeyChord]] = ["p", ",", "o", "i", "O", "s"].map { [.control("x"), .character($0)] }

    @Test(arguments: 0..<6) func formsSurviveAnything(seed: Int) throws {
        var random = SeededRandom(UInt64(seed) &+ 77)
        let driver = try Driver(parameters: ModelParameters(temperature: 0.3), settings: ConfigTests.rows)
        for _ in 0..<500 {
            if driver.model.overlay == nil { open(driver, &random) }
            act(driver, &random)
            let size = Size(
                width: Int.random(in: 0..<130, using: &random), height: Int.random(in: 0..<45, using: &random))
            let frame = AppFeature.view(&driver.model, size: size)
            #expect(frame.size == size)
            if let cursor = frame.cursor {
                #expect(cursor.x >= 0 && cursor.x < size.width && cursor.y >= 0 && cursor.y < size.height)
            }
            #expect(!frame.text.contains("secretkey"))
        }
    }

    private func open(_ driver: Driver, _ random: inout SeededRandom) {
        for chord in Self.openers.randomElement(using: &random) ?? [] { driver.press(chord) }
        if case .form(.endpoint(var form)) = driver.model.overlay {
            form.source = .pasted
            form.keys[.pasted] = LineEditor("sk-secretkey0123456789")
            driver.model.overlay = .form(.endpoint(form))
        }
    }

    private func act(_ driver: Driver, _ random: inout SeededRandom) {
        let keys: [Key] = [
            .up, .down, .left, .right, .enter, .escape, .tab, .backTab, .pageUp, .pageDown, .home, .end, .delete,
            .backspace,
        ]
        switch Int.random(in: 0..<10, using: &random) {
        case 0...4: driver.press(key: keys.randomElement(using: &random) ?? .up)
        case 5: driver.press(KeyChord(keys.randomElement(using: &random) ?? .up, .shift))
        case 6:
            let letter: Character = "_abcstumy".randomElement(using: &random) ?? "a"
            driver.press(Bool.random(using: &random) ? .control(letter) : .alt(letter))
        case 7:
            driver.type(
                ["0.5", " ", "u", "d", "/te", "s", "?", "{{x}}", "9999999999", "-"].randomElement(using: &random) ?? "")
        case 8: driver.send(.input(.paste("漢字 e\u{301}\u{1B}[2J\n{{y}} 0.7")))
        default: tell(driver, &random)
        }
    }

    private func tell(_ driver: Driver, _ random: inout SeededRandom) {
        let id = driver.model.nextRequest - 1
        let step = EndpointStep.allCases.randomElement(using: &random) ?? .name
        let events: [ConfigurationEvent] = [
            .settings(Array(ConfigTests.rows.shuffled(using: &random).dropLast())), .settings([]),
            .settings(ConfigTests.rows),
            .settingsSaved([SettingWrite(path: "theme", value: "x")], problems: ["theme": "no"]),
            .settingsSaved([SettingWrite(path: "enter_sends", value: nil)], problems: [:]),
            .presets([PresetTests.brief, PresetTests.poet], problems: ["\u{1B}[2J"]), .presets([], problems: []),
            .presetSaved(PresetTests.poet, .exists), .presetSaved(PresetTests.brief, .saved("kept")),
            .endpointStep(id: id, step, .failed("\u{1B}no", fix: "漢字")), .endpointModels(id: id, []),
            .endpointModels(id: id, ["a", "漢字"]), .endpointTested(id: id), .endpointSaved(name: "work", .exists),
            .endpointSaved(name: "work", .failed("no")), .endpointSaved(name: "work", .saved("yes")),
        ]
        if let event = events.randomElement(using: &random) { driver.send(.configuration(event)) }
    }
}
