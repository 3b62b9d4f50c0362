/// Where and why a text is not JSON.
public struct JSONSyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, in plain words.
    public var message: String
    /// The byte at which reading stopped, from 0.
    public var offset: Int
    /// The line of that byte, from 1.
    public var line: Int
    /// The character of the line, from 1.
    public var column: Int

    /// `line 2, column 7: expected a value`.
    public var description: String { "line \(line), column \(column): \(message)" }

    /// A fault at a byte of `bytes`; line and column are counted here, once, so that reading need not.
    init(_ message: String, at offset: Int, in bytes: UnsafeRawBufferPointer) {
        self.message = message
        self.offset = offset
        var line = 1
        var column = 1
        for byte in bytes.prefix(offset) {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        self.line = line
        self.column = column
    }
}
