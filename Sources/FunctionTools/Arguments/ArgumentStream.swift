public import ProviderCore

/// The arguments of a function call as they arrive, cut anywhere: whether they are JSON so far, what they do against the
/// function's schema as far as that is known, and how they look pretty-printed.
///
/// Appending costs time in proportion to the piece, however much came before; only when the value closes, a schema is held
/// against the whole of it, once. The memory is that of the text and less than as much again for the places of its lines.
public struct ArgumentStream: Sendable {
    /// How far the arguments are.
    public enum State: Sendable, Hashable {
        /// Nothing is wrong with the text so far, and more must come.
        case growing
        /// A complete value; only white space may follow.
        case whole
        /// The text is no JSON, and no more of it can make it so.
        case broken(JSONSyntaxError)
        /// More came than may; the text ends at the limit.
        case tooLong
    }

    /// What has come, in UTF-8; at most `limit` bytes.
    private(set) var bytes: [UInt8] = []
    /// The most bytes that are kept and read.
    public let limit: Int
    /// Bytes that have come, those over the limit included.
    public private(set) var byteCount = 0
    /// Whether the arguments are JSON.
    public private(set) var state = State.growing

    private var scanner = ArgumentScanner()
    private var checker: ArgumentChecker
    private var isFinished = false
    private var isJudged = false

    /// Arguments of which nothing has come.
    ///
    /// - Parameters:
    ///   - schema: What they must fulfil; nil = anything that is JSON.
    ///   - limit: The most bytes; at most 2^32 - 1.
    public init(schema: JSONSchema? = nil, limit: Int = 1 << 20) {
        self.limit = min(max(0, limit), Int(UInt32.max))
        checker = ArgumentChecker(schema)
    }

    /// Whether nothing but white space has come. Some models send that for a function without parameters; whether it counts
    /// as `{}` is the caller's decision. Once finished it is `broken`, as no text is no JSON.
    public var isEmpty: Bool { scanner.lines.count == 0 }

    /// What has come, at most `limit` bytes of it.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The value when it is whole. It is read from the text each time: keep it rather than ask twice.
    public var value: JSONValue? {
        guard case .whole = state else { return nil }
        return try? JSONParser.parse(bytes)
    }

    /// What is known to be wrong with the arguments by the schema, in the order of their lines.
    public var faults: [ArgumentFault] { checker.faults }

    /// The text pretty-printed, one member or element a line.
    public var lines: ArgumentLines { ArgumentLines(bytes: bytes, places: scanner.lines, faults: checker.faults) }

    /// Adds what came next. After `finish` nothing is added.
    public mutating func append(_ piece: String) {
        guard !isFinished else { return }
        var piece = piece
        piece.withUTF8 { keep($0) }
        bytes.withUnsafeBufferPointer { scanner.scan($0, &checker) }
        settle()
    }

    /// Says that no more comes: a number ends, and what is not whole is broken.
    public mutating func finish() {
        guard !isFinished else { return }
        isFinished = true
        let isWhole = bytes.withUnsafeBufferPointer { scanner.finish($0, &checker) }
        settle()
        guard !isWhole, case .growing = state else { return }
        state = syntaxError().map { .broken($0) } ?? .whole
    }

    private mutating func keep(_ piece: UnsafeBufferPointer<UInt8>) {
        defer { byteCount += piece.count }
        guard byteCount <= limit else { return }
        var end = limit - byteCount
        guard end < piece.count else { return bytes.append(contentsOf: piece) }
        while end > 0, piece[end] & 0xC0 == 0x80 { end -= 1 }
        bytes.append(contentsOf: piece[..<end])
    }

    private mutating func settle() {
        if byteCount > limit { state = .tooLong }
        switch (state, scanner.mode) {
        case (.growing, .broken), (.whole, .broken):
            guard !isJudged else { return }
            isJudged = true
            // The parser of whole texts has the last word, and the words for what is wrong.
            state = syntaxError().map { .broken($0) } ?? .growing
        case (.growing, .done):
            state = .whole
            checkWhole()
        default: break
        }
    }

    private func syntaxError() -> JSONSyntaxError? {
        do {
            _ = try JSONParser.parse(bytes)
            return nil
        } catch { return error as? JSONSyntaxError }
    }

    private mutating func checkWhole() {
        guard checker.isActive, let value else { return }
        checker.checkWhole(value, bytes: bytes, lines: scanner.lines)
    }
}
