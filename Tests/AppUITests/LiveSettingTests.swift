import FunctionTools
import ProviderCore
import TerminalKit
import Testing

@testable import AppUI

/// Settings that change while the workspace runs, in its files or in the config editor.
@Suite struct LiveSettingTests {
    private static let more = [
        SettingRow(path: "editing_mode", form: .words(["emacs", "vi"], others: false), value: nil, summary: "Keys."),
        SettingRow(path: "mouse", form: .flag, value: "false", standard: "false", summary: "The mouse."),
        SettingRow(path: "code_wrap", form: .flag, value: "false", standard: "false", summary: "Long lines."),
    ]
    private static let rows = ConfigTests.rows + more

    private func driver() throws -> Driver { try Driver(settings: Self.rows) }

    /// The rows with other values, as after an edit of the file.
    private func edited(_ values: [String: String]) -> [SettingRow] {
        Self.rows.map { row in
            var row = row
            if let value = values[row.path] { (row.value, row.origin) = (value, "config.toml:12") }
            return row
        }
    }

    private func edit(_ driver: Driver, _ values: [String: String], paths: [String]? = nil, keys: Keymap? = nil) {
        let applied = AppliedSettings(keys: keys ?? Keymap())
        let news = SettingsNews.changed(
            applied, rows: edited(values), paths: paths ?? values.keys.sorted(), warnings: [])
        driver.send(.settings(news))
    }

    private func saved(_ driver: Driver) -> [[SettingWrite]] {
        driver.configuration.compactMap { if case .saveSettings(let writes) = $0 { writes } else { nil } }
    }

    // MARK: From outside

    @Test func theOpenEditorShowsWhatWasEditedOutside() throws {
        let driver = try driver()
        driver.ask("/settings")
        driver.press(.character("/"))
        driver.type("max_turns")
        driver.press(key: .enter)
        #expect(driver.screen().contains("default (50)"))
        edit(driver, ["tools.max_turns": "7"])
        #expect(driver.screen().contains("] 7 "))
        #expect(driver.screen().contains("from config.toml:12"))
        #expect(!driver.screen().contains("default (50)"))
        #expect(driver.model.tools.limits.turns == 7)
        #expect(driver.screen().contains("Settings read again: tools.max_turns."))
    }

    @Test func onlyWhatChangedIsApplied() throws {
        let driver = try driver()
        driver.ask("/mouse")
        #expect(driver.model.mouseIsOn)
        driver.model.wrapsCode = true
        driver.model.connection.caps = [.conversation: SpendingCap(hard: Money("3"))]
        edit(driver, ["tools.max_calls": "3", "tools.max_turns": "9"])
        #expect(driver.model.mouseIsOn && driver.model.wrapsCode)
        #expect(driver.model.connection.caps[.conversation]?.hard == Money("3"))
        #expect(driver.model.tools.limits.turns == 9)
        // The control: a path that is named is applied.
        edit(driver, ["mouse": "true", "code_wrap": "false"])
        #expect(driver.model.mouseIsOn && !driver.model.wrapsCode)
        edit(driver, ["mouse": "false"])
        #expect(!driver.model.mouseIsOn)
    }

    @Test func aChangeThatIsNotSavedStaysBeforeTheFiles() throws {
        let driver = try driver()
        driver.ask("/settings")
        driver.press(key: .down)
        driver.press(.character(" "))
        #expect(driver.model.keys.command(for: KeyChord(.enter), in: .pane(.prompt)) == .newline)
        var keys = Keymap()
        let binding = UserBinding(scope: "global", command: "help", chords: [[KeyChord(.function(9))]], place: "c:1")
        keys = keys.applying([binding]).keymap
        edit(driver, [:], paths: ["keys.global.help"], keys: keys)
        #expect(driver.model.keys.command(for: KeyChord(.function(9)), in: .global) == .help)
        #expect(driver.model.keys.command(for: KeyChord(.enter), in: .pane(.prompt)) == .newline)
        #expect(driver.screen().contains("1 not saved"))
        // The file says the same now: nothing is left to save.
        edit(driver, ["enter_sends": "false"])
        #expect(!driver.screen().contains("not saved"))
    }

    @Test(arguments: [
        ("theme", true), ("theme.dark", true), ("enter_sends", true), ("editing_mode", true), ("code_wrap", true),
        ("mouse", true), ("tools.max_turns", true), ("tools.max_calls", true), ("budget.day", true),
        ("budget.warn.request", true), ("keys.global.help", true), ("budget.request", false), ("color", false),
        ("default_model", false), ("parameters.temperature", false), ("profiles.work.base_url", false),
        ("budget.warn.nobody", false), ("", false),
    ])
    func oneTableSaysWhatHoldsAtOnce(path: String, atOnce: Bool) throws {
        #expect((LiveSetting(path: path) != nil) == atOnce)
        // What is told of an edit outside is the same table.
        let driver = try driver()
        edit(driver, [path: "0.9"], paths: [path.isEmpty ? "x" : path])
        #expect(driver.screen().contains("holds from the next start") == !atOnce)
    }

    /// One save at a time: what is changed back before the answer is saved after it.
    @Test func whatIsChangedBackWhileItIsSavedIsSavedNext() throws {
        var desk = SettingsDesk(Self.rows)
        desk.change("tools.max_turns", to: "7")
        let first = desk.takeUnsaved()
        #expect(first == [SettingWrite(path: "tools.max_turns", value: "7")])
        desk.change("tools.max_turns", to: nil)
        #expect(!desk.isSet("tools.max_turns") && desk.unsavedCount == 1)
        #expect(desk.takeUnsaved() == [] && desk.savesAgain)
        desk.saved(first[0], problem: nil)
        #expect(desk.takeUnsaved() == [SettingWrite(path: "tools.max_turns", value: nil)])
        desk.saved(SettingWrite(path: "tools.max_turns", value: nil), problem: nil)
        #expect(desk.unsavedCount == 0 && desk.value("tools.max_turns") == "50")
        // Back to what is on its way: nothing more is to be saved. The save fails: what the file has is no change.
        desk.change("tools.max_turns", to: "7")
        let third = desk.takeUnsaved()
        desk.change("tools.max_turns", to: "8")
        desk.change("tools.max_turns", to: "7")
        #expect(desk.takeUnsaved() == [] && !desk.savesAgain)
        desk.change("tools.max_turns", to: nil)
        desk.saved(third[0], problem: "the disk is full")
        #expect(desk.unsavedCount == 0)
    }

    @Test func theSecondSaveWaitsForTheFirst() throws {
        let driver = try driver()
        driver.model.settings.change("mouse", to: "true")
        let first = driver.model.saveSettings()
        driver.model.settings.change("code_wrap", to: "true")
        #expect(first.count == 1 && driver.model.saveSettings().isEmpty)
        #expect(driver.model.flash?.text.contains("as soon as what is on its way") == true)
        driver.send(.configuration(.settingsSaved([SettingWrite(path: "mouse", value: "true")], problems: [:])))
        #expect(saved(driver) == [[SettingWrite(path: "code_wrap", value: "true")]])
    }

    @Test func theEditorAppliesWhatTheFileWould() throws {
        let driver = try driver()
        driver.ask("/settings")
        for name in ["code_wrap", "mouse", "editing_mode"] {
            driver.press(.character("/"))
            driver.type(name)
            driver.press(key: .enter)
            #expect(driver.screen().contains("holds at once"), "\(name)")
            for _ in 0..<(name == "editing_mode" ? 2 : 1) {
                driver.press(key: name == "editing_mode" ? .right : .enter)
            }
        }
        #expect(driver.model.wrapsCode && driver.model.mouseIsOn)
        #expect(driver.model.prompt.editingMode == .vi)
        driver.press(.character("u"))
        #expect(driver.model.prompt.editingMode == .emacs)
    }

    // MARK: Saving

    private func changeTwo(_ driver: Driver) {
        driver.ask("/settings")
        driver.press(key: .down)
        driver.press(.character(" "))
        driver.press(.character("/"))
        driver.type("max_turns")
        driver.press(key: .enter)
        driver.press(key: .right)
    }

    private static let two = [
        SettingWrite(path: "enter_sends", value: "false"), SettingWrite(path: "tools.max_turns", value: "51"),
    ]

    @Test func severalSettingsAreOneWriting() throws {
        let driver = try driver()
        changeTwo(driver)
        driver.press(.character("s"))
        #expect(saved(driver) == [Self.two])
        driver.send(.configuration(.settingsSaved(Self.two, problems: [:])))
        #expect(driver.screen().contains("2 settings are saved: enter_sends, tools.max_turns."))
        #expect(!driver.screen().contains("not saved"))
    }

    @Test func oneThatFailsIsToldAndTheOtherIsSaved() throws {
        let driver = try driver()
        changeTwo(driver)
        driver.press(.character("s"))
        driver.send(.configuration(.settingsSaved(Self.two, problems: ["tools.max_turns": "it is locked"])))
        #expect(driver.screen().contains("tools.max_turns is not saved: it is locked enter_sends is saved."))
        #expect(driver.screen().contains("1 not saved"))
    }

    @Test func whatIsChangedWhileItIsSavedIsNotLost() throws {
        let driver = try driver()
        changeTwo(driver)
        driver.press(.character("s"))
        driver.press(key: .right)
        driver.send(.configuration(.settingsSaved(Self.two, problems: [:])))
        #expect(driver.model.settings.value("tools.max_turns") == "52")
        #expect(driver.screen().contains("1 not saved"))
        driver.press(.character("s"))
        #expect(saved(driver) == [[SettingWrite(path: "tools.max_turns", value: "52")]])
    }

    @Test(arguments: [true, false]) func ownWritesAreNoNews(watchIsFirst: Bool) throws {
        let driver = try driver()
        changeTwo(driver)
        driver.press(.character("s"))
        let values = ["enter_sends": "false", "tools.max_turns": "51"]
        if watchIsFirst { edit(driver, values) }
        driver.send(.configuration(.settingsSaved(Self.two, problems: [:])))
        if !watchIsFirst { edit(driver, values) }
        #expect(driver.screen().contains("2 settings are saved"))
        // The control: what somebody else writes is told.
        edit(driver, ["tools.max_turns": "8"])
        #expect(driver.screen().contains("Settings read again: tools.max_turns."))
    }

    @Test func anEndpointThatWasSavedHereIsNoNews() throws {
        let driver = try driver()
        driver.ask("/setup")
        driver.press(.control("s"))
        driver.press(.character("y"))
        edit(driver, [:], paths: ["profiles.work"])
        driver.send(.configuration(.endpointSaved(name: "work", .saved("It is in config.toml."))))
        #expect(driver.screen().contains("work is saved"))
        edit(driver, [:], paths: ["profiles.work.base_url"])
        #expect(driver.screen().contains("Settings read again: profiles.work.base_url."))
    }

    // MARK: The screen

    @Test func settingsAreShownFromTheirHeadingOn() throws {
        let driver = try driver()
        driver.model.size = Size(width: 80, height: 24)
        driver.press(.control("x"))
        driver.press(.character(","))
        let screen = driver.screen()
        // A name is cut where its column ends.
        for row in Self.rows.prefix(5) { #expect(screen.contains(row.path.prefix(12)), "\(row.path)") }
        #expect(screen.contains("▸theme"))
    }

    @Test func theFirstEscEndsTheSearchAndSaysSo() throws {
        let driver = try driver()
        driver.ask("/settings")
        driver.press(.character("/"))
        driver.type("budget")
        driver.press(key: .enter)
        #expect(driver.screen().contains("/budget"))
        #expect(driver.screen().contains("Esc ends the search"))
        driver.press(key: .escape)
        #expect(driver.screen().contains("The search for \"budget\" is over."))
        #expect(driver.screen().contains("configuration of"))
        driver.press(key: .escape)
        #expect(driver.model.overlay == nil)
    }

    @Test func amountsAreShownAndTypedWithoutNeedlessZeros() throws {
        let driver = try driver()
        driver.ask("/settings")
        driver.press(.character("/"))
        driver.type("budget.day")
        driver.press(key: .enter)
        #expect(driver.screen().contains("$10.00"))
        driver.press(key: .enter)
        #expect(driver.screen().contains("budget.day"))
        #expect(!driver.screen().contains("10.000000"))
        let form = ValueForm.money
        let cases = [("10", "10"), ("0.50", "0.5"), ("$2.25", "2.25"), ("0.000080", "0.00008")]
        for (typed, shown) in cases {
            #expect(form.typed(try form.parse(typed, label: "")) == shown)
        }
    }
}
