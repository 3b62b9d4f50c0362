/// How many cells text takes. The only place that decides it.
public enum CellWidth {
    /// Calls `body` with each cluster as it is to be drawn and its width (0, 1 or 2) until it returns false.
    public static func forEachCluster(in text: String, _ body: (String, Int) -> Bool) {
        for character in text {
            if !body(String(character), 1) { return }
        }
    }

    /// The cells that `text` takes on one row.
    public static func width(of text: String) -> Int {
        var width = 0
        forEachCluster(in: text) {
            width += $1
            return true
        }
        return width
    }
}
