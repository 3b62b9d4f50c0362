import ProviderCore
import TerminalKit
import TestSupport
import Testing

@testable import AppUI

/// The form in which a provider is set up.
@Suite struct EndpointTests {
    private static let key = "sk-test-0123456789abcdefWXYZ"

    /// Fills the form in up to the model.
    private func driver(pasted: Bool = false) throws -> Driver {
        let driver = try Driver()
        driver.press(.control("x"))
        driver.press(.character("i"))
        driver.press(key: .tab)
        driver.type("http://127.0.0.1:8000/v1")
        driver.press(key: .tab)
        if pasted {
            for _ in 0..<3 { driver.press(key: .right) }
            driver.press(key: .tab)
            driver.send(.input(.paste(Self.key + "\n")))
        } else {
            driver.press(key: .left)
        }
        driver.press(key: .tab)
        driver.type("llama")
        return driver
    }

    private func test(_ driver: Driver) -> (id: Int, draft: EndpointDraft)? {
        driver.configuration.lazy.compactMap {
            if case .checkEndpoint(let id, let draft) = $0 { (id, draft) } else { nil }
        }.first
    }

    private func save(_ driver: Driver) -> (draft: EndpointDraft, replaces: Bool)? {
        driver.configuration.lazy.compactMap {
            if case .saveEndpoint(let draft, let replaces) = $0 { (draft, replaces) } else { nil }
        }.first
    }

    private func pass(_ driver: Driver, _ id: Int, upTo last: EndpointStep = .stream) {
        for step in EndpointStep.allCases {
            driver.send(.configuration(.endpointStep(id: id, step, .running)))
            driver.send(.configuration(.endpointStep(id: id, step, .passed("12 ms"))))
            if step == last { break }
        }
    }

    /// A step that went well in part counts: saving asks first.
    @Test func aWarningIsAskedAbout() throws {
        let driver = try driver()
        driver.press(.control("t"))
        let (id, _) = try #require(test(driver))
        pass(driver, id)
        driver.send(.configuration(.endpointStep(id: id, .models, .warned("no list", fix: "is it /v1?"))))
        driver.send(.configuration(.endpointTested(id: id)))
        #expect(driver.screen().contains("! list of models") && driver.screen().contains("is it /v1?"))
        driver.press(.control("s"))
        #expect(save(driver) == nil)
        #expect(driver.screen().contains("Not every step went well"))
    }

    @Test func aVariableWithoutAKeyIsFound() {
        let draft = EndpointDraft(name: "work", baseURL: "", key: .environment("WORK_API_KEY"), model: "")
        #expect(draft.unsetVariable(in: [:]) == "WORK_API_KEY")
        #expect(draft.unsetVariable(in: ["WORK_API_KEY": ""]) == "WORK_API_KEY")
        #expect(draft.unsetVariable(in: ["WORK_API_KEY": "x"]) == nil)
        #expect(EndpointDraft(name: "work", baseURL: "", key: .none, model: "").unsetVariable(in: [:]) == nil)
    }

    @Test func itIsTestedStepByStepAndThenSaved() throws {
        let driver = try driver()
        driver.press(.control("t"))
        let (id, draft) = try #require(test(driver))
        #expect(draft == EndpointDraft(name: "work", baseURL: "http://127.0.0.1:8000/v1", key: .none, model: "llama"))
        pass(driver, id, upTo: .key)
        driver.send(.configuration(.endpointStep(id: id, .models, .running)))
        #expect(driver.screen().contains("✓ connection, TLS"))
        #expect(driver.screen().contains("… list of models"))
        pass(driver, id)
        driver.send(.configuration(.endpointTested(id: id)))
        // All went well, so that Enter saves without a question.
        driver.press(key: .enter)
        let saved = try #require(save(driver))
        #expect(saved.draft == draft)
        #expect(!saved.replaces)
        driver.send(.configuration(.endpointSaved(name: "work", .saved("[profiles.work] is in config.toml."))))
        #expect(driver.screen().contains("tickertape --profile work"))
        #expect(driver.model.overlay == nil)
    }

    @Test func aFailureTellsWhatHelpsAndSavingAsks() throws {
        let driver = try driver()
        driver.press(.control("t"))
        let id = try #require(test(driver)?.id)
        driver.send(.configuration(.endpointStep(id: id, .name, .passed("127.0.0.1"))))
        driver.send(
            .configuration(
                .endpointStep(id: id, .connection, .failed("connection refused", fix: "Is the server running there?"))))
        driver.send(.configuration(.endpointTested(id: id)))
        #expect(driver.screen().contains("✗ connection, TLS         connection refused"))
        #expect(driver.screen().contains("Is the server running there?"))
        driver.press(.control("s"))
        #expect(save(driver) == nil)
        #expect(driver.screen().contains("Not every step went well"))
        driver.press(.character("n"))
        #expect(save(driver) == nil)
        driver.press(.control("s"))
        driver.press(.character("y"))
        #expect(save(driver) != nil)
    }

    @Test func aPastedKeyIsNeverOnTheScreenAndItsFileIsAskedFor() throws {
        let driver = try driver(pasted: true)
        driver.press(.control("t"))
        let (id, draft) = try #require(test(driver))
        #expect(draft.key == Secret(Self.key).map(EndpointDraft.Key.pasted))
        #expect(!"\(draft)".contains("0123456789"))
        pass(driver, id)
        driver.send(.configuration(.endpointTested(id: id)))
        #expect(driver.screen().contains("••••WXYZ"))
        #expect(!driver.screen().contains("0123456789"))
        driver.press(.control("s"))
        #expect(save(driver) == nil)
        #expect(driver.screen().contains("only you can read (0600)"))
        driver.press(.character("y"))
        #expect(save(driver)?.draft.key == draft.key)
    }

    @Test func aPastedKeyIsForgottenOnLeaving() throws {
        let driver = try driver(pasted: true)
        driver.press(key: .escape)
        #expect(driver.model.overlay == nil)
        driver.ask("/setup")
        #expect(!driver.screen().contains("WXYZ"))
        #expect(driver.screen().contains("http://127.0.0.1:8000/v1"))
    }

    @Test func aKeyInTheWrongPlaceIsForgottenOnLeaving() throws {
        let driver = try Driver()
        driver.ask("/setup")
        for _ in 0..<3 { driver.press(key: .tab) }
        driver.type(Self.key)
        driver.press(key: .escape)
        driver.ask("/setup")
        #expect(!driver.screen().contains("0123456789"))
        #expect(driver.screen().contains("WORK_API_KEY"))
    }

    /// The form is left before the answer comes: the failure is told, and it can be saved again.
    @Test(arguments: [SaveOutcome.failed("the disk is full"), .exists])
    func leavingWhileItIsSavedHindersNoLaterSave(outcome: SaveOutcome) throws {
        let driver = try driver()
        driver.press(.control("s"))
        driver.press(.character("y"))
        let saves = { driver.configuration.filter { if case .saveEndpoint = $0 { true } else { false } }.count }
        let before = saves()
        #expect(before > 0)
        driver.press(key: .escape)
        #expect(driver.model.overlay == nil)
        driver.send(.configuration(.endpointSaved(name: "work", outcome)))
        #expect(driver.screen().contains("work is not saved: "))
        #expect(driver.model.overlay == nil)
        driver.ask("/setup")
        driver.press(.control("s"))
        if case .form(.endpoint(let form)) = driver.model.overlay, form.question != nil {
            driver.press(.character("y"))
        }
        guard case .form(.endpoint(let form)) = driver.model.overlay else {
            Issue.record("no form is open")
            return
        }
        #expect(form.isSaving)
        #expect(saves() > 0)
    }

    @Test func escStopsARunningTestFirst() throws {
        let driver = try driver()
        driver.press(.control("t"))
        let id = try #require(test(driver)?.id)
        driver.send(.configuration(.endpointStep(id: id, .name, .running)))
        driver.press(key: .escape)
        #expect(driver.cancelled == [id])
        #expect(driver.screen().contains("– name of the server"))
        // What the stopped test still tells is not looked at.
        driver.send(.configuration(.endpointStep(id: id, .connection, .passed("late"))))
        #expect(!driver.screen().contains("late"))
        driver.press(key: .escape)
        #expect(driver.model.overlay == nil)
    }

    /// The last step had begun and all before it went well: stopped there, nothing counts as tried.
    @Test func whatWasStoppedInItsLastStepIsNotTested() throws {
        let driver = try driver()
        driver.press(.control("t"))
        let id = try #require(test(driver)?.id)
        pass(driver, id, upTo: .models)
        driver.send(.configuration(.endpointStep(id: id, .stream, .running)))
        driver.press(key: .escape)
        #expect(driver.screen().contains("– a tiny streamed answer"))
        driver.press(.control("s"))
        #expect(save(driver) == nil)
        #expect(driver.screen().contains("Not every step went well"))
    }

    @Test func typingReplacesWhatIsProposedAndTheVariableFollowsTheName() throws {
        let driver = try Driver()
        driver.ask("/setup")
        #expect(driver.screen().contains("work"))
        driver.type("lab 1")
        #expect(!driver.screen().contains("worklab"))
        #expect(driver.screen().contains("LAB_1_API_KEY"))
        driver.press(.control("u"))
        driver.type("lab")
        // What the person typed stays.
        for _ in 0..<3 { driver.press(key: .tab) }
        driver.type("MY_KEY")
        for _ in 0..<3 { driver.press(key: .backTab) }
        driver.type("2")
        driver.press(.control("t"))
        let draft = try #require(test(driver)?.draft)
        #expect(draft.name == "lab2")
        #expect(draft.key == .environment("MY_KEY"))
    }

    @Test func aProposalCanBeEditedInsteadOfReplaced() throws {
        let driver = try Driver()
        driver.ask("/setup")
        driver.press(key: .end)
        driver.type("2")
        driver.press(.control("t"))
        let draft = try #require(test(driver)?.draft)
        #expect(draft.name == "work2")
        #expect(draft.key == .environment("WORK2_API_KEY"))
    }

    @Test(arguments: [
        ("_x", true), ("A1_b", true), ("1A", false), ("A-B", false), ("A=B", false), ("A.B", false), ("ÄB", false),
        ("$A", false),
    ])
    func variablesHaveNames(name: String, isGood: Bool) throws {
        let driver = try Driver()
        driver.ask("/setup")
        for _ in 0..<3 { driver.press(key: .tab) }
        driver.type(name)
        driver.press(.control("t"))
        #expect((test(driver) != nil) == isGood)
        #expect(driver.screen().contains("the name of a variable has letters, digits and _") == !isGood)
    }

    @Test func aChangeAfterTheTestAsksAgain() throws {
        let driver = try driver()
        driver.press(.control("t"))
        let id = try #require(test(driver)?.id)
        pass(driver, id)
        driver.send(.configuration(.endpointTested(id: id)))
        for _ in 0..<5 { driver.press(key: .backTab) }
        driver.type("2")
        driver.press(.control("s"))
        #expect(save(driver) == nil)
        #expect(driver.screen().contains("Not every step went well"))
    }

    @Test func aProfileOfTheSameNameIsReplacedOnlyAfterAYes() throws {
        let driver = try driver()
        driver.press(.control("s"))
        driver.press(.character("y"))
        driver.send(.configuration(.endpointSaved(name: "work", .exists)))
        #expect(driver.screen().contains("Replace it? y/N"))
        driver.press(.character("y"))
        #expect(save(driver)?.replaces == true)
        driver.send(.configuration(.endpointSaved(name: "work", .failed("config.toml is read-only"))))
        #expect(driver.screen().contains("✗ config.toml is read-only"))
    }

    @Test func theModelIsTakenFromTheList() throws {
        let driver = try Driver()
        driver.ask("/setup")
        driver.press(.control("t"))
        let id = try #require(test(driver)?.id)
        driver.send(.configuration(.endpointModels(id: id, ["llama", "qwen"])))
        pass(driver, id)
        driver.send(.configuration(.endpointTested(id: id)))
        #expect(driver.screen().contains("2 models, PgDn chooses: llama, qwen"))
        driver.press(.control("s"))
        #expect(save(driver)?.draft.model == "llama")
    }

    @Test(arguments: [
        ("sk-abcdef", "the name of a variable"), ("A KEY", "the name of a variable"), ("", "is not named"),
    ])
    func aKeyDoesNotStandWhereItsVariableIsNamed(typed: String, problem: String) throws {
        let driver = try Driver()
        driver.ask("/setup")
        for _ in 0..<3 { driver.press(key: .tab) }
        driver.press(.control("u"))
        driver.type(typed)
        driver.press(.control("t"))
        #expect(test(driver) == nil)
        #expect(driver.screen().contains(problem))
    }

    @Test(arguments: ["ftp://x/v1", "localhost:8000", "javascript:alert(1)"])
    func badAddressesAreRefused(url: String) throws {
        let driver = try Driver()
        driver.ask("/setup")
        driver.press(key: .tab)
        driver.type(url)
        driver.press(.control("t"))
        #expect(test(driver) == nil)
        #expect(driver.screen().contains("begins with https://"))
    }
}

/// Presets, variables and the form of a provider as they look.
@Suite struct FormGoldenTests {
    @Test(arguments: [(120, 40), (80, 24)]) func presets(width: Int, height: Int) throws {
        let driver = try PresetTests.driver()
        driver.ask("/preset poet")
        driver.send(.configuration(.presets([PresetTests.brief, PresetTests.poet], problems: [])))
        driver.press(.control("x"))
        driver.press(.character("o"))
        expect(driver.screen(width, height), "presets-\(width)x\(height)")
        driver.press(key: .up)
        driver.press(.alt("c"))
        expect(driver.screen(width, height), "preset-comparison-\(width)x\(height)")
    }

    @Test(arguments: [(120, 40), (80, 24)]) func variables(width: Int, height: Int) throws {
        let driver = try Driver()
        driver.ask("Translate {{text}} into {{language}} for {{reader}}.")
        driver.type("the menu")
        driver.press(key: .tab)
        driver.type("Finnish")
        expect(driver.screen(width, height), "variables-\(width)x\(height)")
    }

    @Test(arguments: [(120, 40), (80, 24)]) func endpoint(width: Int, height: Int) throws {
        let driver = try Driver()
        driver.ask("/setup")
        driver.press(.control("t"))
        let id = driver.model.nextRequest - 1
        driver.send(.configuration(.endpointStep(id: id, .name, .passed("api.example.test is 192.0.2.7"))))
        driver.send(.configuration(.endpointStep(id: id, .connection, .passed("TLS 1.3, 48 ms"))))
        driver.send(
            .configuration(
                .endpointStep(
                    id: id, .key,
                    .failed(
                        "WORK_API_KEY is not set",
                        fix: "Set it in the shell that starts tickertape, or choose another source."))))
        driver.send(.configuration(.endpointTested(id: id)))
        expect(driver.screen(width, height), "endpoint-\(width)x\(height)")
    }

    @Test func everySizeIsDrawn() throws {
        let preset = try PresetTests.driver()
        preset.press(.control("x"))
        preset.press(.character("o"))
        let comparison = try PresetTests.driver()
        comparison.ask("/compare-preset brief poet")
        comparison.send(.configuration(.presets([PresetTests.brief, PresetTests.poet], problems: [])))
        let variables = try Driver()
        variables.ask("a {{b}} {{c}} {{d}} {{e}} {{f}} {{g}} {{h}} {{i}}")
        let endpoint = try Driver()
        endpoint.ask("/setup")
        let saving = try Driver()
        saving.ask("/save-preset")
        for driver in [preset, comparison, variables, endpoint, saving] {
            for width in [0, 1, 19, 20, 21, 40, 300] {
                for height in [0, 1, 5, 6, 7, 9, 12, 200] {
                    let frame = AppFeature.view(&driver.model, size: Size(width: width, height: height))
                    #expect(frame.size == Size(width: width, height: height))
                    if let cursor = frame.cursor { #expect(cursor.x < width && cursor.y < height) }
                }
            }
        }
    }

    private func expect(_ screen: String, _ name: String) {
        let difference = Golden.difference(screen, name, testFile: #filePath)
        #expect(difference == nil, "\(difference ?? "")")
    }
}
