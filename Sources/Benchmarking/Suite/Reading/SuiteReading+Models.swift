internal import ProviderCore

extension SuiteReading {
    // MARK: Endpoints

    mutating func readEndpoints(_ node: SuiteNode?) {
        guard let node else { return }
        let example = "local: {base_url: \"http://127.0.0.1:8000/v1\", key: none}"
        for entry in named(node, "\"endpoints\"", example: example) {
            let count = problems.count
            if let endpoint = endpoint(entry), problems.count == count {
                suite.endpoints.append(endpoint)
            } else {
                spoiled.insert("endpoint \(entry.key)")
            }
        }
    }

    private mutating func endpoint(_ entry: SuiteNode.Entry) -> SuiteEndpoint? {
        let example = "{base_url: \"http://127.0.0.1:8000/v1\", key: none}"
        guard let fields = fields(entry.value, .endpoint, example: example) else { return nil }
        var endpoint = SuiteEndpoint(name: entry.key)
        var isLoopback = false
        if let node = fields["base_url"], let text = text(node, example: "\"http://127.0.0.1:8000/v1\"") {
            do {
                let url = try BaseURL(text)
                if url.carriesCredentials { problem(node, "a base URL in a suite must not hold a key") }
                isLoopback = url.isLoopback
                endpoint.baseURL = text
            } catch { problem(node, "\"\(NameWords.cut(text))\" is no base URL: \(error)") }
        }
        if let node = fields["api"] {
            endpoint.api = word(node, ModelAPI.allCases.map(\.rawValue)).flatMap(ModelAPI.init)
        }
        if let node = fields["profile"] { endpoint.profile = text(node, example: "work") }
        if fields["profile"] != nil, fields["base_url"] != nil {
            problem(fields.mark("base_url"), "\"base_url\" has no place beside \"profile\", which has its own")
        }
        if fields["profile"] == nil, fields["base_url"] == nil, fields["key"] == nil {
            problem(fields.node, "an endpoint needs \"base_url\" or \"profile\": \(example)")
        }
        readKey(fields, into: &endpoint, isLoopback: isLoopback)
        return endpoint
    }

    private mutating func readKey(_ fields: SuiteFields, into endpoint: inout SuiteEndpoint, isLoopback: Bool) {
        guard let node = fields["key"] else {
            if endpoint.baseURL != nil, !isLoopback, endpoint.profile == nil {
                problem(fields.node, "an endpoint needs \"key\": key: \"env:OPENAI_API_KEY\", or key: none")
            }
            return
        }
        guard let text = text(node, example: "\"env:OPENAI_API_KEY\"") else { return }
        if endpoint.profile != nil {
            problem(fields.mark("key"), "\"key\" has no place beside \"profile\", which has its own")
        }
        if endpoint.baseURL == nil, endpoint.profile == nil, fields["base_url"] == nil {
            problem(fields.mark("key"), "\"key\" needs \"base_url\": a key belongs to one endpoint")
        }
        if text == "none" { return }
        let name = text.hasPrefix("env:") ? text.dropFirst(4) : ""
        let isName = name.utf8.first.map { $0 &- 0x30 >= 10 } ?? false
        guard isName, name.utf8.allSatisfy({ ($0 | 0x20) &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == UInt8(ascii: "_") })
        else {
            // What stands here may be a key, and is not repeated.
            return problem(
                node,
                "\"key\" names a variable of the environment, \"env:OPENAI_API_KEY\", or is none; "
                    + "keys themselves do not belong into a suite")
        }
        endpoint.keyVariable = String(name)
    }

    // MARK: Prices

    mutating func readPrices(_ node: SuiteNode?) {
        guard let node else { return }
        let example = "- {model: \"gpt-5-mini*\", input: 0.25, output: 2}"
        for element in list(node, example: example) ?? [] {
            if let price = price(element, example: example) { suite.prices.append(price) }
        }
    }

    private mutating func price(_ node: SuiteNode, example: String) -> SuitePrice? {
        guard let fields = fields(node, .price, example: example),
            let modelNode = required(fields, "model", example: "\"gpt-5-mini*\""),
            let inputNode = required(fields, "input", example: "input: 0.25"),
            let outputNode = required(fields, "output", example: "output: 2"),
            let model = text(modelNode, example: "\"gpt-5-mini*\""), let input = perMillion(inputNode),
            let output = perMillion(outputNode)
        else { return nil }
        if model.dropLast().contains("*") || model.isEmpty {
            problem(modelNode, "\"model\" is a model's id; a * may stand at its end only")
        }
        let standard = PriceSet(
            input: input, output: output, cachedInput: fields["cached_input"].flatMap { perMillion($0) },
            cacheWrite: fields["cache_write"].flatMap { perMillion($0) })
        var place = place(node)
        if let day = fields["as_of"], let text = text(day, example: "2026-11-01") {
            if Self.isDay(text) { place += " as of \(text)" } else { problem(day, "\"as_of\" is a day: 2026-11-01") }
        }
        var prices = ModelPrices(tiers: [.standard: standard], source: .settings(place: place))
        if let node = fields["tiers"] { readTiers(node, standard, into: &prices) }
        return SuitePrice(model: model, prices: prices)
    }

    private mutating func perMillion(_ node: SuiteNode) -> Price? {
        if case .scalar(let text, isPlain: true) = node.content, case .number(let number)? = SuiteNumber.json(text),
            let price = Price(perMillion: number)
        {
            return price
        }
        problem(
            node,
            "\(Self.name(node)) is dollars per million tokens, 0 to 10000 with at most 6 decimals, "
                + "and this is \(node.words): 0.25")
        return nil
    }

    /// Tiers as factors of the standard price: `{batch: 0.5}`.
    private mutating func readTiers(_ node: SuiteNode, _ standard: PriceSet, into prices: inout ModelPrices) {
        let tiers = PriceTier.allCases.filter { $0 != .standard }
        guard let fields = fields(node, .tiers, example: "{batch: 0.5}") else { return }
        for tier in tiers {
            guard let node = fields[tier.rawValue], let factor = double(node, 0...100, example: "0.5") else { continue }
            func times(_ price: Price) -> Price {
                // Rounded up to a millionth of a dollar, so that a price is never too low.
                let value = (Double(price.picodollarsPerToken) * factor).rounded(.up)
                let text = JSONWriter.string(.double(value)) + "e-6"
                return Price(perMillion: text) ?? price
            }
            prices.tiers[tier] = PriceSet(
                input: times(standard.input), output: times(standard.output),
                cachedInput: standard.cachedInput.map(times), cacheWrite: standard.cacheWrite.map(times))
        }
    }

    private static func isDay(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2], let month = Int(parts[1]), let day = Int(parts[2]), Int(parts[0]) != nil
        else { return false }
        return (1...12).contains(month) && (1...31).contains(day)
    }

    // MARK: Models

    mutating func readModels(_ node: SuiteNode?) {
        guard let node else {
            models = [SuiteModel(name: "default", endpoint: soleEndpoint)]
            return
        }
        for entry in named(node, "\"models\"", example: "mini: {model: gpt-5-mini}") {
            let count = problems.count
            if let model = model(entry), problems.count == count {
                models.append(model)
            } else {
                spoiled.insert("model \(entry.key)")
            }
        }
        if models.isEmpty { spoiled.insert("model ") }
        if models.isEmpty, problems.isEmpty { problem(node, "\"models\" has no model: mini: {model: gpt-5-mini}") }
    }

    /// The endpoint when there is only one.
    private var soleEndpoint: String? { suite.endpoints.count == 1 ? suite.endpoints[0].name : nil }

    private mutating func model(_ entry: SuiteNode.Entry) -> SuiteModel? {
        guard
            let fields = fields(entry.value, .model, example: "{endpoint: openai, model: gpt-5-mini}")
        else { return nil }
        var model = SuiteModel(name: entry.key, endpoint: soleEndpoint)
        if let node = fields["endpoint"] {
            model.endpoint = name(node, "endpoint", among: suite.endpoints.map(\.name))
        } else if suite.endpoints.count > 1 {
            problem(fields.node, "a model needs \"endpoint\": \(NameWords.list(suite.endpoints.map(\.name)))")
        }
        if let node = fields["model"] { model.model = text(node, example: "gpt-5-mini") }
        let mark = fields["model"]?.mark ?? entry.mark
        suite.modelPlaces[entry.key] = "\(file):\(mark.line):\(mark.column)"
        if let node = fields["params"] { model.parameters = parameters(node) }
        return model
    }

    /// Parameters of a request, by the names of the settings.
    mutating func parameters(_ node: SuiteNode) -> ModelParameters {
        var values = ModelParameters()
        guard let fields = fields(node, .parameters, example: "{temperature: 0}") else { return values }
        if let node = fields["temperature"] { values.temperature = double(node, 0...2, example: "0.7") }
        if let node = fields["top_p"] { values.topP = double(node, 0...1, example: "0.9") }
        if let node = fields["max_output_tokens"] {
            values.maxOutputTokens = int(node, 1...1_000_000_000, example: "1024")
        }
        if let node = fields["max_tokens"] {
            if fields["max_output_tokens"] != nil {
                problem(
                    fields.mark("max_tokens"),
                    "\"max_tokens\" is another name of \"max_output_tokens\", which is here already")
            }
            values.maxOutputTokens = int(node, 1...1_000_000_000, example: "1024")
        }
        if let node = fields["seed"] { values.seed = int(node, Int.min...Int.max, example: "7") }
        if let node = fields["stop"], let texts = texts(node, example: "[\"END\"]") {
            if texts.count > 4 { problem(node, "\"stop\" has at most 4 texts, and this has \(texts.count)") }
            values.stop = texts
        }
        if let node = fields["frequency_penalty"] { values.frequencyPenalty = double(node, -2...2, example: "0.5") }
        if let node = fields["presence_penalty"] { values.presencePenalty = double(node, -2...2, example: "0.5") }
        if let node = fields["reasoning_effort"] {
            values.reasoningEffort = word(node, ["none", "minimal", "low", "medium", "high", "xhigh", "max"])
        }
        if let node = fields["reasoning_summary"] {
            values.reasoningSummary = word(node, ["auto", "concise", "detailed"])
        }
        if let node = fields["verbosity"] { values.verbosity = word(node, ["low", "medium", "high"]) }
        if let node = fields["service_tier"] { values.serviceTier = text(node, example: "flex") }
        return values
    }

    // MARK: Prompts

    mutating func readPrompts(_ node: SuiteNode?) {
        guard let node else { return }
        for entry in named(node, "\"prompts\"", example: "plain: [{role: user, text: \"{{question}}\"}]") {
            let (count, start) = (problems.count, templates.count)
            if let messages = prompt(entry.value), problems.count == count {
                prompts.append((entry.key, messages, Array(templates[start...])))
            } else {
                spoiled.insert("prompt \(entry.key)")
            }
        }
    }

    /// The messages of a prompt.
    mutating func prompt(_ node: SuiteNode) -> [PromptMessage]? {
        let example = "[{role: user, text: \"{{question}}\"}]"
        guard let elements = list(node, example: example) else { return nil }
        return elements.compactMap { element -> PromptMessage? in
            guard
                let fields = fields(element, .message, example: "{role: user, text: \"{{question}}\"}"),
                let roleNode = required(fields, "role", example: "user"),
                let textNode = required(fields, "text", example: "text: \"{{question}}\""),
                let role = word(roleNode, ["system", "developer", "user", "assistant"]).flatMap(ChatRole.init),
                let text = template(textNode, example: "\"{{question}}\"", inPrompt: true)
            else { return nil }
            return PromptMessage(role, text)
        }
    }
}
