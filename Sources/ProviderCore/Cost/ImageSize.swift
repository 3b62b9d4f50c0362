/// The size of a picture in pixels, each side 1...4,294,967,295.
public struct ImageSize: Sendable, Hashable {
    /// Pixels across.
    public let width: Int
    /// Pixels down.
    public let height: Int

    /// A size; nil when a side is out of range.
    public init?(width: Int, height: Int) {
        let range = 1...Int(UInt32.max)
        guard range.contains(width), range.contains(height) else { return nil }
        self.width = width
        self.height = height
    }

    /// The size that the header of a picture tells: PNG, JPEG, GIF or WebP in a base64 `data:` URL.
    ///
    /// Nil for other URLs and other formats, and where the header is broken or cut. No pixel is decoded, the media type is not
    /// trusted, and no more than some thousand bytes are looked at, however long the URL is.
    public init?(dataURL: String) {
        guard let bytes = Base64Bytes(dataURL: dataURL),
            let size = Self.png(bytes) ?? Self.gif(bytes) ?? Self.webP(bytes) ?? Self.jpeg(bytes)
        else { return nil }
        self.init(width: size.width, height: size.height)
    }

    private typealias Sides = (width: Int, height: Int)

    /// The header chunk comes first and has one length (PNG specification, 5.2 and 11.2.2).
    private static func png(_ bytes: Base64Bytes) -> Sides? {
        guard bytes.hold([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52], at: 0),
            let width = bytes.big(4, at: 16), let height = bytes.big(4, at: 20)
        else { return nil }
        return (width, height)
    }

    /// The logical screen follows the version (GIF89a specification, 17 and 18).
    private static func gif(_ bytes: Base64Bytes) -> Sides? {
        guard bytes.hold(Array("GIF87a".utf8), at: 0) || bytes.hold(Array("GIF89a".utf8), at: 0),
            let width = bytes.little(2, at: 6), let height = bytes.little(2, at: 8)
        else { return nil }
        return (width, height)
    }

    /// The first chunk is lossy, lossless or extended; each tells the size its own way (RFC 9649, 2.5 to 2.7, and RFC 6386, 9.1).
    private static func webP(_ bytes: Base64Bytes) -> Sides? {
        guard bytes.hold(Array("RIFF".utf8), at: 0), bytes.hold(Array("WEBP".utf8), at: 8) else { return nil }
        if bytes.hold(Array("VP8 ".utf8), at: 12), bytes.hold([0x9D, 0x01, 0x2A], at: 23),
            let width = bytes.little(2, at: 26), let height = bytes.little(2, at: 28)
        {
            return (width & 0x3FFF, height & 0x3FFF)
        }
        if bytes.hold(Array("VP8L".utf8), at: 12), bytes[20] == 0x2F, let bits = bytes.little(4, at: 21) {
            return ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        }
        if bytes.hold(Array("VP8X".utf8), at: 12), let width = bytes.little(3, at: 24),
            let height = bytes.little(3, at: 27)
        {
            return (width + 1, height + 1)
        }
        return nil
    }

    /// Segments are skipped by their lengths up to the frame header (ITU-T T.81, B.1.1 and B.2.2). A picture turned by its camera
    /// tells its sides the other way round, which changes no count of tokens.
    private static func jpeg(_ bytes: Base64Bytes) -> Sides? {
        guard bytes.hold([0xFF, 0xD8], at: 0) else { return nil }
        var at = 2
        for _ in 0..<1000 {
            guard bytes[at] == 0xFF, let marker = bytes[at + 1] else { return nil }
            switch marker {
            case 0xFF: at += 1
            case 0x01, 0xD0...0xD7: at += 2
            case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
                guard let height = bytes.big(2, at: at + 5), let width = bytes.big(2, at: at + 7) else { return nil }
                return (width, height)
            // The picture's data, its end, or a second beginning: there is no frame header any more.
            case 0x00, 0xD8...0xDA: return nil
            default:
                guard let length = bytes.big(2, at: at + 2), length >= 2 else { return nil }
                at += 2 + length
            }
        }
        return nil
    }
}

/// Bytes behind base64 text, decoded one by one as they are asked for.
private struct Base64Bytes {
    private let text: Substring.UTF8View

    /// The data of a `data:` URL; nil when it is no such URL, or not base64.
    init?(dataURL: String) {
        guard dataURL.utf8.prefix(5).elementsEqual("data:".utf8, by: { $0 | 0x20 == $1 | 0x20 }) else { return nil }
        let head = dataURL.utf8.prefix(256)
        guard let comma = head.firstIndex(of: UInt8(ascii: ",")),
            dataURL[..<comma].lowercased().hasSuffix(";base64")
        else { return nil }
        text = dataURL[dataURL.utf8.index(after: comma)...].utf8
    }

    /// A byte; nil behind the end and where the text is no base64.
    subscript(_ index: Int) -> UInt8? {
        let bit = index * 8
        guard let high = digit(bit / 6), let low = digit(bit / 6 + 1) else { return nil }
        let shift = bit % 6
        return UInt8(truncatingIfNeeded: (high << 6 | low) >> (4 - shift))
    }

    func hold(_ expected: [UInt8], at start: Int) -> Bool {
        expected.indices.allSatisfy { self[start + $0] == expected[$0] }
    }

    func big(_ count: Int, at start: Int) -> Int? {
        var value = 0
        for index in start..<(start + count) {
            guard let byte = self[index] else { return nil }
            value = value << 8 | Int(byte)
        }
        return value
    }

    func little(_ count: Int, at start: Int) -> Int? {
        var value = 0
        for index in (start..<(start + count)).reversed() {
            guard let byte = self[index] else { return nil }
            value = value << 8 | Int(byte)
        }
        return value
    }

    /// Six bits; both alphabets of RFC 4648 count.
    private func digit(_ position: Int) -> Int? {
        guard let index = text.index(text.startIndex, offsetBy: position, limitedBy: text.endIndex),
            index < text.endIndex
        else { return nil }
        return switch text[index] {
        case let byte where (0x41...0x5A).contains(byte): Int(byte) - 0x41
        case let byte where (0x61...0x7A).contains(byte): Int(byte) - 0x61 + 26
        case let byte where (0x30...0x39).contains(byte): Int(byte) - 0x30 + 52
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
