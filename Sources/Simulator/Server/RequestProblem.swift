/// Why a request is refused, in the words and codes of OpenAI's API.
struct RequestProblem: Error, Equatable {
    var status = 400
    var message: String
    var type = "invalid_request_error"
    var param: String?
    var code: String?
    var headers: [HeaderLine] = []
    /// The body has Azure's form, which is only a code and a message.
    var isAzure = false

    /// The body in OpenAI's form, or Azure's.
    var body: [UInt8] {
        var bytes: [UInt8] = []
        if isAzure {
            bytes.append(text: #"{"error":{"code":"#)
            bytes.append(json: code)
            bytes.append(text: #","message":"#)
            bytes.append(jsonString: message.utf8)
            bytes.append(text: "}}\n")
            return bytes
        }
        bytes.append(ErrorObject(message: message, type: type, code: code, param: param))
        bytes.append(0x0A)
        return bytes
    }

    static func missing(_ name: String) -> RequestProblem {
        RequestProblem(
            message: "The request lacks '\(name)'.", param: name, code: "missing_required_parameter")
    }

    static func invalid(_ name: String, _ message: String) -> RequestProblem {
        RequestProblem(message: "'\(name)' \(message)", param: name, code: "invalid_value")
    }

    static func wrongType(_ name: String) -> RequestProblem {
        RequestProblem(message: "'\(name)' has the wrong type.", param: name, code: "invalid_type")
    }

    static func unknown(_ name: String, _ message: String) -> RequestProblem {
        RequestProblem(message: "Unknown parameter: '\(name)' \(message)", param: name, code: "unknown_parameter")
    }

    static func noSuchResponse(_ id: String) -> RequestProblem {
        RequestProblem(
            status: 404, message: "There is no stored response '\(id.prefix(200))'.", param: "response_id")
    }

    static func noSuchDeployment(_ name: String) -> RequestProblem {
        RequestProblem(
            status: 404, message: "There is no deployment '\(name.prefix(200))' here.", code: "DeploymentNotFound",
            isAzure: true)
    }

    /// What Azure says to a wrong path, and to a path without `api-version`.
    static let noSuchResource = RequestProblem(status: 404, message: "Resource not found", code: "404", isAzure: true)

    static func noSuchModel(_ id: String) -> RequestProblem {
        RequestProblem(
            status: 404, message: "The model '\(id.prefix(200))' does not exist here.", param: "model",
            code: "model_not_found")
    }

    static func noSuchPath(_ method: String, _ path: String) -> RequestProblem {
        RequestProblem(
            status: 404,
            message: "There is nothing at \(method) \(path.prefix(200)). This simulator has /v1/models, "
                + "/v1/chat/completions and /v1/responses, also below /openai, and Azure's deployments.",
            code: "unknown_url")
    }

    static func wrongMethod(_ method: String, allowed: String) -> RequestProblem {
        RequestProblem(
            status: 405, message: "\(method) is not allowed here, only \(allowed).", code: "method_not_allowed",
            headers: [HeaderLine(name: "Allow", value: allowed)])
    }

    static func tooLarge(limit: Int) -> RequestProblem {
        RequestProblem(
            status: 413, message: "The body is larger than \(limit) bytes.", code: "request_too_large")
    }

    static let timedOut = RequestProblem(status: 408, message: "The request did not arrive in time.", code: "timeout")
    static let malformed = RequestProblem(message: "This is not HTTP/1.1 as this server knows it.", code: "bad_http")
}
