/// Why the screen cannot be opened: one line that says what is wrong and what to do.
public struct CursesError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The line.
    public let description: String

    init(_ description: String) { self.description = description }
}
