import Synchronization

/// The rows of the part of a text that was looked at last. One text and its copies share it for as long as none of them
/// grows; then the one that grows takes a new one, so that what is in it stays true for all who have it.
final class RowCache: Sendable {
    private let entries = Mutex<[(start: Int, rows: [MarkdownRow])]>([])

    /// Parts kept; a screen seldom shows more.
    private static let most = 4

    /// The rows of the part that begins at a place of the source.
    func rows(from start: Int, _ make: () -> [MarkdownRow]) -> [MarkdownRow] {
        if let rows = entries.withLock({ $0.first { $0.start == start }?.rows }) { return rows }
        let rows = make()
        entries.withLock { entries in
            if entries.count >= Self.most { entries.removeFirst() }
            entries.append((start, rows))
        }
        return rows
    }
}
