import ProviderCore

/// Puts an answer's head together from the lines libcurl hands over; answers with a status below 200 are passed over.
struct HeadCollector {
    private(set) var head: ResponseHead?
    private var headers: [HTTPHeader] = []

    /// Takes one line with its line end; `status` is the status code of the block it belongs to.
    mutating func add(_ line: UnsafeRawBufferPointer, status: Int) {
        // What follows the final head are trailers.
        guard head == nil else { return }
        let text = trimmed(line)
        if text.isEmpty {
            if status >= 200 { head = ResponseHead(status: status, headers: headers) }
            headers = []
        } else if text.starts(with: "HTTP/".utf8) {
            headers = []
        } else if let first = line.first, isBlank(first) {
            continueLast(with: text)
        } else if let colon = text.firstIndex(of: UInt8(ascii: ":")) {
            let name = String(decoding: trimmed(.init(rebasing: text[..<colon])), as: UTF8.self).lowercased()
            let value = trimmed(.init(rebasing: text[(colon + 1)...]))
            headers.append(HTTPHeader(name, String(decoding: value, as: UTF8.self)))
        }
    }

    /// A value folded over several lines, RFC 9112 5.2.
    private mutating func continueLast(with text: UnsafeRawBufferPointer) {
        guard !headers.isEmpty else { return }
        headers[headers.count - 1].value += " " + String(decoding: text, as: UTF8.self)
    }
}

private func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A
}

private func trimmed(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    guard let first = bytes.firstIndex(where: { !isBlank($0) }),
        let last = bytes.lastIndex(where: { !isBlank($0) })
    else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(rebasing: bytes[first...last])
}
