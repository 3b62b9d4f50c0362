import ProviderCore

/// Providers and prompts.
extension PromptfooImport {
    // MARK: Providers

    mutating func readProviders(_ node: SuiteNode) {
        for element in node.elements ?? [node] {
            if let id = element.scalar {
                addModel(id, label: nil, config: nil, element)
            } else if let id = element.member("id")?.scalar {
                for entry in element.entries ?? [] where !["id", "label", "config"].contains(entry.key) {
                    skip(entry.mark, "\"\(NameWords.cut(entry.key))\" of a provider is not taken over")
                }
                addModel(id, label: element.member("label")?.scalar, config: element.member("config"), element)
            } else if let entry = element.entries?.first, element.entries?.count == 1 {
                addModel(entry.key, label: nil, config: entry.value.member("config") ?? entry.value, element)
            } else {
                skip(element, "a provider without an \"id\"")
            }
        }
    }

    private mutating func addModel(_ id: String, label: String?, config: SuiteNode?, _ node: SuiteNode) {
        let parts = id.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.first == "openai", parts.count > 1 else {
            return skip(node, "the provider \"\(NameWords.cut(id))\": only openai:… is taken over")
        }
        let kinds = ["chat", "responses"]
        let name =
            kinds.contains(parts[1]) ? parts.dropFirst(2).joined(separator: ":") : parts[1...].joined(separator: ":")
        guard !name.isEmpty,
            !["completion", "embedding", "embeddings", "moderation", "image", "realtime", "assistant"]
                .contains(parts[1])
        else { return skip(node, "the provider \"\(NameWords.cut(id))\": only chat models are taken over") }
        var model = PromptfooModel(name: unique(label ?? name, models.map(\.name)), id: name)
        for entry in config?.entries ?? [] { readConfig(entry, into: &model) }
        models.append(model)
    }

    private mutating func readConfig(_ entry: SuiteNode.Entry, into model: inout PromptfooModel) {
        switch entry.key {
        case "temperature", "top_p", "frequency_penalty", "presence_penalty", "seed", "stop":
            model.parameters.append(JSONMember(entry.key, entry.value.json))
        case "max_tokens", "max_completion_tokens", "max_output_tokens":
            model.parameters.append(JSONMember("max_output_tokens", entry.value.json))
        case "apiBaseUrl": model.baseURL = entry.value.scalar
        case "reasoning_effort": model.parameters.append(JSONMember(entry.key, entry.value.json))
        case "apiKey": skip(entry.mark, "a key has no place in a suite; name its variable under endpoints:")
        default: skip(entry.mark, "\"\(NameWords.cut(entry.key))\" of a provider's config is not taken over")
        }
    }

    /// A name of letters and digits that no other has.
    func unique(_ text: String, _ taken: [String]) -> String {
        let scalars = text.unicodeScalars.map { scalar -> Character in
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
            return isPlain || scalar == "." || scalar == "-" || scalar == "_" ? Character(scalar) : "-"
        }
        var name = String(scalars.prefix(60))
        // A word that begins with a letter is a text in YAML, whatever follows.
        if name.first?.isLetter != true { name = "m" + name }
        if ["true", "false", "null", "yes", "no"].contains(name.lowercased()) { name = "m-" + name }
        var (result, number) = (name, 2)
        while taken.contains(result) {
            result = "\(name)-\(number)"
            number += 1
        }
        return result
    }

    // MARK: Prompts

    mutating func readPrompts(_ node: SuiteNode) {
        for element in node.elements ?? [node] {
            if let text = element.scalar {
                addPrompts(text, label: nil, element)
            } else if let text = (element.member("raw") ?? element.member("id"))?.scalar {
                addPrompts(text, label: element.member("label")?.scalar, element)
            } else {
                skip(element, "a prompt that is no text")
            }
        }
    }

    private mutating func addPrompts(_ text: String, label: String?, _ node: SuiteNode) {
        guard let whole = contents(text, node) else { return }
        let isFile = text.hasPrefix("file://")
        let parts = isFile && !text.hasSuffix(".json") ? Self.split(whole) : [whole]
        for part in parts { addPrompt(part, label: label, node) }
    }

    /// Prompts of one file are parted by lines of three dashes.
    private static func split(_ text: String) -> [String] {
        var parts: [[Substring]] = [[]]
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.trimmed == "---" { parts.append([]) } else { parts[parts.count - 1].append(line) }
        }
        return parts.map { $0.joined(separator: "\n") }.filter { !$0.allSatisfy(\.isWhitespace) }
    }

    private mutating func addPrompt(_ text: String, label: String?, _ node: SuiteNode) {
        var messages: [(role: ChatRole, text: String)] = [(.user, text)]
        if text.trimmed.hasPrefix("["), let turns = (try? JSONParser.parse(text))?.arrayValue {
            guard let chat = ChatData.messages(turns) else {
                return skip(node, "a chat prompt whose messages have no role and text")
            }
            messages = chat.map { ($0.role, $0.text) }
        }
        for message in messages {
            if let why = Self.obstacle(message.text) { return skip(node, "a prompt: \(why)") }
        }
        let name = label ?? "prompt-\(prompts.count + 1)"
        prompts.append(PromptfooPrompt(name: unique(name, prompts.map(\.name)), messages: messages))
    }

    /// Why a template of promptfoo is none of ours; nil = it is.
    static func obstacle(_ text: String) -> String? {
        if text.contains("{%") || text.contains("{#") { return "templates with {% … %} are programs" }
        return FieldTemplate(text).problem
    }

    /// A text, or the text of the file that it names; nil and a skip when it cannot be read.
    mutating func contents(_ text: String, _ node: SuiteNode) -> String? {
        guard text.hasPrefix("file://") else { return text }
        let path = String(text.dropFirst(7))
        if path.hasSuffix(".js") || path.hasSuffix(".py") || path.hasSuffix(".ts") || path.contains(":") {
            skip(node, "\(NameWords.cut(text)) is a program")
            return nil
        }
        do throws(SuiteFileError) {
            let bytes = try source.files.read(path.hasPrefix("./") ? String(path.dropFirst(2)) : path, limit: 4_000_000)
            if let text = String(validating: bytes, as: UTF8.self) { return text }
            skip(node, "\(NameWords.cut(text)) is not UTF-8")
        } catch { skip(node, "\(NameWords.cut(text)) \(error.message)") }
        return nil
    }
}

extension SuiteNode {
    /// A member of a mapping.
    func member(_ key: String) -> SuiteNode? { entries?.first { $0.key == key }?.value }
}

extension StringProtocol {
    /// Without white space at both ends.
    var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text = text.dropFirst() }
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return String(text)
    }
}
