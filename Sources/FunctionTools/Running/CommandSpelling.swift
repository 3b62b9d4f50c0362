public import ProviderCore

extension Tool {
    /// What a call with these arguments would start, spelt out for the person who allows it; nil when nothing is started, or the
    /// call cannot be run.
    public func spelling(with arguments: JSONValue) -> String? {
        if case .http(let url, _) = run { return "POST \(url) < arguments" }
        guard let command = (try? run.command(for: arguments)) ?? nil else { return nil }
        if case .shell = run { return command.arguments.last }
        return command.spelling
    }

    /// Why a call with these arguments cannot be run although they match the schema; nil = it can.
    public func refusal(of arguments: JSONValue) -> String? {
        do throws(CallRefusal) {
            _ = try run.command(for: arguments)
            return nil
        } catch { return error.description }
    }
}

extension Command {
    /// It as a shell would read it: each argument one word, quoted where that is needed, what cannot be seen spelt out.
    public var spelling: String {
        arguments.map(Self.word).joined(separator: " ") + (input == nil ? "" : " < arguments")
    }

    private static func word(_ argument: String) -> String {
        if argument.unicodeScalars.contains(where: { $0 == "\n" || $0 == "\t" || ShellText.isHidden($0) }) {
            return "$'" + argument.unicodeScalars.map(escaped).joined() + "'"
        }
        let needsNoQuotes = !argument.isEmpty && argument.unicodeScalars.allSatisfy(isPlain)
        return needsNoQuotes ? argument : "'" + argument.replacing("'", with: #"'\''"#) + "'"
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "@", "%", "+", "=", ":", ",", ".", "/", "-": true
        default: false
        }
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "'": return #"\'"#
        case "\\": return #"\\"#
        case "\n": return #"\n"#
        case "\t": return #"\t"#
        default: break
        }
        guard ShellText.isHidden(scalar) else { return String(scalar) }
        let digits = String(scalar.value, radix: 16)
        return #"\U"# + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    }
}
