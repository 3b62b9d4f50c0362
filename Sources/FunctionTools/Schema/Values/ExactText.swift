/// Text compared as JSON has it: by code points. Swift's own `==` holds differently composed letters for equal.
enum ExactText {
    static func equal(_ left: String, _ right: String) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        let isEqual = left.utf8.withContiguousStorageIfAvailable { first in
            right.utf8.withContiguousStorageIfAvailable { second in
                for position in first.indices where first[position] != second[position] { return false }
                return true
            }
        }
        return (isEqual ?? nil) ?? left.utf8.elementsEqual(right.utf8)
    }

    static func hash(_ text: String, into hasher: inout Hasher) {
        let isDone: Void? = text.utf8.withContiguousStorageIfAvailable {
            hasher.combine(bytes: UnsafeRawBufferPointer($0))
        }
        guard isDone == nil else { return }
        Array(text.utf8).withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}

/// A name as a key of dictionaries, compared by code points.
struct ExactName: Sendable, Hashable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (left: ExactName, right: ExactName) -> Bool { ExactText.equal(left.text, right.text) }

    func hash(into hasher: inout Hasher) { ExactText.hash(text, into: &hasher) }
}
