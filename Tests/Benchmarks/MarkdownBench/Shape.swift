/// A text that can be as long as wanted.
struct Shape: Sendable {
    let name: String
    private let make: @Sendable (Int) -> String

    /// A shape that repeats a unit behind a head.
    init(name: String, head: String = "", unit: String) {
        self.name = name
        make = { bytes in head + String(repeating: unit, count: max(1, bytes / unit.utf8.count)) }
    }

    /// The beginnings of a text.
    init(name: String, text: String) {
        self.name = name
        make = { bytes in String(text.utf8.prefix(bytes)) ?? text }
    }

    /// The first so many bytes, or nearly.
    func beginning(_ bytes: Int) -> String { make(bytes) }

    /// Pieces of 4 to 20 characters that come then.
    func pieces(after bytes: Int, count: Int) -> [String] {
        var rest = String(make(bytes + 40_000).utf8.dropFirst(bytes))?[...] ?? ""
        var pieces: [String] = []
        while pieces.count < count, !rest.isEmpty {
            pieces.append(String(rest.prefix(4 + pieces.count * 7 % 17)))
            rest = rest.dropFirst(4 + (pieces.count - 1) * 7 % 17)
        }
        return pieces
    }

    static let endless = [
        Shape(name: "one paragraph", unit: "words without end and *some* of `them` marked, "),
        Shape(name: "one line without spaces", unit: "abcdefghijklmnopqrstuvwxyz"),
        Shape(name: "one block of code", head: "```json\n", unit: "{\"key\": \"value\", \"number\": 12}\n"),
        Shape(name: "one list", unit: "- an item of a list with **some** words\n"),
        Shape(name: "one quote", unit: "> a line of a quote with *some* words\n"),
        Shape(
            name: "one table", head: "| a | b | c |\n|---|---|---|\n", unit: "| some cell | another **one** | 12 |\n"),
    ]

    /// An answer as models write it: ASCII, so that it can be cut anywhere.
    static func answer(bytes: Int) -> String {
        let part = """
            ## How it works

            The parser reads **line by line** and keeps only what is *open*. See [the guide](https://docs.example/guide) or \
            `BlockParser` for more; a closed block is never touched again, so the cost of a piece stays the same.

            1. First, the containers are matched against the line.
            2. Then new blocks are opened:
               - quotes, lists and items,
               - headings, fences and rules.
            3. What is left is text.

            ```swift
            func append(_ piece: String) {
                let rows = layout(piece, width: 80) // the tail alone
                for row in rows { draw(row, style: .plain) }
            }
            ```

            | Shape | Cost | Note |
            |:------|-----:|------|
            | paragraph | 12 | wraps at spaces |
            | code | 3 | one row a line |

            > Nothing that is finished changes.


            """
        return String(repeating: part, count: bytes / part.utf8.count + 1)
    }
}
