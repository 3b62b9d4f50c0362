import Testing
import Tokenization

@Suite struct CountTests {
    @Test func textsHaveTheTokensOfTiktoken() throws {
        let counters = Counters()
        let cases = try fixtures("tokens.jsonl", as: TextCase.self)
        #expect(cases.count == 300)
        for one in cases {
            let counter = counters[one.encoding]
            if let tokens = one.tokens {
                #expect(counter.tokens(one.text) == tokens, "\(one.encoding) \(one.text.debugDescription)")
            }
            let wanted = one.tokens?.count ?? one.count
            #expect(counter.count(one.text) == wanted, "\(one.encoding) \(one.text.debugDescription)")
            #expect(counter.count(utf8: one.text.utf8) == wanted)
        }
    }

    @Test func longRunsHaveTheTokensOfTiktoken() throws {
        let counters = Counters()
        let cases = try fixtures("tokens_repeat.jsonl", as: RepeatCase.self)
        #expect(cases.count == 120)
        for one in cases {
            let counter = counters[one.encoding]
            #expect(counter.count(one.text) == one.count, "\(one)")
            #expect(counter.tokens(one.text).count == one.count, "\(one)")
        }
    }

    @Test(arguments: TokenEncoding.allCases)
    func tokensAreThePartsOfTheText(encoding: TokenEncoding) throws {
        let counter = TokenCounter(encoding)
        let vocabulary = Vocabulary.shared(encoding)
        for one in try fixtures("tokens.jsonl", as: TextCase.self) {
            let bytes = counter.tokens(one.text).flatMap { vocabulary.bytes(of: $0) ?? [] }
            #expect(bytes == Array(one.text.utf8))
        }
    }

    @Test func aVocabularyKnowsItsTokens() {
        let vocabulary = Vocabulary.shared(.cl100kBase)
        #expect(vocabulary === Vocabulary.shared(.cl100kBase))
        #expect(vocabulary.encoding == .cl100kBase)
        #expect(vocabulary.tokenCount == 100_256)
        #expect(vocabulary.bytes(of: 15339) == Array("hello".utf8))
        #expect(vocabulary.bytes(of: -1) == nil)
        #expect(vocabulary.bytes(of: 100_256) == nil)
        #expect(Vocabulary.shared(.o200kBase).tokenCount == 199_998)
    }

    @Test(arguments: TokenEncoding.allCases)
    func everyTokenThatIsTextIsFoundAgain(encoding: TokenEncoding) {
        // By its bytes alone a token is one piece's worth only when the rules do not cut it; then merging has to reach it.
        let counter = TokenCounter(encoding)
        let vocabulary = Vocabulary.shared(encoding)
        var found = 0
        for id in stride(from: 0, to: vocabulary.tokenCount, by: 7) {
            guard let bytes = vocabulary.bytes(of: id), String(validating: bytes, as: UTF8.self) != nil else {
                continue
            }
            let tokens = counter.tokens(utf8: bytes)
            #expect(tokens.flatMap { vocabulary.bytes(of: $0) ?? [] } == bytes)
            if tokens == [id] { found += 1 }
        }
        #expect(found > vocabulary.tokenCount / 7 * 9 / 10)
    }

    @Test func nothingIsNoToken() {
        let counter = TokenCounter(.o200kBase)
        #expect(counter.count("") == 0)
        #expect(counter.count(utf8: []) == 0)
        #expect(counter.tokens("").isEmpty)
        #expect(counter.encoding == .o200kBase)
    }
}
