import Foundation

/// Finds the public declarations of a source file that have no doc comment. `swift format lint` finds most of them, but no
/// cases of enumerations, no requirements of protocols and nothing that is `open`.
///
/// Reads our own formatted style: a declaration begins its line, attributes may stand on lines above it.
struct DeclarationScanner {
    private enum Context {
        case enumeration, requirements, publicExtension, type, other
    }

    /// How many public declarations there are.
    private(set) var declarations = 0
    /// Those without a doc comment: `LINE: TEXT`.
    private(set) var undocumented: [String] = []
    /// Whether every brace found its partner, so that the scan can be trusted.
    var isBalanced: Bool { contexts.isEmpty && parentheses == 0 }

    private var contexts: [Context] = []
    private var parentheses = 0
    private var isDocumented = false
    private var isInLongText = false
    /// What the next opening brace begins.
    private var opening = Context.other

    init(_ source: String) {
        for (index, line) in source.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            take(line.trimmingPrefix { $0 == " " }, number: index + 1)
        }
    }

    private mutating func take(_ line: Substring, number: Int) {
        let wasInLongText = isInLongText
        if line.components(separatedBy: "\"\"\"").count == 2 { isInLongText.toggle() }
        guard !wasInLongText else { return }
        if line.hasPrefix("///") { return isDocumented = true }
        let code = Self.code(line)
        if parentheses == 0, let declaration = code.prefixMatch(of: Self.declaration) {
            let (words, keyword) = (declaration.output.1, declaration.output.2)
            if isPublic(words, keyword) {
                declarations += 1
                if !isDocumented { undocumented.append("\(number): \(line)") }
            }
            opening = context(words, keyword)
        }
        // An attribute on a line of its own belongs to what follows.
        if !code.hasPrefix("@") || code.contains(" ") { isDocumented = false }
        for character in code { take(character) }
    }

    private mutating func take(_ character: Character) {
        switch character {
        case "(": parentheses += 1
        case ")": parentheses -= 1
        case "{":
            contexts.append(opening)
            opening = .other
        case "}": _ = contexts.popLast()
        default: break
        }
    }

    private func isPublic(_ words: Substring, _ keyword: Substring) -> Bool {
        if keyword == "extension" { return false }
        if words.contains("public ") || words.contains("open ") { return true }
        switch contexts.last {
        case .enumeration: return keyword == "case"
        case .requirements: return true
        case .publicExtension:
            return !["private", "fileprivate", "internal", "package"].contains { words.contains($0) }
        case .type, .other, nil: return false
        }
    }

    private func context(_ words: Substring, _ keyword: Substring) -> Context {
        switch keyword {
        case "enum": words.contains("public ") ? .enumeration : .type
        case "protocol": words.contains("public ") ? .requirements : .type
        case "extension": words.contains("public ") ? .publicExtension : .type
        case "struct", "class", "actor": .type
        default: .other
        }
    }

    /// The line without strings and what follows `//`.
    private static func code(_ line: Substring) -> String {
        var code = ""
        var rest = line
        while let character = rest.popFirst() {
            if character == "/", rest.first == "/" { break }
            if character == "\"" {
                // A raw string holds quotes.
                let end = code.last == "#" ? rest.firstRange(of: "\"#")?.upperBound : Self.end(of: rest)
                rest = rest[(end ?? rest.endIndex)...]
            } else {
                code.append(character)
            }
        }
        return code
    }

    private static func end(of text: Substring) -> Substring.Index? {
        var index = text.startIndex
        while index < text.endIndex, text[index] != "\"" {
            if text[index] == "\\" { index = text.index(after: index) }
            if index < text.endIndex { index = text.index(after: index) }
        }
        return index < text.endIndex ? text.index(after: index) : nil
    }

    private static var declaration: Regex<(Substring, Substring, Substring)> {
        /((?:@\w+(?:\([^)]*\))? |[a-z]+(?:\([a-z]+\))? )*)(func|var|let|init|subscript|struct|enum|class|actor|protocol|typealias|associatedtype|case|extension)\b/
    }
}
