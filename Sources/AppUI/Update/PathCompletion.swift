import TerminalKit

extension AppModel {
    /// Characters of a path that is completed.
    private static let longestPath = 4_096

    /// The word before the cursor that names a file; nil when there is none.
    var pathQuery: PathQuery? {
        let first = max(0, prompt.cursor - Self.longestPath)
        let before = prompt.characters(in: first..<prompt.cursor)
        guard let mark = before.lastIndex(of: "@") else { return nil }
        let isStart = mark == 0 || before[mark - 1].isWhitespace || before[mark - 1] == "("
        let word = before[(mark + 1)...]
        let path = word.first == "\"" ? word.dropFirst() : word
        let ends = { (character: Character) in
            word.first == "\"" ? character == "\"" || character == "\n" : character.isWhitespace
        }
        guard isStart, !path.contains(where: ends) else { return nil }
        return PathQuery(path: String(path), range: first + mark + 1..<prompt.cursor)
    }

    /// Asks for names when the path has changed since they were asked for.
    mutating func askForPaths() -> [AppEffect] {
        guard let query = pathQuery else {
            completion.askedPath = nil
            return []
        }
        guard completion.askedPath != query.path else { return [] }
        completion.askedPath = query.path
        return [.listPaths(query.path)]
    }

    /// Shows the names that a path can become, unless it has changed meanwhile.
    mutating func take(paths: [PathCandidate], for path: String) {
        guard let query = pathQuery, query.path == path else { return }
        let isAwaited = completion.awaitedPath == path
        completion.awaitedPath = nil
        if isAwaited, paths.isEmpty { flash = Flash(text: "No file is named so.", level: .info) }
        let items = paths.map { candidate -> PromptCompletion.Item in
            let isQuoted =
                prompt.characters(in: query.range).first == "\"" || candidate.path.contains(where: \.isWhitespace)
            let text = isQuoted ? "\"" + candidate.path + (candidate.isFolder ? "" : "\"") : candidate.path
            // Enter sends a text that happens to begin like the name of a file.
            return PromptCompletion.Item(
                text: text + (candidate.isFolder ? "" : " "),
                label: TextGate.gate(candidate.path, allowNewlines: false).text,
                note: "", isSure: false)
        }
        take(
            completion: PromptCompletion(
                title: "files", items: items, range: query.range, typed: String(prompt.characters(in: query.range))),
            isAwaited: isAwaited)
    }
}
