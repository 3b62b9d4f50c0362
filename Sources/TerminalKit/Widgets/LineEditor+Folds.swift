// Texts that stand as one character.
extension LineEditor {
    /// Inserts a text that stands as one character, drawn as its label, as one undo step. Carriage returns become
    /// newlines. Nothing typed or pasted can make a fold, whatever it looks like.
    public mutating func insertFolded(_ text: String, label: String, tag: String = "") {
        guard !text.isEmpty else { return }
        let fold = Fold(text: [EditorElement](text).text, label: label, tag: tag)
        replace(cursor..<cursor, with: [.fold(fold)])
        last = .other
    }

    /// All folds and where they stand, in order.
    public var folds: [(place: Int, fold: Fold)] {
        elements.enumerated().compactMap { place, element in
            if case .fold(let fold) = element { (place, fold) } else { nil }
        }
    }

    /// The fold at the cursor: the one after it, else the one before it.
    public var foldAtCursor: Fold? { foldPlace.flatMap(fold(at:)) }

    /// Opens the fold at the cursor for editing, as one undo step, which folds it again. The cursor keeps to the side of
    /// the text on which it stood. False when there is none.
    @discardableResult
    public mutating func expandFold() -> Bool {
        guard let place = foldPlace, let fold = fold(at: place) else { return false }
        let isBehind = cursor > place
        replace(place..<place + 1, with: [EditorElement](fold.text))
        if !isBehind { setCursor(place) }
        last = .other
        return true
    }

    private var foldPlace: Int? {
        [cursor, cursor - 1].first { elements.indices.contains($0) && elements[$0].isFold }
    }

    private func fold(at place: Int) -> Fold? {
        if case .fold(let fold) = elements[place] { fold } else { nil }
    }
}
