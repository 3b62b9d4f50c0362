import ProviderCore

/// Puts an answer's head together from the lines libcurl hands over; answers with a status below 200 are passed over.
struct HeadCollector {
    /// The final head, when it is whole and was not taken.
    private(set) var head: ResponseHead?
    /// Header fields of all blocks together, those of 1xx answers and trailers too.
    private(set) var fields = 0
    private var headers: [HTTPHeader] = []
    private var isWhole = false

    /// The head, once.
    mutating func takeHead() -> ResponseHead? {
        guard head != nil else { return nil }
        defer { head = nil }
        return head
    }

    /// Takes one line with its line end; `status` is the status code of the block it belongs to.
    mutating func add(_ line: UnsafeRawBufferPointer, status: Int) {
        let text = trimmed(line)
        guard !isWhole else {
            // A trailer.
            if !text.isEmpty { fields += 1 }
            return
        }
        if text.isEmpty {
            if status >= 200 {
                head = ResponseHead(status: status, headers: headers)
                isWhole = true
            }
            headers = []
        } else if text.starts(with: "HTTP/".utf8) {
            headers = []
        } else {
            takeField(line, text)
        }
    }

    private mutating func takeField(_ line: UnsafeRawBufferPointer, _ text: UnsafeRawBufferPointer) {
        if let first = line.first, isBlank(first) { return continueLast(with: text) }
        fields += 1
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else { return }
        let name = String(decoding: trimmed(.init(rebasing: text[..<colon])), as: UTF8.self).lowercased()
        let value = trimmed(.init(rebasing: text[(colon + 1)...]))
        headers.append(HTTPHeader(name, String(decoding: value, as: UTF8.self)))
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
