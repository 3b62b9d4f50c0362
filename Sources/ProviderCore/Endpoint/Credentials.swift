/// Names whose values prove who somebody is.
enum CredentialName {
    private static let words: Set<Substring> = [
        "auth", "authorization", "authentication", "apikey", "key", "token", "secret", "password", "cookie", "jwt",
        "credential", "credentials", "signature",
    ]
    /// Azure Functions and shared access signatures.
    private static let queryWords: Set<Substring> = ["sig", "code"]

    /// Whether one of the words that a name is made of says so: `api-key`, `x-goog-api-key`, `access_token`.
    static func isOne(_ name: String, inQuery: Bool = false) -> Bool {
        let name = name.lowercased()
        guard name != "idempotency-key" else { return false }
        return name.split { !$0.isLetter && !$0.isNumber }.contains { word in
            words.contains(word) || inQuery && queryWords.contains(word)
        }
    }
}

extension HTTPHeader: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Whether the value is a credential, judged by the name: `Authorization`, `api-key`, `Cookie` and whatever is named
    /// like them. Such a value belongs to one origin and is never shown.
    public var isCredential: Bool { CredentialName.isOne(name) }

    /// `name: value`, the value of a credential masked.
    public var description: String { "\(name): \(shownValue)" }
    /// As `description`.
    public var debugDescription: String { description }
    /// Hides the value of a credential from `dump` and mirrors.
    public var customMirror: Mirror { Mirror(self, children: ["name": name, "value": shownValue]) }

    private var shownValue: String { isCredential && !value.isEmpty ? "••••" : value }
}
