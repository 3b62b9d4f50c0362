extension [UInt8] {
    /// Appends text as it is.
    mutating func append(text: String) {
        append(contentsOf: text.utf8)
    }

    /// Appends UTF-8 text as a JSON string, quotes included.
    mutating func append(jsonString bytes: some Sequence<UInt8>) {
        append(0x22)
        for byte in bytes {
            switch byte {
            case 0x22: append(text: #"\""#)
            case 0x5C: append(text: #"\\"#)
            case 0x0A: append(text: #"\n"#)
            case 0..<0x20: append(escape: byte)
            default: append(byte)
            }
        }
        append(0x22)
    }

    /// Appends a JSON string, or null.
    mutating func append(json text: String?) {
        guard let text else { return append(text: "null") }
        append(jsonString: text.utf8)
    }

    private mutating func append(escape byte: UInt8) {
        let digits = Array("0123456789abcdef".utf8)
        append(text: "\\u00")
        append(digits[Int(byte >> 4)])
        append(digits[Int(byte & 15)])
    }

    /// Appends an error in OpenAI's form.
    mutating func append(_ error: ErrorObject) {
        append(text: #"{"error":{"message":"#)
        append(jsonString: error.message.utf8)
        append(text: #","type":"#)
        append(json: error.type)
        append(text: #","param":"#)
        append(json: error.param)
        append(text: #","code":"#)
        append(json: error.code)
        append(text: "}}")
    }

    /// Appends an entry of `logprobs.content`, with at most so many alternatives, the most likely first.
    mutating func append(_ token: ScoredToken, top: Int) {
        append(text: "{")
        append(members: token.chosen)
        append(text: #","top_logprobs":["#)
        let ranked = ([token.chosen] + token.alternatives).sorted { $0.logprob > $1.logprob }
        for (index, candidate) in ranked.prefix(top).enumerated() {
            append(text: index == 0 ? "{" : ",{")
            append(members: candidate)
            append(text: "}")
        }
        append(text: "]}")
    }

    private mutating func append(members candidate: ScoredToken.Candidate) {
        append(text: #""token":"#)
        append(jsonString: candidate.text.utf8)
        append(text: #","logprob":\#(candidate.logprob),"bytes":["#)
        append(text: candidate.text.utf8.map { String($0) }.joined(separator: ","))
        append(text: "]")
    }

    /// Appends a usage object; what the scenario leaves open is filled with what was counted.
    mutating func append(_ plan: UsagePlan, counted: TokenCounts, prompt: Int) {
        if let verbatim = plan.verbatim { return append(text: verbatim) }
        let input = plan.prompt ?? prompt
        let output = plan.completion ?? counted.completion
        let total = input.addingReportingOverflow(output).partialValue
        append(text: #"{"prompt_tokens":\#(input),"completion_tokens":\#(output),"total_tokens":\#(total),"#)
        append(text: #""prompt_tokens_details":{"cached_tokens":\#(plan.cached ?? 0)},"#)
        append(text: #""completion_tokens_details":{"reasoning_tokens":\#(plan.reasoning ?? counted.reasoning)}}"#)
    }

    /// Appends a usage object in the words of the Responses API.
    mutating func append(responses plan: UsagePlan, counted: TokenCounts, prompt: Int) {
        if let verbatim = plan.verbatim { return append(text: verbatim) }
        let input = plan.prompt ?? prompt
        let output = plan.completion ?? counted.completion
        let total = input.addingReportingOverflow(output).partialValue
        append(text: #"{"input_tokens":\#(input),"input_tokens_details":{"cached_tokens":\#(plan.cached ?? 0)},"#)
        append(text: #""output_tokens":\#(output),"output_tokens_details":{"reasoning_tokens":"#)
        append(text: #"\#(plan.reasoning ?? counted.reasoning)},"total_tokens":\#(total)}"#)
    }
}
