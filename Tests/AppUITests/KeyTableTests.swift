import Foundation
import TerminalKit
import Testing

@testable import AppUI

/// Manual and page are the table; texts of ours name no key that the table does not give them.
@Suite struct KeyTableTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../..").standardizedFileURL

    private static func read(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    private static func write(_ text: String, _ path: String) throws {
        try text.write(to: root.appendingPathComponent(path), atomically: true, encoding: .utf8)
    }

    private static var rewrites: Bool { ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" }

    @Test func thePageIsTheTable() throws {
        let path = "Sources/tickertape/KEYS.md"
        if Self.rewrites { try Self.write(KeyTable.markdown(), path) }
        #expect(try Self.read(path) == KeyTable.markdown(), "KEYS.md is not the table; make golden writes it")
    }

    @Test func theManualIsTheTable() throws {
        let path = "Sources/tickertape/tickertape.1"
        var manual = try Self.read(path)
        let start = try #require(manual.range(of: "\n.Sh KEYS\n")).lowerBound
        let from = manual.index(after: start)
        let end = try #require(manual.range(of: "\n.Sh ", range: from..<manual.endIndex)).lowerBound
        let section = from..<manual.index(after: end)
        if Self.rewrites {
            manual.replaceSubrange(section, with: KeyTable.roff())
            return try Self.write(manual, path)
        }
        #expect(
            String(manual[section]) == KeyTable.roff(), "KEYS of the manual is not the table; make golden writes it")
    }

    @Test func everyCommandWithAKeyAndEveryTypedOneIsInThePage() {
        let page = KeyTable.markdown()
        for binding in Keymap().bindings {
            #expect(page.contains("`\(binding.command.slashName)`"), "\(binding.command)")
        }
        for entry in SlashLine.offered { #expect(page.contains("`/\(entry.name)"), "\(entry.name)") }
    }

    @Test func ownKeysAreInTheLines() {
        let binding = UserBinding(
            scope: "global", command: "palette", chords: [[KeyChord(.function(2))]], place: "config.toml:3")
        let lines = KeyTable.lines(Keymap().applying([binding]).keymap)
        #expect(lines.contains { $0.contains("F2") && $0.contains("palette") && $0.contains("(config.toml:3)") })
        #expect(!KeyTable.lines().contains { $0.contains("config.toml") })
    }

    @Test func whatRoffWouldTakeForItsOwnIsSpelled() {
        let lines = KeyTable.roff().split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix(".It ") && $0.contains("Ctrl-\\e") })
        #expect(lines.contains { $0.hasPrefix(".It \\&:") || $0.contains(", \\&:") })
        #expect(!lines.contains { $0.hasPrefix("'") })
    }

    @Test func mostUsedKeysComeFromTheTable() {
        #expect(KeyTable.mostUsed().hasPrefix("Enter sends, Ctrl-J makes a new line, Esc stops"))
        let binding = UserBinding(scope: "global", command: "help", chords: [[KeyChord(.function(4))]], place: "x")
        #expect(KeyTable.mostUsed(Keymap().applying([binding]).keymap).contains("F4 shows the keys"))
    }

    // MARK: No literal keys

    /// Names of keys in a text of the program, outside what is put in by `\(…)`.
    private static func literalKeys(in code: String) -> [String] {
        code.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { number, line in
            let trimmed = line.drop { $0 == " " }
            guard !trimmed.hasPrefix("//") else { return nil }
            let literals = line.matches(of: /"(?:[^"\\]|\\.)*"/).map { String($0.output) }
            let named = literals.contains {
                $0.contains(/\b(Ctrl|Alt|Shift)-\S|\^[A-Z]\b|\b(Esc|Enter|Tab|PgUp|PgDn|F1)\b/)
            }
            return named ? "\(number + 1): \(trimmed)" : nil
        }
    }

    @Test func noTextOfOursNamesAKeyByItself() throws {
        let sources = Self.root.appendingPathComponent("Sources/AppUI")
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        var looked = 0
        for case let file as URL in files where file.pathExtension == "swift" {
            // Screens whose keys cannot be bound otherwise, and linear mode, whose reader has no keys to press.
            if ["Config", "Linear"].contains(file.deletingLastPathComponent().lastPathComponent) { continue }
            guard
                !["KeyLabels.swift", "KeySection.swift", "KeyTable.swift", "KeyBinder.swift"].contains(
                    file.lastPathComponent)
            else { continue }
            looked += 1
            let found = Self.literalKeys(in: try String(contentsOf: file, encoding: .utf8))
            #expect(found.isEmpty, "\(file.lastPathComponent): keys.label(of:) or DialogKey names keys. \(found)")
        }
        #expect(looked > 50)
        // The control: a planted one is found.
        #expect(Self.literalKeys(in: #"flash = Flash(text: "Alt-r asks again.", level: .info)"#).count == 1)
        #expect(Self.literalKeys(in: #"("^P", "commands")"#).count == 1)
        #expect(Self.literalKeys(in: #"text: "\(keys.label(of: .retryNow)) asks again.""#).isEmpty)
    }
}
