import TerminalKit

// What came back from outside: the person's editor, the clipboard.
extension AppModel {
    /// The edited text takes the prompt's place as one step that undo takes back.
    mutating func take(edited result: Result<String, ExternalToolError>) {
        switch result {
        case .success(let text):
            prompt.replaceText(text)
            focus = .prompt
        case .failure(let problem): tell(problem)
        }
    }

    mutating func take(copied report: CopyReport) -> [AppEffect] {
        defer { copyNote = "" }
        flash = Flash(text: copyNote + report.sentence, level: report.isCopied ? .info : .error)
        return report.bytes.isEmpty ? [] : [.loop(.emit(report.bytes))]
    }

    mutating func tell(_ problem: ExternalToolError) { flash = Flash(text: problem.description, level: .error) }
}
