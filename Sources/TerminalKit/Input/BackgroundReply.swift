/// The answer to the question for the terminal's background: `] 11 ; rgb:RRRR/GGGG/BBBB`, with one to four hexadecimal digits each,
/// as xterm has it; some add an alpha (`rgba:`).
enum BackgroundReply {
    /// Whether the background is light; nil when it is not this answer.
    static func isLight(_ body: ArraySlice<UInt8>) -> Bool? {
        let text = String(decoding: body.prefix(64), as: UTF8.self)
        guard text.hasPrefix("]11;") else { return nil }
        let parts = text.dropFirst(4).split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "rgb" || parts[0] == "rgba" else { return nil }
        let shares = parts[1].split(separator: "/", omittingEmptySubsequences: false).prefix(3).compactMap(share)
        guard shares.count == 3 else { return nil }
        return 0.299 * shares[0] + 0.587 * shares[1] + 0.114 * shares[2] > 0.5
    }

    /// A part of a colour, 0 to 1.
    private static func share(_ digits: Substring) -> Double? {
        guard (1...4).contains(digits.utf8.count), digits.allSatisfy(\.isHexDigit), let number = Int(digits, radix: 16)
        else { return nil }
        return Double(number) / Double((1 << (4 * digits.utf8.count)) - 1)
    }
}
