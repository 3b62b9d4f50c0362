import ProviderCore

/// What an error body says, whichever of the many shapes it has.
struct ErrorBody: Hashable {
    /// The server's words; nil when it had none.
    var message: String?
    /// The class of error, as the server names it.
    var type: String?
    /// The server's code, as text also when it is a number.
    var code: String?
    /// The request member it blames.
    var param: String?
    /// A finer code beside the first (Azure's `innererror`).
    var innerCode: String?
    /// A status given inside the body, 400...599.
    var status: Int?

    /// Reads any JSON value; nil when nothing in it tells of an error.
    init?(_ value: JSONValue) {
        let outer = value.arrayValue?.first ?? value
        if let text = outer.stringValue {
            message = text
            return
        }
        guard outer.objectValue != nil else { return nil }
        let inner = Self.innerObject(of: outer)
        // Where the error is only a title, the message stands beside it.
        message = Self.message(of: inner) ?? Self.message(of: outer) ?? inner.stringValue
        let raw = [inner["code"], outer["code"], inner["status"]].compactMap(\.self)
        code = raw.lazy.compactMap(Self.word).first
        type = Self.word(inner["type"]) ?? Self.word(inner["status"])
        param = Self.word(inner["param"])
        innerCode = Self.word((inner["innererror"] ?? outer["innererror"])?["code"])
        let numbers = [inner["code"], inner["status"], inner["statusCode"], outer["statusCode"], outer["status"]]
        let statuses = numbers.lazy.compactMap { value in value?.intValue ?? value?.stringValue.flatMap { Int($0) } }
        status = statuses.first { (400...599).contains($0) }
        addUpstream(inner["metadata"])
        if message == nil, code == nil, type == nil { return nil }
    }

    private static func innerObject(of outer: JSONValue) -> JSONValue {
        for name in ["error", "errors"] {
            guard let value = outer[name], !value.isNull, value != .bool(true) else { continue }
            return value.arrayValue?.first ?? value
        }
        return outer
    }

    /// A string that is not empty, or a number.
    private static func word(_ value: JSONValue?) -> String? {
        switch value {
        case .string(let text) where !text.isEmpty: text
        case .number(let text): text
        default: nil
        }
    }

    private static func message(of value: JSONValue) -> String? {
        for name in ["message", "detail", "msg", "details", "error_description", "title"] {
            if let text = text(value[name]), !text.isEmpty { return text }
        }
        return nil
    }

    /// A message given as text, as several texts, or as FastAPI's list of `{loc, msg}`.
    private static func text(_ value: JSONValue?) -> String? {
        switch value {
        case .string(let text): return text
        case .array(let elements): return elements.prefix(8).compactMap { text($0) }.joined(separator: "; ")
        case .object:
            guard let reason = value?["msg"]?.stringValue ?? value?["message"]?.stringValue else { return nil }
            let place = (value?["loc"]?.arrayValue ?? []).compactMap(word).joined(separator: ".")
            return place.isEmpty ? reason : "\(place): \(reason)"
        default: return nil
        }
    }

    /// A gateway's own words are seldom the cause: adds whom it asked and what that one said.
    private mutating func addUpstream(_ metadata: JSONValue?) {
        guard let metadata else { return }
        let words = [Self.word(metadata["provider_name"]), Self.word(metadata["raw"])].compactMap(\.self)
        guard !words.isEmpty else { return }
        message = (message.map { $0 + " " } ?? "") + "(" + words.joined(separator: ": ") + ")"
    }
}

extension ErrorBody {
    /// The error a data object of a stream, or a body of status 200, is; nil when it is an ordinary one.
    static func inAnswer(_ value: JSONValue, eventName: String = "") -> ErrorBody? {
        if eventName == "error" {
            // `error: null` is no error, whatever the event is called.
            if value.objectValue?.count == 1, value["error"]?.isNull == true { return nil }
            return ErrorBody(value) ?? ErrorBody(.string(""))
        }
        if let list = value.arrayValue { return list.first?["error"] == nil ? nil : ErrorBody(value) }
        if let error = value["error"], !error.isNull, error != .bool(false) {
            return ErrorBody(value) ?? ErrorBody(.string(""))
        }
        if value["object"]?.stringValue == "error" { return ErrorBody(value) }
        guard eventName.isEmpty || eventName == "message" else { return nil }
        guard value["choices"] == nil, value["usage"] == nil, value["id"] == nil else { return nil }
        return ["message", "detail", "msg", "details"].contains { value[$0] != nil } ? ErrorBody(value) : nil
    }
}
