import Testing
import Tokenization

@Suite struct TokenEncodingTests {
    @Test(arguments: [
        ("gpt-4", "cl100k_base"), ("gpt-4-0613", "cl100k_base"), ("gpt-4-turbo", "cl100k_base"),
        ("gpt-4-32k", "cl100k_base"), ("gpt-3.5-turbo", "cl100k_base"), ("gpt-3.5-turbo-0125", "cl100k_base"),
        ("gpt-35-turbo", "cl100k_base"), ("gpt-35-turbo-16k", "cl100k_base"),
        ("text-embedding-ada-002", "cl100k_base"), ("text-embedding-3-small", "cl100k_base"),
        ("ft:gpt-4-0613:org::id", "cl100k_base"), ("ft:gpt-3.5-turbo:org::id", "cl100k_base"),
        ("gpt-4o", "o200k_base"), ("gpt-4o-mini", "o200k_base"), ("gpt-4o-2024-05-13", "o200k_base"),
        ("chatgpt-4o-latest", "o200k_base"), ("gpt-4.1", "o200k_base"), ("gpt-4.1-mini", "o200k_base"),
        ("gpt-4.5-preview", "o200k_base"), ("gpt-5", "o200k_base"), ("gpt-5-mini", "o200k_base"),
        ("gpt-5.1", "o200k_base"), ("o1", "o200k_base"), ("o1-mini", "o200k_base"), ("o3", "o200k_base"),
        ("o3-mini", "o200k_base"), ("o4-mini", "o200k_base"), ("ft:gpt-4o-mini:org::id", "o200k_base"),
        ("gpt-oss-120b", "o200k_base"),
    ])
    func modelsHaveTheirEncoding(model: String, name: String) {
        #expect(TokenEncoding(model: model)?.rawValue == name)
    }

    @Test(arguments: [
        "", "gpt", "gpt-2", "claude-3", "llama3", "o2", "o1x", "GPT-4", "text-embedding-2", "o4", "my-gpt-4",
    ])
    func otherModelsHaveNone(model: String) {
        #expect(TokenEncoding(model: model) == nil)
    }

    @Test func namesAreKnown() {
        #expect(TokenEncoding(name: "cl100k_base") == .cl100kBase)
        #expect(TokenEncoding(name: "o200k_base") == .o200kBase)
        #expect(TokenEncoding(name: "o200k_harmony") == .o200kBase)
        #expect(TokenEncoding(name: "p50k_base") == nil)
        #expect(TokenEncoding(name: "") == nil)
    }
}
