import ProviderCore

/// The members of a JSON object of a request, read with their types. A null counts as absent.
struct JSONFields {
    /// Where the object is, for example `messages[0]`; empty for the body.
    let path: String
    /// The object.
    let value: JSONValue

    /// The body of a request.
    init(body: [UInt8]) throws {
        guard let value = try? JSONParser.parse(body) else {
            throw RequestProblem(message: "The body is not valid JSON.", code: "invalid_json")
        }
        guard value.objectValue != nil else {
            throw RequestProblem(message: "The body is not a JSON object.", code: "invalid_json")
        }
        self.value = value
        path = ""
    }

    init(_ value: JSONValue, at path: String) throws {
        guard value.objectValue != nil else { throw RequestProblem.wrongType(path) }
        self.value = value
        self.path = path
    }

    /// The path of a member.
    func place(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// A member that is there and not null.
    subscript(_ key: String) -> JSONValue? {
        guard let member = value[key], !member.isNull else { return nil }
        return member
    }

    func string(_ key: String) throws -> String? { try read(key, \.stringValue) }
    func int(_ key: String) throws -> Int? { try read(key, \.intValue) }
    func double(_ key: String) throws -> Double? { try read(key, \.doubleValue) }
    func bool(_ key: String) throws -> Bool? { try read(key, \.boolValue) }
    func array(_ key: String) throws -> [JSONValue]? { try read(key, \.arrayValue) }
    func object(_ key: String) throws -> JSONFields? {
        try self[key].map { try JSONFields($0, at: place(key)) }
    }

    /// The objects of an array.
    func objects(_ key: String) throws -> [JSONFields]? {
        try array(key)?.enumerated().map { try JSONFields($1, at: "\(place(key))[\($0)]") }
    }

    /// A text that must be there and not be empty.
    func requiredString(_ key: String) throws -> String {
        guard let text = try string(key), !text.isEmpty else { throw RequestProblem.missing(place(key)) }
        return text
    }

    /// Refuses a number that is there but out of range.
    func check(_ key: String, in range: ClosedRange<Double>) throws {
        guard let value = try double(key), !range.contains(value) else { return }
        let (low, high) = (Int(range.lowerBound), Int(range.upperBound))
        throw RequestProblem.invalid(place(key), "must be \(low) to \(high), not \(value).")
    }

    /// Refuses a word that is there but none of these.
    func check(_ key: String, among known: [String]) throws {
        guard let word = try string(key), !known.contains(word) else { return }
        throw RequestProblem.invalid(
            place(key), "must be one of \(known.joined(separator: ", ")), not \(word.prefix(80)).")
    }

    /// Refuses members that another API has, with what this one has instead.
    func refuse(_ foreign: [String: String], api: String) throws {
        for member in value.objectValue ?? [] {
            guard let instead = foreign[member.key] else { continue }
            let hint = instead.isEmpty ? "." : "; it has '\(instead)'."
            throw RequestProblem(
                message: "Unknown parameter: \(api) has no '\(member.key)'\(hint)", param: member.key,
                code: "unknown_parameter")
        }
    }

    private func read<Value>(_ key: String, _ type: (JSONValue) -> Value?) throws -> Value? {
        guard let member = self[key] else { return nil }
        guard let value = type(member) else { throw RequestProblem.wrongType(place(key)) }
        return value
    }
}
