/// What people call a conversation.
public enum ConversationTitle {
    /// At most so many characters.
    public static let maximumLength = 80

    /// The first line of a text that is not blank, without blanks around it; cut, with an ellipsis as its last character, where it is
    /// longer. Empty when there is no such line.
    public static func beginning(of text: String) -> String {
        let lines = text.prefix(4096).split(whereSeparator: \.isNewline)
        guard let line = lines.first(where: { !$0.allSatisfy(\.isWhitespace) }) else { return "" }
        var words = line.drop(while: \.isWhitespace)
        while words.last?.isWhitespace == true { words.removeLast() }
        guard words.count > maximumLength else { return String(words) }
        return words.prefix(maximumLength - 1) + "…"
    }
}
