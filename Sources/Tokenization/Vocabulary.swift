private import CVocabulary

/// The tokens of an encoding, as tables to count with: 7 MB for `cl100k_base`, 14 MB for `o200k_base`.
///
/// Immutable and shared. Built on first use from data that is compiled in, which takes some 10 to 50 ms: do it away from the
/// thread that draws, for instance with `Vocabulary.shared(_:)` in a task. (`Sendable` is unchecked because of the pointers, and
/// safe, for nothing changes after `init`.)
public final class Vocabulary: @unchecked Sendable {
    /// Which encoding it is.
    public let encoding: TokenEncoding
    /// How many ordinary tokens there are; ids are below this.
    public let tokenCount: Int

    let scanner: Scanner
    let pairs: PairTable
    let pieces: PieceTable
    let seams: CharacterSeams
    /// The token of every single byte.
    let byteTokens: UnsafeMutablePointer<UInt32>
    /// The token of every two bytes, first byte high, or `PairTable.none`.
    let twoBytes: UnsafeMutablePointer<UInt32>
    /// The bytes of all tokens, one after the other, and where each begins; one more for the end.
    let bytes: UnsafeMutablePointer<UInt8>
    let starts: UnsafeMutablePointer<UInt32>

    /// The vocabulary of this encoding, built by whoever asks first; others wait for it.
    public static func shared(_ encoding: TokenEncoding) -> Vocabulary {
        switch encoding {
        case .cl100kBase: cl100k
        case .o200kBase: o200k
        }
    }

    // The runtime builds each once, under a lock of its own.
    private static let cl100k = Vocabulary(.cl100kBase)
    private static let o200k = Vocabulary(.o200kBase)

    private init(_ encoding: TokenEncoding) {
        self.encoding = encoding
        scanner = Scanner(encoding)
        let data = PairsFile(encoding)
        tokenCount = data.count
        var memory = TableMemory(data.tableSize)
        pairs = PairTable(capacity: data.count, &memory)
        byteTokens = memory.zeroed(256, of: UInt32.self)
        twoBytes = memory.zeroed(1 << 16, of: UInt32.self)
        bytes = memory.zeroed(data.byteCount + 8, of: UInt8.self)
        starts = memory.zeroed(data.count + 1, of: UInt32.self)
        twoBytes.update(repeating: PairTable.none, count: 1 << 16)
        var seams = CharacterSeams()
        var list = TokenBytes(bytes: bytes, starts: starts)
        for id in 0..<data.count {
            let (left, right) = data[id]
            if right == PairsFile.noToken {
                list.add(byte: UInt8(truncatingIfNeeded: left))
                byteTokens[Int(left)] = UInt32(id)
                continue
            }
            let (token, length) = list.add(joined: left, right)
            pairs.insert(left, right, id: UInt32(id))
            if length == 2 { twoBytes[Int(token[0]) << 8 | Int(token[1])] = UInt32(id) }
            seams.note(token, length, id: UInt32(id))
        }
        self.seams = seams
        pieces = PieceTable(bytes: bytes, starts: starts, count: data.count, &memory)
    }

    /// The bytes of a token; `nil` for an id that is not below `tokenCount`. They need not be whole characters.
    public func bytes(of token: Int) -> [UInt8]? {
        guard token >= 0, token < tokenCount else { return nil }
        let start = Int(starts[token])
        return Array(UnsafeBufferPointer(start: bytes + start, count: Int(starts[token + 1]) - start))
    }
}

/// The bytes of tokens while they are being made, each from two earlier ones.
private struct TokenBytes {
    let bytes: UnsafeMutablePointer<UInt8>
    let starts: UnsafeMutablePointer<UInt32>
    private var count = 0

    init(bytes: UnsafeMutablePointer<UInt8>, starts: UnsafeMutablePointer<UInt32>) {
        self.bytes = bytes
        self.starts = starts
        starts[0] = 0
    }

    mutating func add(byte: UInt8) {
        bytes[Int(starts[count])] = byte
        starts[count + 1] = starts[count] + 1
        count += 1
    }

    /// Adds the join of two tokens and returns its bytes.
    @inline(__always)
    mutating func add(joined left: UInt32, _ right: UInt32) -> (BytePointer, Int) {
        let start = bytes + Int(starts[count])
        var end = start
        for part in [left, right] {
            let from = Int(starts[Int(part)])
            let length = Int(starts[Int(part) + 1]) - from
            end.update(from: bytes + from, count: length)
            end += length
        }
        starts[count + 1] = UInt32(end - bytes)
        count += 1
        return (BytePointer(start), end - start)
    }
}

/// The compiled-in data of one vocabulary; `.ci/make_vocabularies.py` tells its layout.
private struct PairsFile {
    static let noToken: UInt32 = 0xFFFFFF
    private let pairs: BytePointer
    let count: Int
    let byteCount: Int

    init(_ encoding: TokenEncoding) {
        var length = 0
        let data = encoding == .cl100kBase ? cvocabulary_cl100k(&length) : cvocabulary_o200k(&length)
        let header = UnsafeRawPointer(data)
        count = Int(UInt32(littleEndian: header.loadUnaligned(fromByteOffset: 8, as: UInt32.self)))
        byteCount = Int(UInt32(littleEndian: header.loadUnaligned(fromByteOffset: 16, as: UInt32.self)))
        pairs = BytePointer(data) + 24
    }

    /// About what the tables take.
    var tableSize: Int { count * 64 + byteCount }

    @inline(__always)
    subscript(id: Int) -> (left: UInt32, right: UInt32) {
        let p = pairs + id * 6
        return (
            UInt32(p[0]) | UInt32(p[1]) << 8 | UInt32(p[2]) << 16, UInt32(p[3]) | UInt32(p[4]) << 8 | UInt32(p[5]) << 16
        )
    }
}
