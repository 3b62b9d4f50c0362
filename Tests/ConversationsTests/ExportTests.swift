import ProviderCore
import Testing

@testable import Conversations

@Suite struct ExportTests {
    @Test func jsonIsReadBackWithoutLoss() throws {
        let conversation = StoredConversation.hostile
        let bytes = Array(ConversationExport.json(conversation, branch: .all).utf8)
        let back = try ConversationImport.parse(bytes, id: "c")
        #expect(back == conversation)
        #expect(ConversationExport.json(back, branch: .all) == ConversationExport.json(conversation, branch: .all))
        let path = try ConversationImport.parse(Array(ConversationExport.json(conversation).utf8), id: "c")
        #expect(path.messages == conversation.messages.filter { $0.id != 4 })
        #expect(path.head == 7)
    }

    @Test func jsonHasTheMessagesAsOthersReadThem() throws {
        let json = try JSONParser.parse(ConversationExport.json(.hostile, branch: .all))
        let messages = try #require(json["messages"]?.arrayValue)
        #expect(messages.map { $0["role"]?.stringValue } == ["user", "assistant", "tool", "user"])
        #expect(messages[0]["content"]?.arrayValue?.map { $0["type"]?.stringValue } == ["text", "text", "image_url"])
        #expect(
            messages[0]["content"]?.arrayValue?.last?["image_url"]?["url"]?.stringValue == "data:image/png;base64,"
                + smallPNG)
        let calls = try #require(messages[1]["tool_calls"]?.arrayValue)
        #expect(calls.map { $0["id"]?.stringValue } == ["c1", "call_2_1"])
        #expect(calls[0]["function"]?["arguments"]?.stringValue == "{}")
        #expect(calls[0]["signature"]?.stringValue == "s")
        #expect(messages[2]["tool_call_id"]?.stringValue == "c1")
    }

    @Test func whatStandsUnsentStaysHere() {
        var conversation = StoredConversation.hostile
        conversation.draft = "my secret draft"
        for text in [
            ConversationExport.json(conversation, branch: .all),
            ConversationExport.markdown(conversation, branch: .all),
            ConversationExport.html(conversation, branch: .all),
        ] { #expect(!text.contains("secret")) }
    }

    /// Outside of fences, only our own headings and tags.
    @Test func noTextPassesForAnothersInMarkdown() {
        let text = ConversationExport.markdown(.hostile, branch: .all)
        var fence: String?
        var outside: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let run = String(line.prefix { $0 == "`" })
            if let open = fence {
                if run == open, line.count == run.count { fence = nil }
            } else if run.count >= 3 {
                fence = run
            } else {
                outside.append(line)
            }
        }
        #expect(fence == nil)
        let headings = outside.filter { $0.hasPrefix("#") }.map { $0.prefix { $0 != "·" } }
        #expect(
            headings == [
                "# A \\<title\\> \\& \"more\"\u{FFFD}\\[2J", "## User ", "## Assistant ", "## User ", "## Assistant ",
            ])
        let tags = outside.filter { $0.hasPrefix("<") }
        #expect(tags == ["<details>", "<summary>Reasoning</summary>", "</details>"])
        let bare = outside.map { $0.replacing("\\<", with: "") }
        #expect(!bare.contains { $0.contains("<script") || $0.contains("<img") || $0.contains("<b>") })
        #expect(!text.contains("\u{1B}"))
        #expect(
            text.contains(
                "1180 in, 230 out (64 reasoning) tokens · \\$0.0011 · first token 0.31 s, all 2.81 s · 2 attempts"))
        #expect(text.contains("## Assistant · message 4 · after message 1 · version 2 of 2"))
    }

    @Test(arguments: [
        ("plain", "Hello *there*.\n\n- a list\n", true), ("a closed fence", "```swift\nlet x = 1 < 2\n```\n", true),
        ("an open fence", "```\nx", false), ("an open fence of tildes", "~~~\nx\n```", false),
        ("a longer fence", "````\n```\n````", true), ("a fence closed by a longer one", "```\nx\n`````", true),
        ("closed by the other kind", "```\nx\n~~~", false), ("a fence with words behind it", "```\nx\n``` y", false),
        ("HTML", "a <b>", false), ("HTML in code", "a `<b>` and `` ` <i> ``", true), ("a comment", "<!-- x", false),
        ("a closing tag", "</details>", false), ("less than", "1 < 2 and a<3", true),
        ("a tag in a fence", "```\n<b>\n```", true),
        ("a heading", "## Summary\n### User\n", true), ("a heading like ours", "## User · message 1", false),
        ("with marks before it", "#  **Assistant**", false), ("indented", "   ## System", false),
        ("a line under text", "User\n----", false), ("a rule", "text\n\n---\n\ntext", true),
        ("double line", "User\n====", false),
        ("a definition", "[1]: http://x", false), ("a link", "[1](http://x)", true),
        ("an open span of code", "`<b>", false), ("a fence in a list", "- x\n      ```\n      y", false),
    ]) func textsThatEndWhatTheyBeginStandAsTheyAre(name: String, text: String, isContained: Bool) {
        #expect(ForeignMarkdown.isContained(text) == isContained)
    }

    /// Every tag of the file is one of ours, with the attributes that we give it.
    @Test func htmlHoldsNoTagOfForeignText() throws {
        let html = ConversationExport.html(.hostile, branch: .all)
        let tags = html.split(separator: "<").dropFirst().map { $0.prefix { $0 != ">" && $0 != " " && $0 != "\n" } }
        let ours: Set<Substring> = [
            "!DOCTYPE", "html", "/html", "head", "/head", "meta", "title", "/title", "style", "/style", "body", "/body",
            "main",
            "/main", "h1", "/h1", "h2", "/h2", "section", "/section", "p", "/p", "a", "/a", "pre", "/pre", "div",
            "/div",
            "details", "/details", "summary", "/summary", "img",
        ]
        #expect(Set(tags).subtracting(ours).isEmpty)
        #expect(html.contains("default-src 'none'"))
        #expect(html.contains("prefers-color-scheme: dark"))
        for word in ["http://", "https://", "javascript:", "<script", "onerror=", "url("] {
            #expect(!html.lowercased().contains(word), "\(word)")
        }
        for tag in ["section", "details", "pre", "div", "p", "summary"] {
            #expect(tags.count { $0 == tag } == tags.count { $0 == "/" + tag }, "\(tag)")
        }
        #expect(!html.utf8.contains { $0 < 0x20 && $0 != 0x0A })
        #expect(html.contains("&lt;script&gt;alert("))
        #expect(html.contains("&lt;/pre&gt;&lt;script&gt;alert(1)&lt;/script&gt;"))
    }

    @Test func anImageThatIsNoneIsNotShown() {
        let message = StoredMessage(
            id: 1, parent: nil, author: .user, text: "x",
            attachments: [
                KeptFile(name: "a", content: .image(type: "image/svg+xml", base64: "PHN2Zz4=")),
                KeptFile(name: "b", content: .image(type: "image/png", base64: "\" onerror=\"alert(1)")),
            ])
        let html = ConversationExport.html(StoredConversation(id: "c", messages: [message], head: 1))
        #expect(!html.contains("<img"))
        #expect(!html.contains("onerror"))
    }

    @Test func anEmptyConversationIsAFileToo() throws {
        let empty = StoredConversation(id: "c")
        #expect(ConversationExport.markdown(empty) == "# Conversation\n")
        #expect(ConversationExport.html(empty).contains("<h1>Conversation</h1>"))
        #expect(throws: ConversationImportError.self) {
            try ConversationImport.parse(Array(ConversationExport.json(empty).utf8))
        }
    }

    @Test(.timeLimit(.minutes(1))) func longConversationsAreExportedInLinearTime() throws {
        let messages = (1...20_000).map { number in
            StoredMessage(id: number, parent: number == 1 ? nil : number - 1, author: .user, text: "text \(number)")
        }
        let long = StoredConversation(id: "c", messages: messages, head: 20_000)
        #expect(ConversationExport.markdown(long, branch: .all).utf8.count > 100_000)
        #expect(ConversationExport.html(long).utf8.count > 100_000)
        #expect(try ConversationImport.parse(Array(ConversationExport.json(long).utf8), id: "c") == long)
    }
}
