/// A text that stands as one character in an editor and is drawn as its label, such as a long paste or an attachment.
public struct Fold: Sendable, Hashable {
    /// What it stands for.
    public let text: String
    /// What is drawn, without control characters and newlines.
    public let label: String
    /// What the program knows it by; empty for a folded paste.
    public let tag: String

    /// A fold. The label passes the text gate.
    public init(text: String, label: String, tag: String = "") {
        self.text = text
        self.label = TextGate.gate(label, allowNewlines: false).text.replacing("\t", with: " ")
        self.tag = tag
    }
}

/// One place of an editor's text.
enum EditorElement: Sendable, Hashable {
    case character(Character)
    // Boxed, so that a text without folds stays as small as its characters.
    indirect case fold(Fold)

    /// The character; a fold is an object replacement character.
    var character: Character {
        switch self {
        case .character(let character): character
        case .fold: "\u{FFFC}"
        }
    }

    var isFold: Bool {
        if case .fold = self { true } else { false }
    }

    var isNewline: Bool { self == .character("\n") }

    var isBlank: Bool {
        if case .character(let character) = self { character.isWhitespace } else { false }
    }

    /// Letters, digits and `_`.
    var isWordCharacter: Bool {
        guard case .character(let character) = self else { return false }
        return character.isLetter || character.isNumber || character == "_"
    }

    /// Characters that are words of their own: ideographs, and folds.
    var standsAlone: Bool {
        guard case .character(let character) = self else { return true }
        return character.unicodeScalars.first.map { CellClass($0).kind == .wide } ?? false
    }
}

extension [EditorElement] {
    /// A text's characters; carriage returns become newlines.
    init(_ text: String) {
        guard text.utf8.contains(0x0D) else {
            self = text.map(EditorElement.character)
            return
        }
        var result = ""
        for character in text { result.append(character == "\r\n" || character == "\r" ? "\n" : character) }
        self = result.map(EditorElement.character)
    }
}

extension Sequence<EditorElement> {
    /// The whole text, folds as what they stand for.
    var text: String { text(bytes: 0) }

    /// The same, with room for so many bytes from the beginning.
    func text(bytes: Int) -> String {
        var text = ""
        text.reserveCapacity(bytes)
        for element in self {
            switch element {
            case .character(let character): text.append(character)
            case .fold(let fold): text += fold.text
            }
        }
        return text
    }

    /// The same text in characters anew: a mark joins the character before it.
    var recombined: [EditorElement] {
        var result: [EditorElement] = []
        var run = ""
        for element in self {
            if case .character(let character) = element {
                run.append(character)
            } else {
                result += run.map(EditorElement.character)
                run = ""
                result.append(element)
            }
        }
        return result + run.map(EditorElement.character)
    }
}
