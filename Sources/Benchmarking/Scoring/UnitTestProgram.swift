internal import ProviderCore

/// The program that tests an answer.
///
/// HumanEval's samples have a `prompt`, the begin of a function, and its name as `entry_point`; its program is the prompt, the
/// answer, and the tests. Models answer with the rest of the function, as they were asked, or with the whole of it. A whole one is
/// taken as it is, with what stands in the prompt before the function, such as imports; a rest is indented as the prompt wants it,
/// where the indentation was lost with the fence.
struct UnitTestProgram {
    /// The program and its last part, which tells that it came to its end.
    let text: String
    /// What is run: it watches over the program.
    let guarded: String
    /// What is written when the program was run to its end. It is another one each time, and the answer cannot read it.
    let mark: String

    init(_ spec: UnitTestSpec, answer: String, fields: JSONValue) throws(ScorerFailure) {
        let code = AnsweredCode(answer, fields: fields, language: spec.language)
        let program: String
        do throws(FieldTemplateError) {
            program = try spec.program.rendered(with: code.fields, output: code.text)
        } catch { throw ScorerFailure(error.description) }
        guard let end = UnitTestGuard.end(spec.language) else {
            throw ScorerFailure("tests in \(Texts.quoted(spec.language)) are not known; known: javascript, python, sh")
        }
        text = program + "\n" + end
        mark = "tests-ended-" + Self.secret()
        guarded = UnitTestGuard.text(around: text, spec.language, mark: mark, number: Self.secret())
    }

    /// 128 bits that nobody can guess, in hexadecimal digits.
    private static func secret() -> String {
        (0..<2).map { _ in String(UInt64.random(in: 0x1000_0000_0000_0000 ... .max), radix: 16) }.joined()
    }
}

/// The code of an answer, and the fields of its sample as they fit to it.
struct AnsweredCode {
    private(set) var text: String
    private(set) var fields: JSONValue

    init(_ answer: String, fields: JSONValue, language: String) {
        text = answer
        self.fields = fields
        guard let prompt = fields["prompt"]?.stringValue, let name = fields["entry_point"]?.stringValue, !name.isEmpty
        else { return }
        if Self.definition(of: name, in: answer, language) != nil {
            let before = Self.definition(of: name, in: prompt, language).map { prompt.prefix(upTo: $0) } ?? ""
            // An import from the future has to be the first statement.
            let isKept = !answer.utf8.starts(with: "from __future__".utf8) && language != "sh"
            replacePrompt(by: isKept ? String(before) : "")
        } else if language == "python" {
            text = Self.indented(answer, after: prompt)
        }
    }

    private mutating func replacePrompt(by text: String) {
        guard case .object(let members) = fields else { return }
        fields = .object(members.filter { $0.key != "prompt" } + [JSONMember("prompt", .string(text))])
    }

    /// Where the line begins that defines a function at the outermost level; nil = none does.
    private static func definition(of name: String, in code: String, _ language: String) -> String.Index? {
        for line in Texts.lines(code) {
            let words = line.split { $0 == " " || $0 == "\t" || $0 == "(" || $0 == "=" || $0 == ":" || $0 == "{" }
            guard let first = words.first, line.first != " ", line.first != "\t" else { continue }
            var rest = words[...]
            switch language {
            case "python":
                if first == "async" { rest = rest.dropFirst() }
                guard rest.popFirst() == "def" else { continue }
            case "javascript":
                if first == "export" { rest = rest.dropFirst() }
                if rest.first == "async" { rest = rest.dropFirst() }
                guard let word = rest.popFirst(), ["function", "function*", "const", "let", "var"].contains(word) else {
                    continue
                }
            default:
                if first == "function" { rest = rest.dropFirst() } else if !line.contains("(") { continue }
            }
            if let found = rest.first, found == name { return line.startIndex }
        }
        return nil
    }

    /// The rest of a function with the indentation of the prompt's last line, where it has less.
    private static func indented(_ code: String, after prompt: String) -> String {
        let isFilled = { (line: Substring) in !Texts.trimmed(line).isEmpty }
        guard let last = Texts.lines(prompt).last(where: isFilled) else { return code }
        let blanks = String(last.prefix { $0 == " " || $0 == "\t" })
        let lines = Texts.lines(code)
        guard !blanks.isEmpty, let first = lines.firstIndex(where: isFilled), !lines[first].hasPrefix(blanks) else {
            return code
        }
        // Trimming takes the blanks of the first line only; then the others still have theirs.
        let others = lines[(first + 1)...].filter(isFilled)
        let isOnlyFirst =
            !others.isEmpty && others.allSatisfy { $0.hasPrefix(blanks) }
            && Texts.trimmed(lines[first]).unicodeScalars.last != ":"
        return lines.enumerated().map { number, line in
            guard isFilled(line), number == first || !isOnlyFirst else { return String(line) }
            return number == first && isOnlyFirst ? blanks + Texts.trimmed(line) : blanks + line
        }.joined(separator: "\n")
    }
}
