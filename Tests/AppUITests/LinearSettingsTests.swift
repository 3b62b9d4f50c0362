import ProviderCore
import TerminalKit
import Testing

@testable import AppUI

/// Settings and providers without a screen.
@Suite struct LinearSettingsTests {
    private func driver(isInteractive: Bool = true) throws -> LinearDriver {
        try LinearDriver(isInteractive: isInteractive, settings: ConfigTests.rows)
    }

    /// What is to be written into the settings file.
    private func saved(_ driver: LinearDriver) -> [String] {
        driver.work.flatMap { effect -> [String] in
            guard case .configure(.saveSettings(let writes)) = effect else { return [] }
            return writes.map { "\($0.path)=\($0.value ?? "nil")" }
        }
    }

    @Test func settingsAreListedAndExplained() throws {
        let driver = try driver()
        let all = driver.type("/settings")
        for line in ["theme terminal, the default.", "budget.day $10", "from config.toml:9.", "tools.max_turns 50"] {
            #expect(all.contains(line), "\(all)")
        }
        let one = driver.type("/settings tools.max-turns")
        for part in ["Most answers with function calls", "a whole number from 1 to 1000", "the default is 50"] {
            #expect(one.contains(part), "\(one)")
        }
        #expect(!all.contains("config set"))
    }

    @Test(
        arguments: [
            ("/settings tools.max_turns 7", "tools.max_turns=7", "tools.max_turns 7."),
            ("/set max_turns=7", "tools.max_turns=7", "tools.max_turns 7."),
            ("/set budget.day $4.50", "budget.day=4.5", "budget.day $4.50."),
            ("/set enter_sends false", "enter_sends=false", "enter_sends false."),
            ("/settings budget.day -", "budget.day=nil", "budget.day not set."),
            ("/unset budget.day", "budget.day=nil", "budget.day not set."),
            ("/set parameters.temperature 0.9", "parameters.temperature=0.9", "from the next start on."),
        ])
    func aSettingIsChangedAndSaved(line: String, written: String, told: String) throws {
        let driver = try driver()
        let text = driver.type(line)
        #expect(saved(driver) == [written])
        #expect(text.contains(told), "\(text)")
        let path = String(written.prefix { $0 != "=" })
        let value = String(written.dropFirst(path.count + 1))
        let write = SettingWrite(path: path, value: value == "nil" ? nil : value)
        driver.send(.configuration(.settingsSaved([write], problems: [:])))
        #expect(driver.new.contains("\(path) is saved."))
    }

    @Test(
        arguments: [
            ("/settings nonsense 1", "no setting of this name"), ("/set nonsense 1", "There is no parameter"),
            ("/settings tools.max_turns many", "a whole number from 1 to 1000, not \"many\""),
            ("/set enter_sends maybe", "true or false, not \"maybe\""), ("/settings theme terminal", "as before"),
        ])
    func whatIsWrongIsSaidAndNothingIsWritten(line: String, told: String) throws {
        let driver = try driver()
        let text = driver.type(line)
        #expect(text.contains(told), "\(text)")
        #expect(saved(driver) == [])
    }

    @Test func aParameterComesBeforeASettingOfItsName() throws {
        let driver = try driver()
        driver.type("/set temperature 0.4")
        #expect(saved(driver) == [])
        #expect(driver.model.app.parameters[.temperature].value == .number(0.4))
    }

    @Test func theInputDoesNotEndBeforeASettingIsSaved() throws {
        let driver = try driver(isInteractive: false)
        driver.type("/set enter_sends false")
        driver.send(.input(.ended(signal: 0)))
        #expect(!driver.quits)
        let write = SettingWrite(path: "enter_sends", value: "false")
        driver.send(.configuration(.settingsSaved([write], problems: ["enter_sends": "the disk is full"])))
        #expect(driver.new.contains("enter_sends is not saved: the disk is full."))
        #expect(driver.quits)
    }
}

/// A provider that is set up by questions.
@Suite struct LinearEndpointTests {
    private static let key = "sk-test-0123456789abcdefWXYZ"

    private func test(_ driver: LinearDriver) -> (id: Int, draft: EndpointDraft)? {
        driver.work.lazy.compactMap {
            if case .configure(.checkEndpoint(let id, let draft)) = $0 { (id, draft) } else { nil }
        }.first
    }

    private func save(_ driver: LinearDriver) -> (draft: EndpointDraft, replaces: Bool)? {
        driver.work.lazy.compactMap {
            if case .configure(.saveEndpoint(let draft, let replaces)) = $0 { (draft, replaces) } else { nil }
        }.first
    }

    private func pass(_ driver: LinearDriver, _ id: Int) {
        for step in EndpointStep.allCases {
            driver.send(.configuration(.endpointStep(id: id, step, .running)))
            driver.send(.configuration(.endpointStep(id: id, step, .passed("12 ms"))))
        }
        driver.send(.configuration(.endpointTested(id: id)))
    }

    @Test func theFieldsAreAskedOneByOneThenItIsTestedAndSaved() throws {
        let driver = try LinearDriver()
        #expect(driver.type("/setup").contains("Name of the profile"))
        #expect(driver.type("lab").contains("Address of the server"))
        #expect(driver.type("http://127.0.0.1:8000/v1").contains("Where is the key?"))
        #expect(driver.type("variable").contains("Name of the variable"))
        #expect(driver.type("LAB_KEY").contains("Model that is asked"))
        #expect(driver.type("llama").contains("Nothing was tested yet. What now?"))
        #expect(driver.type("test").contains("Testing:"))
        let (id, draft) = try #require(test(driver))
        #expect(
            draft
                == EndpointDraft(
                    name: "lab", baseURL: "http://127.0.0.1:8000/v1", key: .environment("LAB_KEY"), model: "llama"))
        driver.type("save")
        #expect(save(driver) == nil, "what is typed waits for the test")
        pass(driver, id)
        let told = driver.new
        #expect(told.contains("Connection, TLS: passed, 12 ms.\n"), "\(told)")
        #expect(told.contains("Every step went well. What now?"))
        let saved = try #require(save(driver))
        #expect(saved.draft == draft)
        driver.send(.configuration(.endpointSaved(name: "lab", .saved("[profiles.lab] is in config.toml."))))
        #expect(driver.new.contains("tickertape --profile lab"))
        #expect(driver.model.app.overlay == nil)
    }

    @Test func aFailureIsToldWithWhatHelpsAndOneFieldIsChanged() throws {
        let driver = try LinearDriver()
        for line in ["/setup", "", "http://127.0.0.1:1/v1", "none", ""] { driver.type(line) }
        driver.type("1")
        let id = try #require(test(driver)?.id)
        driver.send(.configuration(.endpointStep(id: id, .name, .passed("127.0.0.1"))))
        driver.send(
            .configuration(
                .endpointStep(id: id, .connection, .failed("connection refused", fix: "Is the server running there?"))))
        driver.send(.configuration(.endpointTested(id: id)))
        let told = driver.new
        #expect(told.contains("Connection, TLS: failed, connection refused. Is the server running there?"))
        #expect(told.contains("Not every step went well."))
        #expect(driver.type("address").contains("Nothing typed means: http://127.0.0.1:1/v1"))
        #expect(driver.type("http://127.0.0.1:2/v1").contains("What now?"))
        #expect(driver.type("save").contains("Save it all the same?"))
        #expect(driver.type("").contains("It is not saved."))
        #expect(save(driver) == nil)
        driver.type("save")
        driver.type("yes")
        #expect(save(driver)?.draft.baseURL == "http://127.0.0.1:2/v1")
        driver.send(.configuration(.endpointSaved(name: "work", .exists)))
        #expect(driver.new.contains("There is a profile of this name. Replace it?"))
        driver.type("y")
        #expect(save(driver)?.replaces == true)
    }

    @Test(arguments: [true, false]) func aKeyThatIsTypedIsNotWrittenAnywhere(isInteractive: Bool) throws {
        let driver = try LinearDriver(isInteractive: isInteractive)
        for line in ["/setup", "", "", "paste"] { driver.type(line) }
        driver.type(Self.key)
        driver.type("")
        driver.type("test")
        let (id, draft) = try #require(test(driver))
        #expect(draft.key == .pasted(try #require(Secret(Self.key))))
        pass(driver, id)
        #expect(driver.type("save").contains("written as plain text"))
        driver.type("yes")
        #expect(save(driver) != nil)
        #expect(!driver.text.contains("0123456789abcdef"))
        #expect(driver.text.contains("Key: (not shown)"))
    }

    @Test(
        arguments: [
            (["/setup", "a b"], "name: letters, digits"), (["/setup", "", "ftp://x"], "begins with https://"),
            (["/setup", "", "", "variable", "sk-abc"], "the key itself does not belong here"),
            (["/setup", "", "", "file", ""], "is not named"), (["/setup", "", "", "perhaps"], "That is none of them"),
        ])
    func whatIsWrongIsAskedAgain(lines: [String], told: String) throws {
        let driver = try LinearDriver()
        for line in lines.dropLast() { driver.type(line) }
        let before = driver.model.question?.prompt
        #expect(driver.type(lines[lines.count - 1]).contains(told))
        #expect(driver.model.question?.prompt == before)
    }

    /// A key that is typed where only its place is named is neither repeated nor kept.
    @Test(arguments: [("variable", "LAB_KEY"), ("command", "pass show lab"), ("file", "~/lab.key")])
    func aKeyInTheWrongPlaceIsNotRepeated(source: String, good: String) throws {
        for key in [Self.key, "0123456789abcdef0123456789abcdef"] {
            let driver = try LinearDriver(isInteractive: false)
            for line in ["/setup", "", "", source] { driver.type(line) }
            #expect(driver.type(key).contains("does not belong here"))
            #expect(!driver.text.contains("0123456789"), "\(driver.text)")
            #expect(driver.text.contains("(not shown)"))
            driver.type("/stop")
            let kept = try #require(driver.model.app.desk.endpoint)
            #expect(!kept.keys.values.contains { $0.text.contains("0123456789") })
            // The control: the name of a place is shown.
            for line in ["/setup", "", "", source, good] { driver.type(line) }
            #expect(driver.text.contains(": \(good)"))
        }
    }

    @Test func itCanBeLeftWhileItIsSaved() throws {
        let driver = try LinearDriver()
        for line in ["/setup", "", "", "none", "", "save", "yes"] { driver.type(line) }
        #expect(save(driver) != nil)
        driver.send(.input(.key(.control("c"))))
        let told = driver.new
        #expect(told.contains("The saving that has begun goes on.") && !told.contains("Nothing is saved."))
        driver.send(.configuration(.endpointSaved(name: "work", .failed("the disk is full"))))
        #expect(driver.new.contains("work is not saved: the disk is full"))
    }

    @Test func itCanBeLeftAtAnyQuestionAndGoneOnWith() throws {
        let driver = try LinearDriver()
        for line in ["/setup", "lab", "http://127.0.0.1:1/v1"] { driver.type(line) }
        #expect(driver.type("/stop").contains("Nothing is saved."))
        #expect(driver.model.app.overlay == nil)
        #expect(driver.type("hello").isEmpty == false)
        #expect(driver.request?.messages.last?.text == "hello")
        driver.answer("hi")
        driver.type("/setup")
        driver.send(.input(.key(.control("c"))))
        #expect(driver.new.contains("Nothing is saved."))
        #expect(driver.model.app.desk.endpoint?.name.text == "lab")
    }

    @Test func aTestIsStopped() throws {
        let driver = try LinearDriver()
        for line in ["/setup", "", "", "none", "", "test"] { driver.type(line) }
        let id = try #require(test(driver)?.id)
        driver.send(.input(.key(.control("c"))))
        #expect(driver.cancelled == [id])
        #expect(driver.type("leave").contains("Nothing is saved."))
    }

    @Test func onlyAValidNameBecomesTheDefault() throws {
        let driver = try LinearDriver()
        driver.type("/setup")
        let told = driver.type("my prof!")
        #expect(told.contains("name: letters, digits"))
        #expect(!told.contains("Nothing typed means: my prof!"), "\(told)")
        #expect(told.contains("Nothing typed means: work"), "\(told)")
        driver.type("lab")
        driver.type("http://127.0.0.1:1/v1")
        #expect(driver.type("variable").contains("Nothing typed means: LAB_API_KEY"))
    }
}
