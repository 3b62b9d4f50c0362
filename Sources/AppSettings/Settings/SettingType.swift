import ProviderCore

/// What values a setting takes.
public enum SettingType: Sendable, Hashable {
    /// Any text.
    case text
    /// One line of text without control characters, 1 to 512 characters.
    case line
    /// One of these words.
    case choice([String])
    /// A whole number.
    case integer(ClosedRange<Int>)
    /// A finite number.
    case number(ClosedRange<Double>)
    /// A duration in seconds, above 0 and up to a day.
    case seconds
    /// True or false.
    case flag
    /// One text, or up to so many, none of them empty.
    case texts(maximum: Int)
    /// An http or https URL that includes the version prefix.
    case url
    /// A program and its arguments, as one text or a list.
    case command
    /// Header names and values.
    case headers
    /// US dollars above 0, with at most 12 decimals.
    case money
    /// US dollars per million tokens for `input`, `output` and, where they differ from input, `cached_input` and `cache_write`.
    case prices
    /// A theme's name, or names for `dark` and `light` backgrounds and optionally `fallback`.
    case theme

    /// What it takes, in words.
    public var summary: String {
        switch self {
        case .text: "text"
        case .line: "text of one line"
        case .choice(let words): "one of " + words.joined(separator: ", ")
        case .integer(let range) where range == Int.min...Int.max: "a whole number"
        case .integer(let range) where range.upperBound == Int.max: "a whole number of at least \(range.lowerBound)"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number(let range): "a number from \(Self.plain(range.lowerBound)) to \(Self.plain(range.upperBound))"
        case .seconds: "seconds above 0 and up to 86400"
        case .flag: "true or false"
        case .texts(let maximum): "a text or a list of up to \(maximum) texts"
        case .url: "an http or https URL with its version prefix, such as https://api.openai.com/v1"
        case .command: "a command, as text or as a list of its words"
        case .headers: "a table of header names and values"
        case .money: "US dollars above 0, such as 0.50"
        case .prices:
            "a table of input, output and optionally cached_input and cache_write, in US dollars per million tokens"
        case .theme: "a theme's name, or a table of dark, light and optionally fallback"
        }
    }

    /// The words that it takes; empty when there are too many to name.
    public var words: [String] {
        switch self {
        case .choice(let words): words
        case .flag: ["true", "false"]
        default: []
        }
    }

    private static func plain(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
    }

    /// The value of a node, or what is wrong with it.
    func read(_ node: TOMLNode) throws(Mismatch) -> SettingValue {
        switch (self, node) {
        case (.text, .string(let text)): return .text(text)
        case (.line, .string(let text)): return .text(try Self.line(text))
        case (.choice(let words), .string(let text)): return .text(try choice(text, words))
        case (.integer(let range), .integer(let number)):
            guard range.contains(number) else { throw wrong("not \(number)") }
            return .integer(number)
        case (.number(let range), .integer(let whole)): return .number(try number(Double(whole), range))
        case (.number(let range), .number(let value)): return .number(try number(value, range))
        case (.seconds, .integer(let whole)): return .number(try seconds(Double(whole)))
        case (.seconds, .number(let value)): return .number(try seconds(value))
        case (.flag, .boolean(let flag)): return .flag(flag)
        case (.texts, .string(let text)): return .texts(try texts([.string(text)]))
        case (.texts, .array(let nodes)): return .texts(try texts(nodes))
        case (.url, .string(let text)):
            do throws(BaseURLError) { return .text(try BaseURL(text).text) } catch {
                throw Mismatch(EndpointError(error).message)
            }
        case (.command, .string(let text)): return .texts(try Self.words(text))
        case (.command, .array(let nodes)): return .texts(try command(nodes))
        case (.headers, .table(let table)): return .pairs(try Self.headers(table))
        case (.money, .integer(let whole)): return .text(try money(String(whole)))
        case (.money, .number(let value)): return .text(try money(String(value)))
        case (.money, .string(let text)): return .text(try money(text))
        case (.prices, .table(let table)): return .pairs(try Self.prices(table))
        case (.theme, .string(let text)): return .text(try Self.line(text))
        case (.theme, .table(let table)): return .pairs(try Self.themes(table))
        default: throw wrong("not \(node.kind)")
        }
    }

    /// Why a value does not fit.
    struct Mismatch: Error {
        let message: String
        /// The member of a table that is at fault; nil = the value itself.
        let member: String?

        init(_ message: String, member: String? = nil) {
            self.message = message
            self.member = member
        }
    }

    private func wrong(_ what: String) -> Mismatch { Mismatch("takes \(summary), \(what)") }

    private func number(_ number: Double, _ range: ClosedRange<Double>) throws(Mismatch) -> Double {
        guard number.isFinite else { throw wrong("not \(number)") }
        guard range.contains(number) else { throw wrong("not \(Self.plain(number))") }
        return number
    }

    private func seconds(_ number: Double) throws(Mismatch) -> Double {
        let seconds = try self.number(number, 0...86_400)
        guard seconds > 0 else { throw wrong("not \(Self.plain(seconds))") }
        return seconds
    }

    private func money(_ text: String) throws(Mismatch) -> String {
        guard let amount = Money(text), amount > .zero, amount <= Self.mostMoney else {
            throw wrong("not \(printable(text))")
        }
        return amount.plain
    }

    /// A million dollars: more is a slip of the finger.
    private static let mostMoney = Money(picodollars: 1_000_000_000_000_000_000)

    private func choice(_ text: String, _ words: [String]) throws(Mismatch) -> String {
        guard words.contains(text) else {
            throw wrong("not \(quoted(text))" + NearName.hint(for: text, among: words))
        }
        return text
    }

    private func texts(_ nodes: [TOMLNode]) throws(Mismatch) -> [String] {
        guard case .texts(let maximum) = self, nodes.count <= maximum else { throw wrong("not \(nodes.count) texts") }
        var texts: [String] = []
        for node in nodes {
            guard case .string(let text) = node else { throw wrong("not \(node.kind) in the list") }
            guard !text.isEmpty else { throw wrong("and none of them empty") }
            texts.append(text)
        }
        return texts
    }
}

/// A command line as a person writes it.
public enum CommandWords {
    /// The words of a text, split at blanks, with quotes and backslashes as in a shell but nothing else of one. Throws
    /// `FileProblem` when a quote is not closed or no program is named.
    public static func split(_ text: String) throws(FileProblem) -> [String] {
        do throws(SettingType.Mismatch) { return try SettingType.words(text) } catch {
            throw FileProblem(error.message)
        }
    }
}

extension SettingType {
    private static func line(_ text: String) throws(Mismatch) -> String {
        var scalars = text.unicodeScalars[...]
        while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        guard !scalars.isEmpty else { throw Mismatch("is empty; leave it out or give it a value") }
        guard scalars.count <= 512 else { throw Mismatch("is longer than 512 characters") }
        guard !scalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw Mismatch("holds a control character; take it out")
        }
        return String(scalars)
    }

    private func command(_ nodes: [TOMLNode]) throws(Mismatch) -> [String] {
        var words: [String] = []
        for node in nodes {
            guard case .string(let word) = node else { throw wrong("not \(node.kind) in the list") }
            words.append(word)
        }
        guard let program = words.first, !program.isEmpty else { throw Mismatch("names no program") }
        return words
    }

    /// A command line split at blanks, with quotes and backslashes as in a shell but nothing else of one.
    static func words(_ text: String) throws(Mismatch) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in text {
            if isEscaped {
                // Within double quotes a backslash stands for itself before anything but these.
                if quote == "\"", !"\"\\$`".contains(character) { word = (word ?? "") + "\\" }
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else if character == "\"" || character == "'" {
                quote = character
                word = word ?? ""
            } else if character.isWhitespace {
                if let done = word { words.append(done) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil, !isEscaped else { throw Mismatch("has a quote or a backslash that is not closed") }
        if let done = word { words.append(done) }
        guard let program = words.first, !program.isEmpty else { throw Mismatch("names no program") }
        return words
    }

    private static func headers(_ table: [String: TOMLNode]) throws(Mismatch) -> [String: String] {
        var headers: [String: String] = [:]
        for (name, node) in table.sorted(by: { $0.key < $1.key }) {
            try checkHeaderName(name)
            guard case .string(let value) = node else {
                throw Mismatch("\(name) takes text, not \(node.kind)", member: name)
            }
            do throws(Mismatch) {
                headers[name] = value.allSatisfy(\.isWhitespace) ? "" : try line(value)
            } catch {
                throw Mismatch("\(name) \(error.message)", member: name)
            }
        }
        return headers
    }

    private static func checkHeaderName(_ name: String) throws(Mismatch) {
        let ours = [
            "authorization", "host", "content-length", "content-type", "transfer-encoding", "connection", "accept",
        ]
        // A token, RFC 9110 5.6.2.
        let isToken =
            !name.isEmpty
            && name.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"\"(),/:;<=>?@[\\]{}".utf8.contains($0) }
        guard isToken else { throw Mismatch("\(quoted(name)) is no header name", member: name) }
        guard ours.contains(name.lowercased()) else { return }
        let advice = name.lowercased() == "authorization" ? "; name the key by key_env, key_file or key_command" : ""
        throw Mismatch("\(name) is set by the program\(advice)", member: name)
    }

    private static func themes(_ table: [String: TOMLNode]) throws(Mismatch) -> [String: String] {
        let names = ["dark", "light", "fallback"]
        var themes: [String: String] = [:]
        for (name, node) in table.sorted(by: { $0.key < $1.key }) {
            guard names.contains(name) else {
                throw Mismatch("has no \(quoted(name))" + NearName.hint(for: name, among: names), member: name)
            }
            guard case .string(let text) = node else {
                throw Mismatch("\(name) takes text, not \(node.kind)", member: name)
            }
            do throws(Mismatch) { themes[name] = try line(text) } catch {
                throw Mismatch("\(name) \(error.message)", member: name)
            }
        }
        guard themes["dark"] != nil, themes["light"] != nil else { throw Mismatch("needs both dark and light") }
        return themes
    }
}
