/// What all parts of one answer have in common.
struct AnswerContext: Sendable {
    var id: String
    var created: Int
    var model: String
    var fingerprint: String?
    var serviceTier: String?
    var usage: UsagePlan
    var promptTokens: Int
    /// `stream_options.include_usage`.
    var reportsUsage: Bool
    /// The most alternatives a token's logprobs may have; nil: no logprobs.
    var topLogprobs: Int?

    /// The members that begin every answer, up to and without `choices`.
    func opening(object: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(text: #"{"id":"#)
        bytes.append(jsonString: id.utf8)
        bytes.append(text: #","object":"\#(object)","created":\#(created),"model":"#)
        bytes.append(jsonString: model.utf8)
        if let serviceTier {
            bytes.append(text: #","service_tier":"#)
            bytes.append(jsonString: serviceTier.utf8)
        }
        if let fingerprint {
            bytes.append(text: #","system_fingerprint":"#)
            bytes.append(jsonString: fingerprint.utf8)
        }
        return bytes
    }
}
