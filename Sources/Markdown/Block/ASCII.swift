/// UTF-8 that is read in place.
typealias Bytes = UnsafeBufferPointer<UInt8>

extension UInt8 {
    static let tab: UInt8 = 0x09
    static let newline: UInt8 = 0x0A
    static let space: UInt8 = 0x20
    static let bang: UInt8 = 0x21
    static let quote: UInt8 = 0x22
    static let hash: UInt8 = 0x23
    static let ampersand: UInt8 = 0x26
    static let apostrophe: UInt8 = 0x27
    static let openParenthesis: UInt8 = 0x28
    static let closeParenthesis: UInt8 = 0x29
    static let star: UInt8 = 0x2A
    static let plus: UInt8 = 0x2B
    static let minus: UInt8 = 0x2D
    static let dot: UInt8 = 0x2E
    static let slash: UInt8 = 0x2F
    static let colon: UInt8 = 0x3A
    static let semicolon: UInt8 = 0x3B
    static let less: UInt8 = 0x3C
    static let equals: UInt8 = 0x3D
    static let greater: UInt8 = 0x3E
    static let question: UInt8 = 0x3F
    static let at: UInt8 = 0x40
    static let openBracket: UInt8 = 0x5B
    static let backslash: UInt8 = 0x5C
    static let closeBracket: UInt8 = 0x5D
    static let underscore: UInt8 = 0x5F
    static let backtick: UInt8 = 0x60
    static let pipe: UInt8 = 0x7C
    static let tilde: UInt8 = 0x7E

    var isBlank: Bool { self == .space || self == .tab }
    var isWhitespace: Bool { self == .space || self &- 0x09 < 5 }
    var isDigit: Bool { self &- 0x30 < 10 }
    var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }
    var isAlphanumeric: Bool { isDigit || isLetter }
    /// ASCII punctuation, the characters that a backslash can escape.
    var isPunctuation: Bool { self &- 0x21 < 0x5E && !isAlphanumeric }
    var lowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }
}

extension Bytes {
    /// The first index from `start` that holds no space and no tab, at most `end`.
    func skippingBlanks(from start: Int, to end: Int) -> Int {
        var index = start
        while index < end, self[index].isBlank { index += 1 }
        return index
    }

    /// How many bytes equal to `byte` stand from `start`, before `end`.
    func run(of byte: UInt8, from start: Int, to end: Int) -> Int {
        var index = start
        while index < end, self[index] == byte { index += 1 }
        return index - start
    }

    /// Where the text before `end` ends when blanks at its end are left out, at least `start`.
    func droppingBlanks(from start: Int, to end: Int) -> Int {
        var index = end
        while index > start, self[index - 1].isBlank { index -= 1 }
        return index
    }

    /// Whether the bytes from `start` are the ASCII text, letters in any case.
    func matches(_ text: StaticString, at start: Int, to end: Int) -> Bool {
        let count = text.utf8CodeUnitCount
        guard start + count <= end else { return false }
        return text.withUTF8Buffer { wanted in
            for index in 0..<count where self[start + index].lowercased != wanted[index] { return false }
            return true
        }
    }

    func string(_ range: Range<Int>) -> String {
        String(decoding: UnsafeBufferPointer(rebasing: self[range]), as: UTF8.self)
    }
}
