import TerminalKit

/// Markdown as HTML that is safe to open: raw HTML is shown as text, only `http`, `https` and `mailto` addresses are
/// linked, images are links to them, so that a page loads nothing.
///
/// The blocks and inlines are those of `MarkdownText`, without its bounds: definitions count wherever they stand, and
/// emphasis reaches as far as it is closed.
public enum MarkdownHTML {
    /// The HTML of a whole text, without a frame around it. The text passes the text gate first. Code in known
    /// languages is marked by classes: `tok-keyword` and so on, the names of `CodeToken`. Cost: linear.
    public static func html(_ markdown: String) -> String {
        // What would hide or reorder text on a screen does so on a page too.
        html(TextGate.gate(markdown).text, links: .safe)
    }

    /// Which addresses become links and images.
    enum Links {
        case safe
        /// All, images too, as the CommonMark specification has it. For comparing with it.
        case all
    }

    static func html(_ markdown: String, links: Links) -> String {
        var markdown = markdown
        return markdown.withUTF8 { bytes in
            var writer = HTMLWriter(bytes, events: blocks(bytes), links: links)
            writer.write()
            return String(decoding: writer.output.bytes, as: UTF8.self)
        }
    }

    private static func blocks(_ bytes: Bytes) -> [BlockEvent] {
        var parser = BlockParser()
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: .newline) ?? bytes.count
            parser.read(bytes, start..<end, .whole)
            start = end + 1
        }
        parser.finish(bytes)
        return parser.events
    }
}

/// HTML as it is written.
struct HTMLOutput {
    private(set) var bytes: [UInt8] = []

    /// Adds markup.
    mutating func add(_ markup: String) { bytes.append(contentsOf: markup.utf8) }

    /// Begins a line, unless one has just begun.
    mutating func line() { if let last = bytes.last, last != .newline { bytes.append(.newline) } }

    /// Adds text.
    mutating func add(text: some Sequence<UInt8>) {
        for byte in text {
            switch byte {
            case .ampersand: add("&amp;")
            case .less: add("&lt;")
            case .greater: add("&gt;")
            case .quote: add("&quot;")
            default: bytes.append(byte)
            }
        }
    }

    /// Adds an address for an attribute: what an address cannot hold is encoded.
    mutating func add(address: String) {
        for byte in address.utf8 {
            if byte.isAlphanumeric || "-._~:/?#@!$'()*+,;=%".utf8.contains(byte) {
                if byte == .apostrophe { add("&#39;") } else { bytes.append(byte) }
            } else if byte == .ampersand {
                add("&amp;")
            } else {
                let digits = Array("0123456789ABCDEF".utf8)
                bytes += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 0x0F)]]
            }
        }
    }
}
