import TerminalKit

extension AppModel {
    /// Commands chosen by name that the palette offers first.
    private static let mostRecent = 8

    /// All commands by name, those chosen last first, with their keys and what they are called behind a slash.
    func palette() -> Picker<Command> {
        let recent = recentCommands.filter(\.isInPalette)
        let items = (recent + Command.offered.filter { !recent.contains($0) }).map { command in
            let names = [keys.keys(of: command), "/" + command.slashName].filter { !$0.isEmpty }
            return Picker<Command>.Item(
                value: command, label: "\(command.name): \(command.summary)", note: names.joined(separator: "  "),
                keywords: (command.aliases + [command.slashName]).joined(separator: " "))
        }
        return Picker(title: "commands", items: items)
    }

    /// Does what was chosen by name, and offers it first from now on.
    mutating func performChosen(_ command: Command) -> [AppEffect] {
        remember(command)
        return perform(command)
    }

    /// Notes a command that was chosen by name.
    mutating func remember(_ command: Command) {
        recentCommands.removeAll { $0 == command }
        recentCommands.insert(command, at: 0)
        recentCommands = Array(recentCommands.prefix(Self.mostRecent))
    }
}
