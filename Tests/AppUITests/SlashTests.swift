import ProviderCore
import TerminalKit
import Testing

@testable import AppUI

/// Commands that are typed.
@Suite struct SlashTests {
    @Test(arguments: [
        ("/quit", SlashLine.command(.quit, argument: "")), ("/exit", .command(.quit, argument: "")),
        ("/set temperature 0.7", .command(.setParameter, argument: "temperature 0.7")),
        ("/MODEL gpt-4o", .command(.chooseModel, argument: "gpt-4o")),
        ("/system-prompt be brief\nand kind", .command(.editSystemPrompt, argument: "be brief\nand kind")),
        ("/modle", .unknown("modle", near: "model")), ("/zzzzz", .unknown("zzzzz", near: nil)),
    ])
    func reads(text: String, line: SlashLine) { #expect(SlashLine(text) == line) }

    @Test(arguments: ["hello /quit", "//quit", "/usr/bin/env", "/etc.conf", "/ 2", "/2", "", " /quit"])
    func isNoCommand(text: String) { #expect(SlashLine(text) == nil) }

    @Test func everyNameIsThereOnce() {
        let names = SlashLine.offered.flatMap { [$0.name] + $0.command.aliases }
        #expect(Set(names).count == names.count)
    }

    @Test func aParameterIsSetByTyping() throws {
        let driver = try Driver()
        driver.ask("/set temperature 0.7")
        #expect(driver.request == nil)
        #expect(driver.ask("hello")?.parameters.temperature == 0.7)
        driver.answer("hi")
        driver.ask("/set temperature 9")
        #expect(driver.screen().contains("from 0 to 2"))
        driver.ask("/unset temperature")
        #expect(driver.ask("again")?.parameters.temperature == nil)
    }

    @Test func twoSlashesSendOne() throws {
        let driver = try Driver()
        #expect(driver.ask("//quit")?.messages.map(\.text) == ["/quit"])
    }

    @Test func anUnknownCommandIsNotSent() throws {
        let driver = try Driver()
        driver.ask("/modle x")
        #expect(driver.request == nil)
        #expect(driver.model.prompt.text == "/modle x")
        #expect(driver.screen().contains("Do you mean /model?"))
    }
}
