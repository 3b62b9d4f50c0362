/// Whether a link says where it goes.
enum LinkCheck {
    /// Whether the text is the address, give or take scheme and closing slash.
    static func isSame(_ text: String, _ target: String) -> Bool { bare(text) == bare(target) }

    /// Whether the text looks like another address than the target.
    static func misleads(_ text: String, _ target: String) -> Bool {
        guard let shown = host(text, needsDomain: true) else { return false }
        guard let real = host(target, needsDomain: false) else { return true }
        return shown != real && shown != "www." + real && "www." + shown != real
    }

    private static func bare(_ text: String) -> String {
        var text = text.lowercased()[...]
        for prefix in ["mailto:", "https://", "http://"] where text.hasPrefix(prefix) {
            text = text.dropFirst(prefix.count)
        }
        return String(text.hasSuffix("/") ? text.dropLast() : text)
    }

    /// The host of an address, in lower case; with `needsDomain` only when the text is clearly an address.
    private static func host(_ text: String, needsDomain: Bool) -> String? {
        var rest = text.lowercased()[...]
        while rest.first == " " { rest = rest.dropFirst() }
        var hasScheme = false
        if let range = rest.utf8.firstIndex(of: .colon), rest[range...].hasPrefix("://") {
            rest = rest[range...].dropFirst(3)
            hasScheme = true
        } else if rest.hasPrefix("mailto:") {
            rest = rest.dropFirst(7)
            hasScheme = true
        }
        let authority = rest.prefix { !"/?# \\".contains($0) }
        let host = authority.split(separator: "@").last.map(String.init) ?? ""
        let name = host.split(separator: ":").first.map(String.init) ?? ""
        if hasScheme { return name.isEmpty ? nil : name }
        if !needsDomain { return nil }
        return looksLikeDomain(name) ? name : nil
    }

    /// `name.tld`, the last part of letters only and of at least two.
    private static func looksLikeDomain(_ name: String) -> Bool {
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, let last = labels.last, last.utf8.count >= 2 else { return false }
        guard last.utf8.allSatisfy({ $0.isLetter || $0 >= 0x80 }), !fileEndings.contains(String(last)) else {
            return false
        }
        return labels.allSatisfy { label in
            !label.isEmpty && label.utf8.allSatisfy { $0.isAlphanumeric || $0 == .minus || $0 >= 0x80 }
        }
    }

    /// Endings of file names that are also, or look like, top-level domains: `main.rs` is no address.
    private static let fileEndings: Set<String> = [
        "md", "rs", "py", "sh", "js", "ts", "swift", "go", "cc", "pl", "html", "txt", "json", "yaml", "yml", "toml",
        "css",
        "cpp", "java", "rb", "php", "pdf", "png", "svg", "jpg", "csv", "zip", "tsx", "jsx", "lock", "log", "xml", "sql",
    ]
}
