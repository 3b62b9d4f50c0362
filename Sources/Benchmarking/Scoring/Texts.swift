internal import Foundation
internal import ProviderCore

/// Small work on texts that scorers share. All of it takes time linear in the text.
enum Texts {
    /// Without white space at both ends.
    static func trimmed(_ text: some StringProtocol) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(String.UnicodeScalarView(scalars[first...last]))
    }

    /// Each run of white space as one blank, none at the ends.
    static func collapsed(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var isPending = false
        for scalar in text.unicodeScalars {
            guard !scalar.properties.isWhitespace else {
                isPending = !result.isEmpty
                continue
            }
            if isPending { result.append(" ") }
            isPending = false
            result.append(scalar)
        }
        return String(result)
    }

    /// Its first code points, with `…` where some are missing.
    static func cut(_ text: String, to limit: Int = 80) -> String {
        let scalars = text.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex),
            end < scalars.endIndex
        else { return text }
        return String(scalars[..<end]) + "…"
    }

    /// In quotes, escaped as in JSON, shortened.
    static func quoted(_ text: String) -> String { JSONWriter.string(.string(cut(text))) }

    /// A value as JSON, shortened.
    static func shown(_ value: JSONValue) -> String {
        if case .string(let text) = value { return quoted(text) }
        return cut(JSONWriter.string(value))
    }

    /// The lines without their ends; of `\r\n` both are taken away.
    static func lines(_ text: String) -> [Substring] {
        text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            Substring(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
        }
    }

    /// Composed as far as possible (NFC), so that texts that look alike are alike byte by byte.
    static func composed(_ text: String) -> String {
        text.utf8.allSatisfy { $0 < 0x80 } ? text : text.precomposedStringWithCanonicalMapping
    }
}

extension TextMatch {
    /// The text in the form in which two are compared byte by byte.
    func form(_ text: String) -> [UInt8] {
        var text = foldsSpace ? Texts.collapsed(text) : text
        if foldsCase { text = text.lowercased() }
        return Array(Texts.composed(text).utf8)
    }
}

/// Finds bytes in bytes in linear time, whatever both are (Knuth, Morris, Pratt).
struct ByteSearch {
    private let wanted: [UInt8]
    /// For each prefix of what is wanted, the length of its longest border.
    private let borders: [Int]

    init(_ wanted: [UInt8]) {
        self.wanted = wanted
        var borders = [Int](repeating: 0, count: wanted.count)
        var length = 0
        for position in wanted.indices.dropFirst() {
            while length > 0, wanted[position] != wanted[length] { length = borders[length - 1] }
            if wanted[position] == wanted[length] { length += 1 }
            borders[position] = length
        }
        self.borders = borders
    }

    /// Where it begins first, from a place on; nil = nowhere.
    func first(in bytes: [UInt8], from start: Int = 0) -> Int? { find(in: bytes, from: start, isLast: false) }

    /// Where it begins last; nil = nowhere.
    func last(in bytes: [UInt8]) -> Int? { find(in: bytes, from: 0, isLast: true) }

    private func find(in bytes: [UInt8], from start: Int, isLast: Bool) -> Int? {
        guard !wanted.isEmpty else { return isLast ? bytes.count : start }
        var found: Int?
        var length = 0
        var position = start
        while position < bytes.count {
            while length > 0, bytes[position] != wanted[length] { length = borders[length - 1] }
            if bytes[position] == wanted[length] { length += 1 }
            position += 1
            guard length == wanted.count else { continue }
            found = position - length
            if !isLast { return found }
            length = borders[length - 1]
        }
        return found
    }
}
