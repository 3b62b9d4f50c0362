/// A way to cut text into tokens: which vocabulary, and which rules cut text into pieces before it is applied.
public enum TokenEncoding: String, Sendable, Hashable, CaseIterable {
    /// `cl100k_base`: gpt-4, gpt-3.5 and the text embeddings. 100,256 ordinary tokens.
    case cl100kBase = "cl100k_base"
    /// `o200k_base`: gpt-4o and everything after it. 199,998 ordinary tokens.
    case o200kBase = "o200k_base"

    /// The encoding with this name. `o200k_harmony` differs from `o200k_base` in special tokens only, which ordinary text
    /// never becomes, so it is the same here. `nil`: another name.
    public init?(name: String) {
        if name == "o200k_harmony" {
            self = .o200kBase
        } else {
            self.init(rawValue: name)
        }
    }

    /// The encoding of an OpenAI model, by its name, after the table of tiktoken 0.14.0: exact names first, then the longest
    /// prefix. `nil`: the model is not known, so a count would be an estimate.
    public init?(model: String) {
        if let known = Self.names[model] {
            self = known
            return
        }
        var longest: (length: Int, encoding: TokenEncoding)?
        for (prefix, encoding) in Self.prefixes where model.utf8.starts(with: prefix.utf8) {
            let length = prefix.utf8.count
            if length > longest?.length ?? 0 { longest = (length, encoding) }
        }
        guard let longest else { return nil }
        self = longest.encoding
    }

    private static let names: [String: TokenEncoding] = [
        "o1": .o200kBase,
        "o3": .o200kBase,
        "o4-mini": .o200kBase,
        "gpt-4.1": .o200kBase,
        "gpt-4": .cl100kBase,
        "davinci-002": .cl100kBase,
        "babbage-002": .cl100kBase,
        "text-embedding-ada-002": .cl100kBase,
    ]

    private static let prefixes: [(String, TokenEncoding)] = [
        ("o1-", .o200kBase),
        ("o3-", .o200kBase),
        ("o4-mini-", .o200kBase),
        ("gpt-5", .o200kBase),
        ("gpt-4.5-", .o200kBase),
        ("gpt-4.1-", .o200kBase),
        ("gpt-4o", .o200kBase),
        ("chatgpt-4o-", .o200kBase),
        ("gpt-oss-", .o200kBase),
        ("ft:gpt-4o", .o200kBase),
        ("gpt-4-", .cl100kBase),
        ("gpt-3.5", .cl100kBase),
        ("gpt-35-turbo", .cl100kBase),
        ("text-embedding-3-", .cl100kBase),
        ("ft:gpt-4", .cl100kBase),
        ("ft:gpt-3.5-turbo", .cl100kBase),
        ("ft:davinci-002", .cl100kBase),
        ("ft:babbage-002", .cl100kBase),
    ]
}
