import Markdown
import TestSupport
import Testing

@Suite struct HTMLTests {
    static let cases: [(String, String)] = [
        ("a *b* **c** `d` ~~e~~", "<p>a <em>b</em> <strong>c</strong> <code>d</code> <del>e</del></p>\n"),
        ("a\r\n\r\nb\u{202E}\u{1B}", "<p>a</p>\n<p>b‹RLO›␛</p>\n"),
        ("# A\n\nB\nc", "<h1>A</h1>\n<p>B\nc</p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("- a\n\n- b", "<ul>\n<li>\n<p>a</p>\n</li>\n<li>\n<p>b</p>\n</li>\n</ul>\n"),
        ("2. a\n   - b", "<ol start=\"2\">\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n</ol>\n"),
        ("- [x] a", "<ul>\n<li><input type=\"checkbox\" checked=\"\" disabled=\"\" /> a</li>\n</ul>\n"),
        ("> a", "<blockquote>\n<p>a</p>\n</blockquote>\n"),
        ("```\na<b\n```", "<pre><code>a&lt;b\n</code></pre>\n"),
        (
            "```json\n\"a\"\n```",
            "<pre><code class=\"language-json\"><span class=\"tok-string\">&quot;a&quot;</span>\n</code></pre>\n"
        ),
        (
            "a|b\n:-|-:\n1|2",
            "<table>\n<thead>\n<tr>\n<th align=\"left\">a</th>\n<th align=\"right\">b</th>\n</tr>\n</thead>\n<tbody>\n"
                + "<tr>\n<td align=\"left\">1</td>\n<td align=\"right\">2</td>\n</tr>\n</tbody>\n</table>\n"
        ),
        ("<script>x</script>", "<pre class=\"raw-html\">&lt;script&gt;x&lt;/script&gt;\n</pre>\n"),
        ("a <b onclick=\"x\">", "<p>a &lt;b onclick=&quot;x&quot;&gt;</p>\n"),
        (
            "[a](https://b.example/?q=1&r)",
            "<p><a href=\"https://b.example/?q=1&amp;r\" rel=\"noopener noreferrer\">a</a></p>\n"
        ),
        ("[a](javascript:alert(1))", "<p>a (javascript:alert(1))</p>\n"),
        ("[a](&#x6A;avascript:x)", "<p>a (javascript:x)</p>\n"),
        ("[a](JaVaScRiPt:x \"t\")", "<p>a (JaVaScRiPt:x)</p>\n"),
        ("<javascript:x>", "<p>javascript:x</p>\n"),
        (
            "![i](https://b.example/i.png)",
            "<p><a href=\"https://b.example/i.png\" rel=\"noopener noreferrer\">image: i</a></p>\n"
        ),
        ("[a]\n\n[a]: https://b.example", "<p><a href=\"https://b.example\" rel=\"noopener noreferrer\">a</a></p>\n"),
        ("```\"><script>\nx\n```", "<pre><code class=\"language-&quot;&gt;&lt;script&gt;\">x\n</code></pre>\n"),
    ]

    @Test(arguments: cases) func isWritten(_ markdown: String, _ html: String) {
        #expect(MarkdownHTML.html(markdown) == html)
    }

    @Test(arguments: 0..<100) func onlyOurOwnTagsAreInIt(seed: Int) {
        let random = SeededRandom(UInt64(seed))
        let html = MarkdownHTML.html(RandomMarkdown.text(random, fragments: 200))
        #expect(Self.isSafe(html), "\(html)")
    }

    /// That the check sees what it is for.
    @Test func theCheckSeesForeignTags() {
        #expect(!Self.isSafe("<p><script>x</script></p>"))
        #expect(!Self.isSafe("<a href=\"javascript:x\" rel=\"noopener noreferrer\">"))
        #expect(!Self.isSafe("<p onclick=\"x\">"))
        #expect(Self.isSafe("<p>a</p>"))
    }

    private static let tags: Set<String> = [
        "p", "h1", "h2", "h3", "h4", "h5", "h6", "em", "strong", "del", "a", "br", "hr", "pre", "code", "ul", "ol",
        "li",
        "blockquote", "table", "thead", "tbody", "tr", "th", "td", "input", "span",
    ]
    private static let attributes: Set<String> = [
        "href", "rel", "title", "class", "align", "start", "type", "checked", "disabled",
    ]

    private static func isSafe(_ html: String) -> Bool {
        for part in html.split(separator: "<", omittingEmptySubsequences: false).dropFirst() {
            guard let end = part.firstIndex(of: ">") else { return false }
            var tag = part[..<end]
            if tag.hasPrefix("/") { tag = tag.dropFirst() }
            let name = tag.prefix { $0.isLetter || $0.isNumber }
            guard tags.contains(String(name)) else { return false }
            let pieces = tag.dropFirst(name.count).split(separator: "\"", omittingEmptySubsequences: false)
            for (index, piece) in pieces.enumerated() where index % 2 == 0 {
                let attribute = piece.filter { $0.isLetter }
                guard attribute.isEmpty || attributes.contains(attribute) else { return false }
                if attribute == "href" {
                    let value = pieces[index + 1].lowercased()
                    guard ["http://", "https://", "mailto:"].contains(where: { value.hasPrefix($0) }) else {
                        return false
                    }
                }
            }
        }
        return true
    }
}
