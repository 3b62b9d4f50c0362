/// A fenced block of code in a text.
struct CodeFence: Equatable {
    /// The first word after the opening fence, in lower case; empty = none.
    var language: String
    /// What is between the fences.
    var content: String

    /// The blocks of a text, in order. Fences are three or more of ` or ~; indentation is taken away as far as the fence has
    /// it. A fence that is never closed goes to the end.
    static func all(in text: String) -> [CodeFence] {
        var fences: [CodeFence] = []
        var open: Opening?
        var content: [Substring] = []
        func close(_ opening: Opening) {
            fences.append(CodeFence(language: opening.language, content: content.joined(separator: "\n")))
            content = []
        }
        for line in Texts.lines(text) {
            if let opening = open {
                if opening.isClosed(by: line) {
                    close(opening)
                    open = nil
                } else {
                    content.append(opening.unindented(line))
                }
            } else {
                open = Opening(line)
            }
        }
        if let open { close(open) }
        return fences
    }

    /// Whether its language is meant by a word; what people call it, too.
    func isIn(_ language: String) -> Bool {
        func name(_ word: String) -> String {
            switch word {
            case "py", "python3", "python": "python"
            case "js", "node", "mjs", "javascript": "javascript"
            case "bash", "shell", "zsh", "sh": "sh"
            case "ts", "typescript": "typescript"
            case "yml", "yaml": "yaml"
            case "c++", "cpp": "cpp"
            case "rs", "rust": "rust"
            case "golang", "go": "go"
            default: word
            }
        }
        return name(self.language) == name(language.lowercased())
    }

    private struct Opening {
        let mark: UInt8
        let length: Int
        let indentation: Int
        let language: String

        init?(_ line: Substring) {
            let bare = line.utf8.drop { $0 == 0x20 || $0 == 0x09 }
            guard let mark = bare.first, mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~") else { return nil }
            let info = bare.drop { $0 == mark }
            length = bare.count - info.count
            // Three marks and a fourth on one line are code in a sentence.
            guard length >= 3, mark == UInt8(ascii: "~") || !info.contains(mark) else { return nil }
            self.mark = mark
            indentation = line.utf8.count - bare.count
            let word = Texts.trimmed(Substring(info)).split { $0.isWhitespace || $0 == "," || $0 == "}" }.first ?? ""
            language = word.drop { $0 == "{" || $0 == "." }.lowercased()
        }

        func isClosed(by line: Substring) -> Bool {
            let bare = line.utf8.drop { $0 == 0x20 || $0 == 0x09 }
            let rest = bare.drop { $0 == mark }
            return bare.count - rest.count >= length && rest.allSatisfy { $0 == 0x20 || $0 == 0x09 }
        }

        func unindented(_ line: Substring) -> Substring {
            let blanks = line.utf8.prefix(indentation).prefix { $0 == 0x20 || $0 == 0x09 }.count
            return Substring(line.utf8.dropFirst(blanks))
        }
    }
}
