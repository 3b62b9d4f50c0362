import ProviderCore
import TerminalKit

/// What a command that is being typed can become: a function of the text before the cursor.
enum SlashCompletion {
    /// What is typed so far.
    enum Stage: Equatable {
        /// A command's name.
        case name(String)
        /// What stands behind a command; `start` is where it begins, in characters of the text.
        case argument(Command, String, start: Int)
    }

    /// The stage of a text; nil when no command is typed.
    static func stage(_ text: String) -> Stage? {
        guard text.first == "/", !text.hasPrefix("//"), !text.contains("\n") else { return nil }
        let line = text.dropFirst()
        let name = line.prefix { !$0.isWhitespace }
        guard name.allSatisfy({ $0.isLetter || $0 == "-" || $0 == "_" || $0 == "?" }) else { return nil }
        guard name.count < line.count else { return .name(String(name)) }
        guard case .command(let command, _) = SlashLine(text) else { return nil }
        let rest = line.dropFirst(name.count + 1)
        guard !rest.contains(where: \.isWhitespace) else { return nil }
        return .argument(command, String(rest), start: name.count + 2)
    }

    /// Commands by what is typed of their name, the likeliest first.
    static func names(_ typed: String) -> [PromptCompletion.Item] {
        let wanted = typed.lowercased()
        let ranked = SlashLine.offered.enumerated().compactMap { index, entry in
            rank(wanted, entry.name, entry.command).map { (rank: $0, index: index, entry: entry) }
        }
        return ranked.sorted { ($0.rank, $0.index) < ($1.rank, $1.index) }.map { found in
            let command = found.entry.command
            let argument = command.argumentName.map { " " + $0 } ?? ""
            return PromptCompletion.Item(
                text: "/" + found.entry.name + (command.needsArgument ? " " : ""),
                label: "/" + found.entry.name + argument, note: command.summary,
                then: command.needsArgument ? .more : .send,
                isSure: !wanted.isEmpty && found.rank <= 2)
        }
    }

    /// 0: the whole name or another name of it; 1: the name begins so; 2: another name does; 3: a word of the name
    /// does; 4: its letters come in this order. Nil: none of these.
    private static func rank(_ typed: String, _ name: String, _ command: Command) -> Int? {
        if typed.isEmpty || name == typed || command.aliases.contains(typed) { return 0 }
        if name.hasPrefix(typed) { return 1 }
        if command.aliases.contains(where: { $0.hasPrefix(typed) }) { return 2 }
        if name.split(separator: "-").contains(where: { $0.hasPrefix(typed) }) { return 3 }
        return typed.count > 1 && FuzzyMatch.match(typed, in: name) != nil ? 4 : nil
    }

    /// Those of some items that fit what is typed, those that begin so first.
    static func narrowed(_ items: [PromptCompletion.Item], by typed: String) -> [PromptCompletion.Item] {
        let wanted = typed.lowercased()
        guard !wanted.isEmpty else { return items.map { unsure($0) } }
        let begin = items.filter { $0.label.lowercased().hasPrefix(wanted) }
        let others = items.filter {
            !$0.label.lowercased().hasPrefix(wanted) && FuzzyMatch.match(typed, in: $0.label) != nil
        }
        return begin + others.map { unsure($0) }
    }

    private static func unsure(_ item: PromptCompletion.Item) -> PromptCompletion.Item {
        var item = item
        item.isSure = false
        return item
    }
}

extension Command {
    /// Whether its line means nothing without what stands behind the name.
    var needsArgument: Bool { argumentName.map { !$0.hasPrefix("[") } ?? false }
}
