/// Writes the inlines of a leaf as HTML.
struct HTMLInlines {
    var output: HTMLOutput
    let links: MarkdownHTML.Links
    /// Images that are open: what is in them is their description, without markup.
    private var imageDepth = 0
    private var linkDepth = 0

    init(output: HTMLOutput, links: MarkdownHTML.Links) {
        self.output = output
        self.links = links
    }

    /// Writes a piece.
    mutating func write(_ event: InlineEvent, _ content: Bytes) {
        switch event {
        case .text(let range), .html(let range): output.add(text: content[range])
        case .decoded(let text, _): output.add(text: text.utf8)
        case .softBreak: output.add("\n")
        case .hardBreak: output.add(imageDepth > 0 ? "\n" : "<br />\n")
        case .code(let range):
            if imageDepth == 0 { output.add("<code>") }
            output.add(text: content[range].lazy.map { $0 == .newline ? .space : $0 })
            if imageDepth == 0 { output.add("</code>") }
        case .open(let mark): if imageDepth == 0 { output.add("<\(Self.tag(mark))>") }
        case .close(let mark): if imageDepth == 0 { output.add("</\(Self.tag(mark))>") }
        case .openLink(let target, _): open(target)
        case .closeLink(let target, _): close(target)
        case .openImage(let target, _): openImage(target)
        case .closeImage(let target, _): closeImage(target)
        case .autolink(let target, let range):
            open(target)
            output.add(text: content[range])
            close(target, showsAddress: false)
        }
    }

    private static func tag(_ mark: InlineMark) -> String {
        switch mark {
        case .emphasis: "em"
        case .strong: "strong"
        case .strike: "del"
        }
    }

    private func mayLink(_ address: String) -> Bool {
        if links == .all { return true }
        let lower = address.prefix(8).lowercased()
        return ["http://", "https://", "mailto:"].contains { lower.hasPrefix($0) }
    }

    private mutating func open(_ target: LinkTarget) {
        guard imageDepth == 0 else { return }
        linkDepth += 1
        guard linkDepth == 1, mayLink(target.address) else { return }
        output.add("<a href=\"")
        output.add(address: target.address)
        output.add("\"")
        addTitle(target)
        if links == .safe { output.add(" rel=\"noopener noreferrer\"") }
        output.add(">")
    }

    private mutating func close(_ target: LinkTarget, showsAddress: Bool = true) {
        guard imageDepth == 0 else { return }
        linkDepth -= 1
        guard linkDepth == 0 else { return }
        if mayLink(target.address) {
            output.add("</a>")
        } else if showsAddress {
            output.add(" (")
            output.add(text: target.address.utf8)
            output.add(")")
        }
    }

    private mutating func addTitle(_ target: LinkTarget) {
        guard !target.title.isEmpty else { return }
        output.add(" title=\"")
        output.add(text: target.title.utf8)
        output.add("\"")
    }

    private mutating func openImage(_ target: LinkTarget) {
        if links == .safe, imageDepth == 0 {
            open(target)
            output.add("image: ")
        } else if imageDepth == 0 {
            output.add("<img src=\"")
            output.add(address: target.address)
            output.add("\" alt=\"")
        }
        imageDepth += 1
    }

    private mutating func closeImage(_ target: LinkTarget) {
        imageDepth -= 1
        guard imageDepth == 0 else { return }
        if links == .safe { return close(target) }
        output.add("\"")
        addTitle(target)
        output.add(" />")
    }
}
