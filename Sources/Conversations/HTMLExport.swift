internal import Markdown
import ProviderCore

extension ConversationExport {
    /// The conversation as one HTML file: no scripts, nothing from the network, light or dark as the reader's system is. All foreign
    /// text is escaped, and a policy in the file forbids what an escape that was forgotten could do.
    public static func html(_ conversation: StoredConversation, branch: Branches = .path) -> String {
        let name = HTMLText.escaped(title(conversation))
        var body = "<h1>\(name)</h1>\n"
        if let instructions = conversation.instructions {
            body += "<section class=\"system\"><h2>System</h2>\(HTMLText.block(instructions))</section>\n"
        }
        for entry in entries(conversation, branch) { body += section(entry) }
        return """
            <!DOCTYPE html>
            <html lang="und">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <title>\(name)</title>
            <style>\(style)</style>
            </head>
            <body>
            <main>
            \(body)</main>
            </body>
            </html>

            """
    }

    /// Nothing but the styles of the file and images that stand in it.
    private static let policy =
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

    private static let style = """

        :root { color-scheme: light dark; --back: #fff; --text: #1d1f21; --soft: #5c6166; --box: #f3f4f5; --line: #d5d8db;
          --user: #0b5cad; }
        @media (prefers-color-scheme: dark) { :root { --back: #16181a; --text: #e4e6e8; --soft: #a3a9ae; --box: #212427;
          --line: #3a3f44; --user: #7db8f5; } }
        body { background: var(--back); color: var(--text); font: 16px/1.55 system-ui, sans-serif; margin: 0; }
        main { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; overflow-wrap: anywhere; }
        h1 { font-size: 1.5rem; }
        section { border-top: 1px solid var(--line); padding: .75rem 0; }
        section > h2 { font-size: 1rem; margin: 0; }
        section.user > h2 { color: var(--user); }
        .note { color: var(--soft); font-size: .85rem; margin: .15rem 0 .75rem; }
        pre { background: var(--box); border-radius: 6px; padding: .75rem; overflow-x: auto; white-space: pre-wrap; }
        code { font-family: ui-monospace, monospace; font-size: .9em; }
        .tok-keyword, .tok-attribute { color: light-dark(#8b2a8f, #d7a1e8); }
        .tok-type, .tok-constant { color: light-dark(#0b6063, #7fd3d6); }
        .tok-function { color: light-dark(#0b4f9e, #8fc1ff); }
        .tok-string { color: light-dark(#8a3c0a, #f2b48a); }
        .tok-number { color: light-dark(#0c5c2b, #98d8ae); }
        .tok-comment { color: var(--soft); font-style: italic; }
        details { margin: .5rem 0; }
        summary { color: var(--soft); cursor: pointer; }
        table { border-collapse: collapse; }
        th, td { border: 1px solid var(--line); padding: .25rem .5rem; }
        img { max-width: 100%; }

        """

    private static func section(_ entry: Entry) -> String {
        let message = entry.message
        let author = message.author == .user ? "User" : "Assistant"
        var out = "<section class=\"\(author.lowercased())\" id=\"m\(message.id)\">\n<h2>\(author)</h2>\n"
        out += "<p class=\"note\">\(note(entry))</p>\n"
        if let reasoning = message.answer?.reasoning, !reasoning.isEmpty {
            out += "<details><summary>Reasoning</summary>\(HTMLText.block(reasoning))</details>\n"
        }
        if !message.text.isEmpty {
            let rendered = message.author == .user ? HTMLText.block(message.text) : rendered(message.text)
            out += "<div dir=\"auto\">\(rendered)</div>\n"
        }
        for attachment in message.attachments { out += html(attachment) }
        for call in message.answer?.calls ?? [] { out += html(call) }
        return out + "</section>\n"
    }

    /// An answer, which is Markdown, as HTML.
    private static func rendered(_ markdown: String) -> String { MarkdownHTML.html(markdown) }

    private static func note(_ entry: Entry) -> String {
        let message = entry.message
        var parts = ["message \(message.id)"]
        if !entry.isNext, let parent = message.parent {
            parts.append("after <a href=\"#m\(parent)\">message \(parent)</a>")
        }
        if entry.versions > 1 { parts.append("version \(entry.version) of \(entry.versions)") }
        if message.saidAt > 0 { parts.append(WallClock.stamp(message.saidAt)) }
        if let record = message.answer {
            let model = [record.model, record.answeredBy ?? ""].first { !$0.isEmpty }
            let words = [model, record.stamp.isEmpty ? nil : record.stamp].compactMap { $0 }
            parts += (words + AnswerFigures.words(record)).map(HTMLText.escaped)
        }
        return parts.joined(separator: " · ")
    }

    private static func html(_ attachment: Attachment) -> String {
        let name = HTMLText.escaped(attachment.name)
        switch attachment.content {
        case .text(let content):
            return "<details><summary>File \(name)</summary>\(HTMLText.block(content))</details>\n"
        case .image(let type, let base64):
            guard ImageType.isKnown(type), Base64Text.isValid(base64) else {
                return "<p class=\"note\">Image \(name)</p>\n"
            }
            return "<p><img src=\"data:\(type);base64,\(base64)\" alt=\"\(name)\"></p>\n"
        }
    }

    private static func html(_ call: CallRecord) -> String {
        var out = "<details><summary>Call of \(HTMLText.escaped(call.call.name))</summary>"
        out += HTMLText.block(call.call.arguments)
        if let edited = call.editedArguments {
            out += "<p class=\"note\">Arguments as edited by the user</p>" + HTMLText.block(edited)
        }
        if let result = call.result {
            let kind = call.resultKind.map { " (\(HTMLText.escaped($0)))" } ?? ""
            out += "<p class=\"note\">Result\(kind)</p>" + HTMLText.block(result)
        } else {
            out += "<p class=\"note\">No result</p>"
        }
        return out + "</details>\n"
    }
}

/// Foreign text inside an HTML file.
enum HTMLText {
    /// A text as it may stand between tags and in a quoted attribute. Characters that HTML does not allow become U+FFFD.
    static func escaped(_ text: String) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(text.utf8.count + text.utf8.count / 16)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "<"): out += Array("&lt;".utf8)
            case UInt8(ascii: ">"): out += Array("&gt;".utf8)
            case UInt8(ascii: "&"): out += Array("&amp;".utf8)
            case UInt8(ascii: "\""): out += Array("&quot;".utf8)
            case UInt8(ascii: "'"): out += Array("&#39;".utf8)
            case 0x09, 0x0A, 0x0D: out.append(byte)
            case 0..<0x20, 0x7F: out += [0xEF, 0xBF, 0xBD]
            default: out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// A text as it is, in a block. The line feed after the tag is not part of it.
    static func block(_ text: String) -> String { "<pre dir=\"auto\">\n\(escaped(text))</pre>" }
}

/// The images that are taken in and shown.
enum ImageType {
    /// Their media types.
    static let known = ["image/png", "image/jpeg", "image/gif", "image/webp"]

    static func isKnown(_ type: String) -> Bool { known.contains(type) }
}

/// Base64 as of RFC 4648, section 4.
enum Base64Text {
    /// Whether a text is whole groups of its alphabet, filled up at the end; not empty.
    static func isValid(_ text: String) -> Bool {
        let bytes = text.utf8
        guard !bytes.isEmpty, bytes.count % 4 == 0 else { return false }
        let fill = bytes.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
        return bytes.dropLast(fill).allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
                true
            default: false
            }
        }
    }
}
