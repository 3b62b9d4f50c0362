import Foundation

/// A client of a few lines that shows what really came over the socket: each HTTP chunk, and how the connection ended.
final class RawClient {
    enum Ending: Equatable {
        case complete
        case closed
        case reset
        case timedOut
    }

    struct Response {
        var status = 0
        var headers: [(name: String, value: String)] = []
        /// The chunks of a chunked body; otherwise the body in one.
        var chunks: [[UInt8]] = []
        var ending = Ending.complete

        var bytes: [UInt8] { chunks.flatMap { $0 } }
        var body: String { String(decoding: bytes, as: UTF8.self) }
        /// The payloads of the events.
        var events: [String] {
            body.components(separatedBy: "\n\n").filter { $0.hasPrefix("data: ") }.map { String($0.dropFirst(6)) }
        }
        /// The events that have a name, as name and payload.
        var namedEvents: [(name: String, data: String)] {
            body.components(separatedBy: "\n\n").dropLast().compactMap { block in
                let lines = block.components(separatedBy: "\n")
                guard lines.count == 2, lines[0].hasPrefix("event: "), lines[1].hasPrefix("data: ") else { return nil }
                return (String(lines[0].dropFirst(7)), String(lines[1].dropFirst(6)))
            }
        }
        func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }
    }

    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var position = 0
    private var ending: Ending?

    init(port: Int) throws {
        #if canImport(Glibc)
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw POSIXError(.ECONNREFUSED) }
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { disconnect() }

    private var isOpen = true
    func disconnect() {
        if isOpen { close(descriptor) }
        isOpen = false
    }

    /// Sends bytes; false if the server has closed the connection.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            #if canImport(Glibc)
                let flags = Int32(MSG_NOSIGNAL)
            #else
                let flags: Int32 = 0
            #endif
            let count = bytes[sent...].withUnsafeBytes {
                #if canImport(Glibc)
                    Glibc.send(descriptor, $0.baseAddress, $0.count, flags)
                #else
                    Darwin.send(descriptor, $0.baseAddress, $0.count, flags)
                #endif
            }
            if count <= 0 { return false }
            sent += count
        }
        return true
    }

    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// Sends a request with a body.
    func post(_ body: String, path: String = "/v1/chat/completions", headers: String = "") {
        send("POST \(path) HTTP/1.1\r\nHost: x\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    func get(_ path: String, method: String = "GET") {
        send("\(method) \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
    }

    /// Reads one response, to its end or to the connection's.
    func response(withoutBody: Bool = false) -> Response {
        var response = Response()
        guard let status = line() else { return ended(response) }
        response.status = Int(status.split(separator: " ").dropFirst().first ?? "") ?? 0
        while let header = line(), !header.isEmpty {
            let parts = header.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            response.headers.append((parts[0], parts.count > 1 ? parts[1] : ""))
        }
        if ending != nil, position >= buffer.count, response.header("Content-Length") != "0" { return ended(response) }
        if withoutBody || response.status == 204 || response.status == 304 { return response }
        if response.header("Transfer-Encoding") == "chunked" { return chunked(response) }
        if let length = response.header("Content-Length").flatMap({ Int($0) }) {
            response.chunks = [bytes(length)]
            return response.bytes.count < length ? ended(response) : response
        }
        response.chunks = [bytes(Int.max)]
        return ended(response)
    }

    /// Reads so many events of a stream that does not end.
    func chunks(_ count: Int) -> [[UInt8]] {
        while let header = line(), !header.isEmpty {}
        return (0..<count).compactMap { _ in chunk() }
    }

    /// How the connection ends, when nothing more is expected.
    func end() -> Ending {
        while ending == nil { fill() }
        return ending ?? .timedOut
    }

    private func ended(_ response: Response) -> Response {
        var response = response
        response.ending = end()
        return response
    }

    private func chunked(_ head: Response) -> Response {
        var response = head
        while let chunk = chunk() {
            if chunk.isEmpty { return response }
            response.chunks.append(chunk)
        }
        return ended(response)
    }

    private func chunk() -> [UInt8]? {
        guard let header = line(), let size = Int(header, radix: 16) else { return nil }
        let chunk = bytes(size)
        guard chunk.count == size, line() != nil else { return nil }
        return chunk
    }

    private func bytes(_ count: Int) -> [UInt8] {
        while buffer.count - position < count, ending == nil { fill() }
        let end = min(buffer.count, count == Int.max ? buffer.count : position + count)
        defer { position = end }
        return Array(buffer[position..<end])
    }

    private func line() -> String? {
        var search = position
        while true {
            if let index = buffer[search...].firstIndex(of: 0x0A) {
                let line = buffer[position..<index]
                position = index + 1
                return String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
            }
            if ending != nil { return nil }
            search = buffer.count
            fill()
        }
    }

    private func fill() {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        if count > 0 { return buffer.append(contentsOf: chunk[..<count]) }
        ending = count == 0 ? .closed : errno == ECONNRESET ? .reset : .timedOut
    }
}
