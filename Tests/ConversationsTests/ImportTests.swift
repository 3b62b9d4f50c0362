import ProviderCore
import TestSupport
import Testing

@testable import Conversations

@Suite struct ImportTests {
    private func parse(_ text: String) throws -> StoredConversation {
        try ConversationImport.parse(Array(text.utf8), id: "i")
    }

    /// What a file says in a line: `user: text | assistant: text`.
    private func told(_ text: String) throws -> String {
        try parse(text).messages.map { "\($0.author.rawValue): \($0.text)" }.joined(separator: " | ")
    }

    static let taken: [(String, String, String)] = [
        ("an array", #"[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]"#, "user: a | assistant: b"),
        ("an object", #"{"messages":[{"role":"user","content":"a"}],"model":"m"}"#, "user: a"),
        ("one message", #"{"role":"user","content":"a"}"#, "user: a"),
        (
            "lines", "{\"role\":\"user\",\"content\":\"a\"}\r\n\n{\"role\":\"assistant\",\"content\":\"b\"}\n",
            "user: a | assistant: b"
        ),
        ("a line with a conversation", "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}\n", "user: a"),
        ("a list with a conversation", #"[{"messages":[{"role":"user","content":"a"}]}]"#, "user: a"),
        ("a mark of byte order", "\u{FEFF}[{\"role\":\"user\",\"content\":\"a\"}]", "user: a"),
        (
            "parts", #"[{"role":"user","content":[{"type":"text","text":"a"},{"type":"input_text","text":"b"},"c"]}]"#,
            "user: a\nb\nc"
        ),
        ("instructions", #"[{"role":"developer","content":"be"},{"role":"user","content":"a"}]"#, "user: a"),
        ("a refusal", #"[{"role":"assistant","content":null,"refusal":"no"}]"#, "assistant: no"),
        ("unknown members", #"[{"role":"user","name":"x","mood":1,"content":"a"}]"#, "user: a"),
    ]

    @Test(arguments: taken) func messagesAreTaken(name: String, text: String, expected: String) throws {
        #expect(try told(text) == expected)
        let conversation = try parse(text)
        #expect(conversation.head == conversation.messages.last?.id)
    }

    @Test func callsAndResultsAreJoined() throws {
        let conversation = try parse(
            #"""
            {"title": "T", "model": "m", "messages": [
              {"role": "system", "content": "be brief"}, {"role": "user", "content": "weather?"},
              {"role": "assistant", "content": null, "reasoning_content": "hm", "tool_calls": [
                {"id": "a", "type": "function", "function": {"name": "w", "arguments": "{\"n\": 1.50}"}, "sig": "s"},
                {"id": "b", "type": "function", "function": {"name": "w", "arguments": {"n": 1.50}}}]},
              {"role": "tool", "tool_call_id": "b", "content": [{"type": "text", "text": "rain"}]},
              {"role": "tool", "tool_call_id": "a", "content": "sun"},
              {"role": "assistant", "content": "both", "model": "other"}]}
            """#)
        #expect(conversation.title == "T")
        #expect(conversation.instructions == "be brief")
        let record = try #require(conversation.messages[1].answer)
        #expect(record.calls.map(\.result) == ["sun", "rain"])
        #expect(record.calls.map(\.call.arguments) == ["{\"n\": 1.50}", "{\"n\":1.50}"])
        #expect(record.calls[0].call.extraFields == [JSONMember("sig", .string("s"))])
        #expect(record.reasoning == "hm")
        #expect(record.request["instructions"]?.stringValue == "be brief")
        #expect(conversation.messages.map { $0.answer?.model } == [nil, "m", "other"])
        #expect(conversation.messages.map(\.parent) == [nil, 1, 2])
        #expect(conversation.messages.allSatisfy { $0.answer?.state != .running })
    }

    @Test func theFormBeforeToolCallsIsTaken() throws {
        let conversation = try parse(
            #"[{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},{"role":"function","name":"f","content":"r"}]"#
        )
        #expect(conversation.messages[0].answer?.calls.map(\.result) == ["r"])
    }

    @Test func imagesOfTheFileAreTaken() throws {
        let url = "data:image/png;base64," + smallPNG
        for part in [
            #"{"type":"image_url","image_url":{"url":"\#(url)"}}"#, #"{"type":"input_image","image_url":"\#(url)"}"#,
        ] {
            let conversation = try parse(#"[{"role":"user","content":[{"type":"text","text":"a"},\#(part)]}]"#)
            let expected = KeptFile(name: "image 1", content: .image(type: "image/png", base64: smallPNG))
            #expect(conversation.messages[0].attachments == [expected])
        }
    }

    static let refused: [(String, String, String)] = [
        ("nothing", "", "line 1, column 1: the text ends where a value is expected"),
        ("blanks", " \n ", "line 2, column 2: the text ends where a value is expected"),
        ("a cut file", "[{\"role\":\n\"user\"", "line 2, column 7: the text ends inside an object"),
        (
            "a comma too many", "[\n{\"role\":\"user\",\"content\":\"a\"},\n]",
            "line 3, column 1: a comma too many before ]"
        ),
        ("a number", "5", "no conversation; wanted an array of messages"),
        ("an empty array", "[]", "there is no message of a user or an assistant in the file"),
        ("only instructions", #"[{"role":"system","content":"x"}]"#, "there is no message of a user"),
        ("another object", #"{"a":1}"#, "an object without messages; wanted an array of messages"),
        ("messages that are none", #"{"messages":{}}"#, "\"messages\" is no array; wanted"),
        (
            "a text in the array", #"[{"role":"user","content":"a"},"b"]"#,
            "message 2: wanted an object with role and content"
        ),
        ("no role", #"[{"content":"a"}]"#, "message 1: role: wanted system, developer, user, assistant or tool"),
        ("another role", #"[{"role":"robot","content":"a"}]"#, "message 1: role \"robot\": wanted system"),
        ("no content", #"[{"role":"user"}]"#, "message 1: content: wanted a string or an array of parts"),
        ("a number as content", #"[{"role":"assistant","content":5}]"#, "message 1: content: wanted a string"),
        (
            "a part without type", #"[{"role":"user","content":[{}]}]"#,
            "message 1: content, part 1: wanted an object with type"
        ),
        (
            "sound", #"[{"role":"user","content":[{"type":"input_audio"}]}]"#,
            "message 1: content, part 1: \"input_audio\" is not taken in; wanted text or image_url"
        ),
        (
            "an image by address",
            #"[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://x/y.png"}}]}]"#,
            "message 1: content, part 1: an image that is not in the file; wanted a PNG"
        ),
        (
            "an image that is none",
            #"[{"role":"user","content":[{"type":"image_url","image_url":"data:image/png;base64,AAAA"}]}]"#,
            "message 1: content, part 1: an image that is not in the file"
        ),
        (
            "SVG",
            #"[{"role":"user","content":[{"type":"image_url","image_url":"data:image/svg+xml;base64,PHN2Zz4="}]}]"#,
            "message 1: content, part 1: an image"
        ),
        (
            "an image of an answer", #"[{"role":"assistant","content":[{"type":"image_url"}]}]"#,
            "message 1: content, part 1: \"image_url\" is not taken in; wanted text"
        ),
        (
            "a call without function", #"[{"role":"assistant","tool_calls":[{}]}]"#,
            "message 1: call 1: wanted function with name"
        ),
        ("calls that are none", #"[{"role":"assistant","tool_calls":{}}]"#, "message 1: tool_calls: wanted an array"),
        (
            "a result without call",
            #"[{"role":"user","content":"a"},{"role":"tool","tool_call_id":"x","content":"r"}]"#,
            "message 2: a result for \"x\", but no call before it waits for one"
        ),
        (
            "a result without id", #"[{"role":"tool","content":"r"}]"#,
            "message 1: tool_call_id: wanted the id of a call"
        ),
        (
            "a line that is cut", "{\"role\":\"user\",\"content\":\"a\"}\n\n{\"role\":",
            "line 3, column 9: the text ends where a value is expected"
        ),
        (
            "a line that is no object", "{\"role\":\"user\",\"content\":\"a\"}\n5\n",
            "line 2: wanted an object, one message a line"
        ),
        ("many conversations", "{\"messages\":[]}\n{\"messages\":[]}\n", "the file holds 2 conversations; wanted one"),
        (
            "a newer export", #"{"messages":[],"tickertape":{"version":2,"messages":[]}}"#,
            "the file was written by a newer tickertape; update this one"
        ),
        ("deep", String(repeating: "[", count: 600), "line 1, column 513: nested deeper than 512 levels"),
    ]

    @Test(arguments: refused) func nothingIsTakenHalf(name: String, text: String, sentence: String) {
        var told = "taken"
        do { _ = try parse(text) } catch { told = "\(error)" }
        #expect(told.hasPrefix(sentence), "\(told)")
    }

    static let ownRefused: [(String, String, String)] = [
        (
            "an id twice", #"[{"id":1,"author":"user","text":"a"},{"id":1,"author":"user","text":"b"}]"#,
            "message 2: id 1 is there twice"
        ),
        ("no id", #"[{"author":"user","text":"a"}]"#, "message 1: id: wanted a whole number from 1"),
        ("an id below 1", #"[{"id":0,"author":"user","text":"a"}]"#, "message 1: id: wanted a whole number from 1 to"),
        (
            "a circle",
            #"[{"id":1,"parent":2,"author":"user","text":"a"},{"id":2,"parent":1,"author":"user","text":"b"}]"#,
            "message 1: parent 2 is no message before it"
        ),
        ("itself", #"[{"id":3,"parent":3,"author":"user","text":"a"}]"#, "message 1: parent 3 is no message before it"),
        (
            "a missing parent", #"[{"id":3,"parent":2,"author":"user","text":"a"}]"#,
            "message 1: parent 2 is no message before it"
        ),
        (
            "an author", #"[{"id":1,"author":"robot","text":"a"}]"#,
            "message 1: author: wanted \"user\" or \"assistant\""
        ),
        ("no text", #"[{"id":1,"author":"user"}]"#, "message 1: text: wanted a string"),
        (
            "a count below zero", #"[{"id":1,"author":"assistant","text":"","answer":{"usage":{"input":-1}}}]"#,
            "message 1: usage: input: wanted a whole number from 0"
        ),
        (
            "a time without end", #"[{"id":1,"author":"assistant","text":"","answer":{"total_ms":1e999}}]"#,
            "message 1: total_ms: wanted a number from 0"
        ),
        (
            "a cost below zero",
            #"[{"id":1,"author":"assistant","text":"","answer":{"cost":{"usd":"-1","state":"exact"}}}]"#,
            "message 1: cost: wanted usd and state"
        ),
        (
            "a state", #"[{"id":1,"author":"assistant","text":"","answer":{"state":"odd"}}]"#,
            "message 1: state: \"odd\" is none of running"
        ),
        (
            "a call", #"[{"id":1,"author":"assistant","text":"","answer":{"calls":[5]}}]"#,
            "message 1: call 1: wanted an object"
        ),
        (
            "a file", #"[{"id":1,"author":"user","text":"","attachments":[{"name":"x"}]}]"#,
            "message 1: attachments: wanted a name with text"
        ),
        (
            "an image that is none",
            #"[{"id":1,"author":"user","text":"","attachments":[{"name":"x","type":"image/png","base64":"AAAA"}]}]"#,
            "message 1: attachments: wanted"
        ),
        (
            "a year", #"[{"id":1,"author":"user","text":"","said_at_ms":9e18}]"#,
            "message 1: said_at_ms: wanted a whole number from 0 to"
        ),
        ("messages", "5", "tickertape.messages: wanted an array"),
    ]

    @Test(arguments: ownRefused) func ourOwnExportIsCheckedToo(name: String, messages: String, sentence: String) {
        var told = "taken"
        do { _ = try parse(#"{"tickertape":{"version":1,"messages":\#(messages)}}"#) } catch { told = "\(error)" }
        #expect(told.hasPrefix(sentence), "\(told)")
    }

    @Test func aHeadThatIsNotThereIsRefused() {
        #expect(throws: ConversationImportError("tickertape.head: there is no message 9")) {
            try parse(#"{"tickertape":{"version":1,"head":9,"messages":[{"id":1,"author":"user","text":"a"}]}}"#)
        }
    }

    @Test func sizesHaveAnEnd() {
        #expect(throws: ConversationImportError("the file is larger than 20 MiB; wanted one conversation")) {
            try ConversationImport.parse([UInt8](repeating: 0x20, count: 20 << 20 + 1))
        }
        let many = "[" + String(repeating: "{},", count: 100_000) + "{}]"
        #expect(throws: ConversationImportError("the file holds 100001 messages; wanted at most 100000")) {
            try parse(many)
        }
        #expect(throws: ConversationImportError("the file is UTF-16; wanted JSON in UTF-8")) {
            try ConversationImport.parse([0xFF, 0xFE, 0x5B, 0x00])
        }
        #expect(throws: ConversationImportError("the file is not UTF-8 text; wanted JSON in UTF-8")) {
            try ConversationImport.parse([0x22, 0xFF, 0x22])
        }
    }

    @Test func aTreeOfChatGPTIsTaken() throws {
        let conversation = try parse(
            #"""
            {"title": "T", "current_node": "e", "mapping": {
              "r": {"id": "r", "message": null, "parent": null, "children": ["s"]},
              "s": {"message": {"author": {"role": "system"}, "content": {"content_type": "text", "parts": [""]}}, "parent": "r", "children": ["a"]},
              "a": {"message": {"author": {"role": "user"}, "create_time": 1700000000.5, "content": {"content_type": "text", "parts": ["question"]}}, "parent": "s", "children": ["b", "c"]},
              "b": {"message": {"author": {"role": "assistant"}, "content": {"content_type": "text", "parts": ["one"]}, "metadata": {"model_slug": "gpt"}}, "parent": "a", "children": []},
              "c": {"message": {"author": {"role": "assistant"}, "content": {"content_type": "thoughts"}}, "parent": "a", "children": ["d"]},
              "d": {"message": {"id": "x", "author": {"role": "assistant"}, "recipient": "python", "content": {"content_type": "code", "text": "1+1"}}, "parent": "c", "children": ["t"]},
              "t": {"message": {"author": {"role": "tool"}, "content": {"content_type": "execution_output", "text": "2"}}, "parent": "d", "children": ["e"]},
              "e": {"message": {"author": {"role": "assistant"}, "recipient": "all", "content": {"content_type": "text", "parts": ["two"]}}, "parent": "t", "children": []}}}
            """#)
        #expect(conversation.title == "T")
        #expect(conversation.messages.map(\.text) == ["question", "one", "", "two"])
        #expect(conversation.messages.map(\.parent) == [nil, 1, 1, 3])
        #expect(conversation.messages[2].answer?.calls.map(\.result) == ["2"])
        #expect(conversation.messages[1].answer?.model == "gpt")
        #expect(conversation.messages[0].saidAt == 1_700_000_000_500)
        #expect(conversation.head == 4)
    }

    @Test(arguments: [
        (#"{"mapping":5}"#, "mapping: wanted an object of nodes"), (#"{"mapping":{}}"#, "there is no message"),
        (#"{"mapping":{"a":{"parent":"b"},"b":{"parent":"a"}}}"#, "mapping: 2 nodes are on no path from a first one"),
        (
            #"{"mapping":{"a":{"message":{"author":{"role":"user"},"content":{"content_type":"multimodal_text","parts":[{"asset_pointer":"x"}]}}}}}"#,
            "message 1: content, part 1: a file that is not in the export"
        ),
        (#"[{"mapping":{}},{"mapping":{}}]"#, "the file holds 2 conversations; wanted one"),
    ]) func aTreeThatIsNoneIsRefused(text: String, sentence: String) {
        var told = "taken"
        do { _ = try parse(text) } catch { told = "\(error)" }
        #expect(told.hasPrefix(sentence), "\(told)")
    }

    /// Whatever happens to a file: it is refused with a sentence, or gives a whole tree.
    @Test func brokenFilesGiveASentenceOrAWholeTree() throws {
        var random = SeededRandom(7)
        let files = [
            ConversationExport.json(.hostile, branch: .all), Self.taken[3].1,
            #"{"mapping":{"a":{"message":{"author":{"role":"user"},"content":{"content_type":"text","parts":["q"]}},"children":["b"]},"b":{"parent":"a"}}}"#,
        ].map { Array($0.utf8) }
        let pieces = [
            "null", "-1", "[]", "{}", "\"\"", "1e999", "{\"role\":", "99999999999999999999", "\n", "}", "true",
        ].map { Array($0.utf8) }
        var taken = 0
        for round in 0..<3000 {
            var bytes = files[round % files.count]
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                let end = min(bytes.count, at + Int.random(in: 0..<12, using: &random))
                bytes.replaceSubrange(at..<end, with: pieces.randomElement(using: &random) ?? [])
                if bytes.isEmpty { bytes = [0x5B] }
            }
            guard let conversation = try? ConversationImport.parse(bytes) else { continue }
            taken += 1
            var tree = MessageTree()
            for message in conversation.messages {
                #expect(message.parent.map { tree.contains($0) } ?? true)
                let isNew = tree.insert(message.id, after: message.parent)
                #expect(isNew)
            }
            #expect(conversation.head.map { tree.contains($0) } ?? true)
        }
        #expect(taken > 20 && taken < 3000, "\(taken)")
    }
}
