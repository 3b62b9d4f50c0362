extension ScenarioParser {
    /// Reads a text: `"with \n escapes"`, `'verbatim'`, or `<<END` and the lines up to one that is just `END`.
    mutating func text(_ cursor: inout LineCursor) throws -> String {
        let column = cursor.position + 1
        let bytes = try bytes(&cursor)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw cursor.error("\\x escapes here do not form UTF-8 text", column: column)
        }
        return text
    }

    /// Reads a text that may be any bytes, through `\xNN`.
    mutating func bytes(_ cursor: inout LineCursor) throws -> [UInt8] {
        switch cursor.next {
        case "\"":
            return try quoted(&cursor)
        case "'":
            return try verbatim(&cursor)
        case "<":
            return try Array(block(&cursor).utf8)
        default:
            throw cursor.error("expected a text: \"…\", '…' or <<END")
        }
    }

    private func verbatim(_ cursor: inout LineCursor) throws -> [UInt8] {
        let column = cursor.position + 1
        _ = cursor.advance()
        var text = ""
        while let character = cursor.advance() {
            if character == "'" {
                cursor.skipBlanks()
                return Array(text.utf8)
            }
            text.append(character)
        }
        throw cursor.error("this ' is never closed", column: column)
    }

    private func quoted(_ cursor: inout LineCursor) throws -> [UInt8] {
        let column = cursor.position + 1
        _ = cursor.advance()
        var bytes: [UInt8] = []
        while let character = cursor.advance() {
            switch character {
            case "\"":
                cursor.skipBlanks()
                return bytes
            case "\\":
                bytes += try escape(&cursor)
            default:
                bytes += Array(String(character).utf8)
            }
        }
        throw cursor.error("this \" is never closed", column: column)
    }

    private func escape(_ cursor: inout LineCursor) throws -> [UInt8] {
        let column = cursor.position
        switch cursor.advance() {
        case "n": return [0x0A]
        case "r": return [0x0D]
        case "t": return [0x09]
        case "0": return [0]
        case "\"": return [0x22]
        case "\\": return [0x5C]
        case "x": return try [hexByte(&cursor, column: column)]
        case "u": return try scalar(&cursor, column: column)
        default:
            throw cursor.error(#"unknown escape; known are \n \r \t \0 \" \\ \xNN \u{N}"#, column: column)
        }
    }

    private func hexByte(_ cursor: inout LineCursor, column: Int) throws -> UInt8 {
        let digits = [cursor.advance(), cursor.advance()].compactMap { $0?.hexDigitValue }
        guard digits.count == 2 else { throw cursor.error("\\x needs two hexadecimal digits", column: column) }
        return UInt8(digits[0] * 16 + digits[1])
    }

    private func scalar(_ cursor: inout LineCursor, column: Int) throws -> [UInt8] {
        var value: UInt32 = 0
        var count = 0
        if cursor.advance() == "{" {
            while count < 7, let digit = cursor.next?.hexDigitValue {
                value = value * 16 + UInt32(digit)
                count += 1
                _ = cursor.advance()
            }
        }
        guard count > 0, cursor.advance() == "}", let scalar = Unicode.Scalar(value) else {
            throw cursor.error("\\u needs a code point, as in \\u{1F4C8}", column: column)
        }
        return Array(String(scalar).utf8)
    }

    /// The lines up to the closing word, less the closing line's indentation, joined by line feeds.
    private mutating func block(_ cursor: inout LineCursor) throws -> String {
        let column = cursor.position + 1
        guard let opening = cursor.word()?.text, opening.hasPrefix("<<"), opening.count > 2,
            opening.dropFirst(2).allSatisfy({ $0.isASCII && $0.isLetter })
        else { throw cursor.error("a block begins with << and a word, as in <<END", column: column) }
        try cursor.expectEnd()
        let tag = opening.dropFirst(2)
        let first = lineIndex
        while lineIndex < lines.count {
            let line = lines[lineIndex]
            lineIndex += 1
            let indentation = line.prefix { $0 == " " || $0 == "\t" }
            if line.dropFirst(indentation.count) == tag {
                return try lines[first..<lineIndex - 1].enumerated()
                    .map { try dedent($1, by: indentation, number: first + $0 + 1) }.joined(separator: "\n")
            }
        }
        throw cursor.error("this block is never closed by a line “\(tag)”", column: column)
    }

    private func dedent(_ line: Substring, by indentation: Substring, number: Int) throws -> Substring {
        if line.hasPrefix(indentation) { return line.dropFirst(indentation.count) }
        if line.allSatisfy({ $0 == " " || $0 == "\t" }) { return "" }
        throw ScenarioError(
            file: file, line: number, column: 1, message: "this line is indented less than the end of its block")
    }
}
