/// A text of a suite with places for the fields of a sample: `{{question}}`, `{{want.total}}`, `{{items|json}}`.
///
/// Names are looked up by path through objects and arrays (`a.b`, `a.0`). Filters follow after `|`, in order. A name that the
/// sample does not have is an error, never an empty text.
public struct FieldTemplate: Sendable, Hashable {
    /// As it was written.
    public let source: String

    /// A template of a text; its syntax is checked by `problem`.
    public init(_ source: String) { self.source = source }
}
