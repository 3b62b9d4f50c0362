public import ProviderCore

/// A place in a JSON document, as RFC 6901 has it.
public struct JSONPointer: Sendable, Hashable, CustomStringConvertible {
    /// The names and indexes on the way from the root; empty for the root itself.
    public var tokens: [String]

    /// A place by its tokens, unescaped.
    public init(_ tokens: [String] = []) { self.tokens = tokens }

    /// Reads a pointer's text, for example `/days/0/a~1b`; nil when it is no pointer.
    public init?(text: String) {
        guard !text.isEmpty else {
            self.init()
            return
        }
        guard text.utf8.first == UInt8(ascii: "/") else { return nil }
        var tokens: [String] = []
        for part in text.dropFirst().split(separator: "/" as Character, omittingEmptySubsequences: false) {
            guard let token = Self.unescaped(part) else { return nil }
            tokens.append(token)
        }
        self.init(tokens)
    }

    /// The pointer's text: `/days/0/a~1b`; empty for the root.
    public var description: String {
        tokens.map { "/" + Self.escaped($0) }.joined()
    }

    /// The place as people write it: `days[0].city`, `days[0]["odd name"]`; `the value` for the root.
    public var words: String {
        guard !tokens.isEmpty else { return "the value" }
        return tokens.reduce(into: "") { text, token in
            if Self.isIndex(token) {
                text += "[\(token)]"
            } else if Self.isPlainName(token) {
                text += text.isEmpty ? token : ".\(token)"
            } else {
                text += "[\(Words.quoted(token))]"
            }
        }
    }

    /// The place of a member or element of what is here.
    public func appending(_ token: String) -> JSONPointer { JSONPointer(tokens + [token]) }

    /// The value at this place of a document; nil when nothing is there.
    public func value(in document: JSONValue) -> JSONValue? {
        var value = document
        for token in tokens {
            switch value {
            case .object(let members):
                guard let member = members.last(where: { ExactText.equal($0.key, token) }) else { return nil }
                value = member.value
            case .array(let elements):
                guard Self.isIndex(token), let index = Int(token), elements.indices.contains(index) else { return nil }
                value = elements[index]
            default: return nil
            }
        }
        return value
    }

    private static func escaped(_ token: String) -> String {
        guard token.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return token }
        var text = ""
        for scalar in token.unicodeScalars {
            switch scalar {
            case "~": text += "~0"
            case "/": text += "~1"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    private static func unescaped(_ part: Substring) -> String? {
        guard part.utf8.contains(UInt8(ascii: "~")) else { return String(part) }
        var text = ""
        var scalars = part.unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            guard scalar == "~" else {
                text.unicodeScalars.append(scalar)
                continue
            }
            switch scalars.next() {
            case "0": text += "~"
            case "1": text += "/"
            default: return nil
            }
        }
        return text
    }

    private static func isIndex(_ token: String) -> Bool {
        let digits = token.utf8
        guard !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return false
        }
        return digits.count == 1 || digits.first != UInt8(ascii: "0")
    }

    private static func isPlainName(_ token: String) -> Bool {
        guard let first = token.unicodeScalars.first, first == "_" || first == "$" || first.properties.isXIDStart else {
            return false
        }
        return token.unicodeScalars.dropFirst().allSatisfy { $0 == "-" || $0 == "$" || $0.properties.isXIDContinue }
    }
}
