/// Unpacks gzip (RFC 1952) and the deflate in it (RFC 1951).
///
/// For data files that are published so (HumanEval). The checksum is compared; what comes out is bounded.
struct Gzip {
    /// Why a file cannot be unpacked, in words that follow its name.
    struct Fault: Error {
        var message: String
        static let broken = Fault(message: "is a gzip file that is damaged or cut off")
    }

    private let bytes: [UInt8]
    private let limit: Int
    private var place = 0
    private var bits: UInt32 = 0
    private var count = 0
    private var output: [UInt8] = []

    private init(_ bytes: [UInt8], limit: Int) {
        self.bytes = bytes
        self.limit = limit
    }

    /// The contents of all members of a file, at most `limit` bytes.
    static func unpack(_ bytes: [UInt8], limit: Int) throws(Fault) -> [UInt8] {
        var gzip = Gzip(bytes, limit: limit)
        repeat { try gzip.member() } while gzip.place < bytes.count
        return gzip.output
    }

    private mutating func member() throws(Fault) {
        guard try byte() == 0x1F, try byte() == 0x8B, try byte() == 8 else {
            throw Fault(message: "is no gzip file")
        }
        let flags = try byte()
        for _ in 0..<6 { _ = try byte() }
        if flags & 4 != 0 {
            let length = try Int(byte()) | Int(byte()) << 8
            for _ in 0..<length { _ = try byte() }
        }
        if flags & 8 != 0 { while try byte() != 0 {} }
        if flags & 16 != 0 { while try byte() != 0 {} }
        if flags & 2 != 0 { for _ in 0..<2 { _ = try byte() } }
        let start = output.count
        try inflate(from: start)
        (bits, count) = (0, 0)
        var sum: UInt32 = 0
        for shift in 0..<4 { sum |= UInt32(try byte()) << (8 * shift) }
        for _ in 0..<4 { _ = try byte() }
        guard sum == Self.checksum(output[start...]) else { throw .broken }
    }

    private mutating func byte() throws(Fault) -> UInt8 {
        guard place < bytes.count else { throw .broken }
        place += 1
        return bytes[place - 1]
    }

    /// The next bits, the lowest first.
    private mutating func take(_ wanted: Int) throws(Fault) -> Int {
        while count < wanted {
            bits |= UInt32(try byte()) << count
            count += 8
        }
        let value = bits & (1 << wanted - 1)
        bits >>= wanted
        count -= wanted
        return Int(value)
    }

    private mutating func inflate(from start: Int) throws(Fault) {
        var isLast = false
        while !isLast {
            isLast = try take(1) == 1
            switch try take(2) {
            case 0: try stored()
            case 1: try codes(Self.fixedLengths, Self.fixedDistances, start)
            case 2:
                let (lengths, distances) = try tables()
                try codes(lengths, distances, start)
            default: throw .broken
            }
        }
    }

    private mutating func append(_ byte: UInt8) throws(Fault) {
        guard output.count < limit else {
            throw Fault(message: "is larger than \(limit / 1_000_000) MB when it is unpacked, the most that is read")
        }
        output.append(byte)
    }

    private mutating func stored() throws(Fault) {
        (bits, count) = (0, 0)
        let length = try UInt16(byte()) | UInt16(byte()) << 8
        let inverse = try UInt16(byte()) | UInt16(byte()) << 8
        guard length == ~inverse else { throw .broken }
        for _ in 0..<length { try append(try byte()) }
    }

    private mutating func tables() throws(Fault) -> (Huffman, Huffman) {
        let (literals, distances, codes) = (try take(5) + 257, try take(5) + 1, try take(4) + 4)
        guard literals <= 286, distances <= 30 else { throw .broken }
        let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
        var lengths = [Int](repeating: 0, count: 19)
        for place in order.prefix(codes) { lengths[place] = try take(3) }
        let code = Huffman(lengths)
        lengths = []
        while lengths.count < literals + distances {
            let symbol = try next(code)
            switch symbol {
            case 0..<16: lengths.append(symbol)
            case 16:
                guard let last = lengths.last else { throw .broken }
                lengths += Array(repeating: last, count: try take(2) + 3)
            case 17: lengths += Array(repeating: 0, count: try take(3) + 3)
            default: lengths += Array(repeating: 0, count: try take(7) + 11)
            }
        }
        guard lengths.count == literals + distances, lengths[256] > 0 else { throw .broken }
        return (Huffman(lengths[..<literals]), Huffman(lengths[literals...]))
    }

    private mutating func next(_ code: Huffman) throws(Fault) -> Int {
        var (value, first, index) = (0, 0, 0)
        for length in 1...15 {
            value |= try take(1)
            let count = code.counts[length]
            if value - count < first { return code.symbols[index + value - first] }
            index += count
            first = (first + count) << 1
            value <<= 1
        }
        throw .broken
    }

    private mutating func codes(_ lengths: Huffman, _ distances: Huffman, _ start: Int) throws(Fault) {
        while true {
            let symbol = try next(lengths)
            if symbol == 256 { return }
            guard symbol > 256 else {
                try append(UInt8(symbol))
                continue
            }
            guard symbol - 257 < Self.lengthBases.count else { throw .broken }
            let length = try Self.lengthBases[symbol - 257] + take(Self.lengthBits[symbol - 257])
            let code = try next(distances)
            guard code < Self.distanceBases.count else { throw .broken }
            let distance = try Self.distanceBases[code] + take(Self.distanceBits[code])
            guard distance <= output.count - start else { throw .broken }
            for _ in 0..<length { try append(output[output.count - distance]) }
        }
    }

    /// A canonical code: how many symbols have each length, and the symbols in order.
    private struct Huffman {
        var counts = [Int](repeating: 0, count: 16)
        var symbols: [Int]

        init(_ lengths: some Collection<Int>) {
            for length in lengths { counts[length] += 1 }
            counts[0] = 0
            var offsets = [Int](repeating: 0, count: 16)
            for length in 1..<15 { offsets[length + 1] = offsets[length] + counts[length] }
            symbols = [Int](repeating: 0, count: lengths.count)
            for (symbol, length) in lengths.enumerated() where length > 0 {
                symbols[offsets[length]] = symbol
                offsets[length] += 1
            }
        }
    }

    private static let fixedLengths = Huffman(
        (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
    private static let fixedDistances = Huffman(Array(repeating: 5, count: 30))
    private static let lengthBases = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    private static let lengthBits = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let distanceBases = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145,
        8193, 12_289, 16_385, 24_577,
    ]
    private static let distanceBits = [
        0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
    ]

    private static let checksumTable: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { sum, _ in sum & 1 == 1 ? 0xEDB8_8320 ^ sum >> 1 : sum >> 1 }
    }

    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { sum, byte in checksumTable[Int((sum ^ UInt32(byte)) & 0xFF)] ^ sum >> 8 }
    }
}
