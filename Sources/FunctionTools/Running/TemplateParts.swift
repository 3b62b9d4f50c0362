/// One element of a command's list, taken apart.
struct TemplateParts: Hashable {
    /// A part of an element.
    enum Part: Hashable {
        case text(String)
        /// The argument of this name goes here.
        case placeholder(String)
    }

    /// Why an element cannot be taken apart.
    enum Mistake: Error, Hashable, CustomStringConvertible {
        case unclosed
        case unopened
        case nameless

        /// In words that follow the element.
        var description: String {
            switch self {
            case .unclosed: "has a { without a } after its name; a brace itself is written {{"
            case .unopened: "has a } without a { before it; a brace itself is written }}"
            case .nameless: "has a {} without a name; braces themselves are written {{ and }}"
            }
        }
    }

    private(set) var parts: [Part] = []

    /// Takes an element apart: `{name}` is a placeholder, `{{` and `}}` are braces.
    init(_ element: String) throws(Mistake) {
        var text = String.UnicodeScalarView()
        var scalars = Array(element.unicodeScalars)[...]
        while let scalar = scalars.popFirst() {
            let isDoubled = scalars.first == scalar
            switch scalar {
            case "{" where isDoubled, "}" where isDoubled:
                scalars.removeFirst()
                text.append(scalar)
            case "}": throw .unopened
            case "{":
                guard let end = scalars.firstIndex(where: { $0 == "}" || $0 == "{" }), scalars[end] == "}" else {
                    throw .unclosed
                }
                guard end > scalars.startIndex else { throw .nameless }
                if !text.isEmpty { parts.append(.text(String(text))) }
                text = String.UnicodeScalarView()
                parts.append(.placeholder(String(String.UnicodeScalarView(scalars[..<end]))))
                scalars = scalars[(end + 1)...]
            default: text.append(scalar)
            }
        }
        if !text.isEmpty || parts.isEmpty { parts.append(.text(String(text))) }
    }

    /// The names of its placeholders, in order.
    var names: [String] {
        parts.compactMap { if case .placeholder(let name) = $0 { name } else { nil } }
    }

    /// The name when the element is one placeholder and nothing else.
    var onlyName: String? {
        guard parts.count == 1, case .placeholder(let name) = parts[0] else { return nil }
        return name
    }
}
