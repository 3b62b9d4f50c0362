import ProviderCore
import TestSupport
import Testing

@testable import ProviderHTTP

@Suite(.timeLimit(.minutes(1)))
struct CompressionTests {
    /// "data: one", flushed, of a gzip stream.
    static let first: [UInt8] = [
        31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 74, 73, 44, 73, 180, 82, 200, 207, 75, 229, 226, 2, 0, 0, 0, 255, 255,
    ]
    /// "data: two", the end of that stream.
    static let second: [UInt8] = [75, 1, 51, 75, 202, 243, 185, 184, 0, 162, 13, 74, 63, 22, 0, 0, 0]
    /// "deflated text" in zlib's format.
    static let deflated: [UInt8] = [
        120, 218, 75, 73, 77, 203, 73, 44, 73, 77, 81, 40, 73, 173, 40, 1, 0, 35, 158, 5, 31,
    ]

    private func head(_ encoding: String) -> LoopbackStep {
        .text("HTTP/1.1 200 OK\r\nContent-Encoding: \(encoding)\r\nConnection: close\r\n\r\n")
    }

    @Test func gzipIsDecodedBlockByBlock() async throws {
        let gate = LoopbackGate()
        let server = try server(head("gzip"), .send(Self.first), .wait(gate), .send(Self.second), .close)
        let response = try await plainTransport().send(get(server.url))
        #expect(try await response.body.read() == Array("data: one\n\n".utf8))
        gate.open()
        #expect(try await text(response.body) == "data: two\n\n")
        #expect(server.journal.log.requests.first?.header("accept-encoding") == "gzip, deflate")
    }

    @Test func deflate() async throws {
        let server = try server(head("deflate"), .send(Self.deflated), .close)
        #expect(try await text(plainTransport().send(get(server.url)).body) == "deflated text")
    }

    @Test func ownAcceptEncodingMeansNoDecoding() async throws {
        let server = try server(head("gzip"), .send(Self.first + Self.second), .close)
        var request = get(server.url)
        request.headers = [HTTPHeader("accept-encoding", "identity")]
        let response = try await plainTransport().send(request)
        #expect(try await response.body.collect(upTo: 1000) == Self.first + Self.second)
        #expect(server.journal.log.requests.first?.header("accept-encoding") == "identity")
    }

    @Test(arguments: ["gzip", "deflate", "rot13"])
    func brokenEncoding(_ encoding: String) async throws {
        let server = try server(head(encoding), .text("this is certainly not compressed at all"), .close)
        let (error, _) = try await failure(plainTransport(), get(server.url))
        #expect(error.kind == .malformed)
        #expect(error.message.contains("compression"))
    }

    @Test func bombIsStoppedAtTheCap() async throws {
        let server = try server(head("gzip"), .send(bomb(megabytes: 64)), .close)
        let (error, bytes) = try await failure(
            plainTransport(), get(server.url, limits: HTTPLimits(bodyBytes: 3 << 20)))
        #expect(error.kind == .tooLarge)
        #expect(bytes == 3 << 20)
        await server.journal.wait { $0.closed == 1 }
    }

    @Test func unreadBombIsPausedAndStaysWhole() async throws {
        let server = try server(head("gzip"), .send(bomb(megabytes: 16)), .close)
        let response = try await plainTransport().send(get(server.url))
        await server.journal.wait { $0.closed == 1 }
        var count = 0
        while let slice = try await response.body.read() { count += slice.count }
        #expect(count >= 16 << 20)
    }

    /// A gzip stream of equal bytes, unpacking to 158 times its length: one block with the fixed Huffman codes, RFC 1951
    /// 3.2.6: a literal, then "repeat the last byte 258 times" again and again, then the end of the block.
    private func bomb(megabytes: Int) -> [UInt8] {
        var bytes: [UInt8] = [31, 139, 8, 0, 0, 0, 0, 0, 0, 255]
        var value: UInt8 = 0
        var count = 0
        func put(_ bits: String) {
            for bit in bits.utf8 {
                if bit == UInt8(ascii: "1") { value |= 1 << count }
                count += 1
                if count == 8 {
                    bytes.append(value)
                    (value, count) = (0, 0)
                }
            }
        }
        put("110" + "00110000")
        let repeats = (megabytes << 20) / 258 + 1
        let eight = String(repeating: "1100010100000", count: 8)
        put(String(repeating: "1100010100000", count: repeats % 8))
        put(eight)
        let aligned = Array(bytes.suffix(13))
        for _ in 1..<(repeats / 8) { bytes += aligned }
        put("0000000" + "00000000")
        return bytes + checksum(of: repeats * 258 + 1)
    }

    /// CRC-32 and length of that many zero characters, as gzip's trailer has them.
    private func checksum(of length: Int) -> [UInt8] {
        var table: [UInt32] = []
        for index in 0..<256 {
            var entry = UInt32(index)
            for _ in 0..<8 { entry = entry & 1 == 1 ? 0xEDB8_8320 ^ (entry >> 1) : entry >> 1 }
            table.append(entry)
        }
        var crc: UInt32 = 0xFFFF_FFFF
        for _ in 0..<length { crc = table[Int((crc ^ 0) & 0xFF)] ^ (crc >> 8) }
        return [~crc, UInt32(truncatingIfNeeded: length)].flatMap { word in
            (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
        }
    }
}
