import Foundation
import Testing

/// The page "Using the provider core in your own program", as far as tests compare it with something.
struct GuidePage: CustomTestStringConvertible {
    /// A block of code under a comment that says what it is: `<!-- KIND: NAME -->`.
    struct Block: Sendable {
        let kind: String
        let name: String
        let text: String
    }

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../Sources/Examples").standardizedFileURL

    let text: String
    let blocks: [Block]
    /// Failures do not repeat the page.
    let testDescription = "GUIDE.md"

    init() throws {
        text = try String(contentsOf: Self.folder.appendingPathComponent("GUIDE.md"), encoding: .utf8)
        blocks = Self.blocks(text)
    }

    func block(_ kind: String, _ name: String = "") -> String? {
        blocks.first { $0.kind == kind && $0.name == name }?.text
    }

    /// The rows of all tables: their cells, without the backquotes.
    var rows: [[String]] {
        text.split(separator: "\n").filter { $0.hasPrefix("| ") && $0.hasSuffix(" |") }.map { line in
            line.dropFirst(2).dropLast(2).components(separatedBy: " | ").map { $0.replacing("`", with: "") }
        }
    }

    static func blocks(_ text: String) -> [Block] {
        var blocks: [Block] = []
        var mark: Substring?
        var lines: [Substring]?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if let open = lines {
                lines = line == "```" ? nil : open + [line]
                guard lines == nil, let words = mark?.split(separator: ":", maxSplits: 1) else { continue }
                let name = words.dropFirst().first.map { $0.trimmingPrefix(" ") } ?? ""
                blocks.append(Block(kind: String(words[0]), name: String(name), text: open.joined(separator: "\n")))
                mark = nil
            } else if line.hasPrefix("```") {
                lines = []
            } else if line.hasPrefix("<!-- ") {
                mark = line.dropFirst(5).dropLast(4)
            }
        }
        return blocks
    }

    /// The marked parts of a source file, each moved to the left edge.
    static func marked(_ source: String) -> String {
        var parts: [String] = []
        var part: [Substring]?
        for line in source.split(separator: "\n", omittingEmptySubsequences: false) {
            switch line.trimmingPrefix(while: { $0 == " " }) {
            case "// guide:begin": part = []
            case "// guide:end":
                let margin = part?.first?.prefix { $0 == " " }.count ?? 0
                parts.append((part ?? []).map { String($0.dropFirst(margin)) }.joined(separator: "\n"))
                part = nil
            default: part?.append(line)
            }
        }
        return parts.joined(separator: "\n")
    }
}
