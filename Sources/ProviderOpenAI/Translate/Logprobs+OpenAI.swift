import ProviderCore

extension TokenLogprob {
    /// Reads the `content` or `refusal` array of a choice's `logprobs`; entries without a token or number are left out.
    static func list(wire: JSONValue?) -> [TokenLogprob] {
        (wire?.arrayValue ?? []).compactMap { entry in
            guard let (token, logprob) = pair(entry) else { return nil }
            let top = (entry["top_logprobs"]?.arrayValue ?? []).compactMap { rival in
                pair(rival).map { Alternative(token: $0, logprob: $1) }
            }
            return TokenLogprob(token: token, logprob: logprob, top: top)
        }
    }

    private static func pair(_ entry: JSONValue) -> (String, Double)? {
        guard let token = entry["token"]?.stringValue, let value = entry["logprob"]?.doubleValue, value.isFinite else {
            return nil
        }
        return (token, value)
    }
}
