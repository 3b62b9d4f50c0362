/// Something that arguments do against their schema.
public struct ArgumentFault: Sendable, Hashable, CustomStringConvertible {
    /// Where in the arguments.
    public var path: JSONPointer
    /// The rule's keyword, for example `type`.
    public var keyword: String
    /// What is wrong, in words that follow the place: `must be an integer, and is a string`.
    public var message: String
    /// The line of the pretty-printed text that it belongs to, from 0: of the member or element; for what an object or array
    /// lacks, of its first line.
    public var line: Int
    /// Whether the whole value was seen when it was found. What is found earlier stays wrong whatever comes, but may be told
    /// in other words at the end, or as a part of a greater fault.
    public var isFinal: Bool

    /// A fault.
    public init(path: JSONPointer, keyword: String, message: String, line: Int, isFinal: Bool) {
        self.path = path
        self.keyword = keyword
        self.message = message
        self.line = line
        self.isFinal = isFinal
    }

    /// One sentence: `days[0].city must be a string, and is null`.
    public var description: String { "\(path.words) \(message)" }
}
