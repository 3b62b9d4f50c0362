import ProviderCore
import TestSupport
import Testing

@Suite struct RequestTokensTests {
    private static let hello = ChatMessage(.user, "hello")

    private static func object(_ members: (String, JSONValue)...) -> JSONValue {
        .object(members.map { JSONMember($0.0, $0.1) })
    }

    /// A token a letter: 3 for the answer's beginning; a message 3, its role, its text, and its name with 1.
    @Test(arguments: [
        ([], 3), ([hello], 3 + 3 + 4 + 5),
        ([ChatMessage(.system, "be brief"), hello], 3 + 3 + 6 + 8 + 3 + 4 + 5),
        ([ChatMessage(role: .user, content: [.text("hel"), .text("lo")], name: "ann")], 3 + 3 + 4 + 5 + 1 + 3),
        ([ChatMessage(role: .assistant, content: [], refusal: "no")], 3 + 3 + 9 + 2),
    ])
    func messages(messages: [ChatMessage], tokens: Int) throws {
        let model = try #require(ModelCatalog.builtIn().model("gpt-4o"))
        let count = RequestTokens(ChatRequest(model: "gpt-4o", messages: messages), model: model, LetterCounting())
        #expect(count.tokens == tokens)
        #expect(count.isExact)
        var grown = RequestTokens(ChatRequest(model: "gpt-4o", messages: []), model: model, LetterCounting())
        for message in messages { grown.add(message, model: model, LetterCounting()) }
        #expect(grown == count)
    }

    /// 7 a function (10 for older models), name and description without its full stop, 3 for properties, 3 for each with its name,
    /// type and description, an enum 3 a value less 3, and 12 once.
    @Test(arguments: [("gpt-4o", 7), ("gpt-4", 10)]) func functions(id: String, opening: Int) throws {
        let unit = Self.object(
            ("type", .string("string")), ("enum", .array([.string("c"), .string("f")])))
        let city = Self.object(("type", .string("string")), ("description", .string("A city.")))
        let tool = ToolDefinition(
            name: "sun", description: "Tells.",
            parameters: Self.object(
                ("type", .string("object")), ("properties", Self.object(("city", city), ("u", unit)))))
        let count = RequestTokens(
            ChatRequest(model: id, messages: [], tools: [tool]), model: try ModelCatalog.builtIn().model(id),
            LetterCounting())
        let properties = 3 + (3 + "city:string:A city".count) + (3 + "u:string:".count - 3 + 2 * (3 + 1))
        #expect(count.tokens == 3 + 12 + opening + "sun:Tells".count + properties)
        #expect(!count.isExact)
    }

    @Test func whatIsNotKnownIsAnEstimate() throws {
        let catalog = try ModelCatalog.builtIn()
        let letters = LetterCounting()
        func isExact(_ id: String, _ message: ChatMessage, _ counting: some TokenCounting) -> Bool {
            RequestTokens(ChatRequest(model: id, messages: [message]), model: catalog.model(id), counting).isExact
        }
        #expect(isExact("gpt-4o", Self.hello, letters))
        #expect(!isExact("gpt-5.4-mini", Self.hello, letters), "models that think have a frame of their own")
        #expect(!isExact("nobody-knows", Self.hello, letters))
        #expect(!isExact("gpt-4o", Self.hello, EstimatesOnly()))
        #expect(!isExact("gpt-4o", ChatMessage(role: .user, content: [.image(url: "x", detail: nil)]), letters))
        #expect(!isExact("gpt-4o", .toolResult(callID: "c", "x"), letters))
    }
}
