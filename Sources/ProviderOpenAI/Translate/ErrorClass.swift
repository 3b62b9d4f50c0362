import ProviderCore

extension ErrorBody {
    /// The class of failure and whether trying again makes sense (nil = as the class says).
    ///
    /// The code counts first, then the type, then the status: a broad type may stay beside a specific code. What only says
    /// "invalid request" counts only where there is no status of its own, as in a stream.
    func classified(status httpStatus: Int) -> (kind: ProviderError.Kind, retryHint: Bool?) {
        let status = httpStatus >= 400 ? httpStatus : self.status ?? httpStatus
        let words = [innerCode, code, type].compactMap { $0?.lowercased() }
        let told = words.lazy.compactMap { Self.kind(of: $0, status) }.first
        if told != .quotaExceeded, isContextOverflow(words, status) { return (.contextTooLong, nil) }
        let kind = told ?? Self.kind(ofStatus: status)
        switch kind {
        // One request that exceeds a limit as a whole can never succeed.
        case .rateLimited where status == 413: return (.invalidRequest, false)
        case .rateLimited where message?.lowercased().contains("request too large") == true: return (kind, false)
        case .quotaExceeded: return (kind, false)
        case .connection: return (kind, false)
        default: return (kind, nil)
        }
    }

    /// By code where there is one; by the words of vLLM, SGLang, llama.cpp, TGI, Gemini, xAI and others where there is none.
    private func isContextOverflow(_ words: [String], _ status: Int) -> Bool {
        let codes: Set<String> = ["context_length_exceeded", "exceed_context_size_error", "context_too_long"]
        if words.contains(where: codes.contains) { return true }
        guard [200, 400, 413, 422, 500].contains(status), let text = message?.lowercased() else { return false }
        let phrases = [
            "maximum context length", "maximum context size", "context length exceeded",
            "exceeds the available context", "exceeds the context window", "exceed context window",
            "prompt is too long", "longer than the model's context", "input token count", "maximum prompt length",
            "input is too long", "`inputs` tokens",
        ]
        return phrases.contains { text.contains($0) }
    }

    private static func kind(of word: String, _ status: Int) -> ProviderError.Kind? {
        if isQuota(word) { return .quotaExceeded }
        switch word {
        case "invalid_api_key", "account_deactivated", "ip_not_authorized", "authentication_error", "missing_api_key":
            return .authentication
        case "permission_error", "unsupported_country_region_territory", "permission_denied": return .permission
        case "model_not_found", "deploymentnotfound", "not_found_error", "model_not_available", "notfounderror":
            return status == 403 ? .permission : .notFound
        case "content_filter", "responsibleaipolicyviolation", "bio_policy", "misalignment_policy_violation":
            return .contentFiltered
        case let word where word.hasSuffix("content_policy_violation"): return .contentFiltered
        case "slow_down": return status == 503 ? .overloaded : .rateLimited
        case "rate_limit_exceeded", "rate_limit_error", "requests", "tokens", "resource_exhausted":
            return .rateLimited
        case "server_is_overloaded", "overloaded_error", "service_unavailable_error", "unavailable_error",
            "unavailable":
            return .overloaded
        case "vector_store_timeout": return .timeout
        case "context_length_exceeded": return .contextTooLong
        default: return status < 400 && isCallersFault(word) ? .invalidRequest : nil
        }
    }

    private static func isQuota(_ word: String) -> Bool {
        let known: Set<String> = [
            "insufficient_quota", "credit_balance_exhausted", "billing_not_active", "billing_hard_limit_reached",
            "insufficient_balance", "exceeded_current_quota_error", "quota_exceeded", "insufficient_credits",
        ]
        return known.contains(word) || word.hasSuffix("_spend_limit_exceeded")
            || word.hasSuffix("_usage_limit_exceeded")
    }

    /// Codes and types of a request that is wrong, where no status says so.
    private static func isCallersFault(_ word: String) -> Bool {
        let known: Set<String> = ["badrequesterror", "data_residency_mismatch", "failed_to_download_image"]
        let beginnings = [
            "invalid_", "unsupported_", "missing_", "unknown_parameter", "string_above_", "image_", "empty_image",
        ]
        return known.contains(word) || beginnings.contains { word.hasPrefix($0) }
    }

    private static func kind(ofStatus status: Int) -> ProviderError.Kind {
        switch status {
        case 401: .authentication
        case 402: .quotaExceeded
        case 403, 451: .permission
        case 404, 410: .notFound
        case 408: .timeout
        case 409, 425: .server
        // The gateway says that we went away.
        case 499: .connection
        case 429: .rateLimited
        case 503, 529: .overloaded
        case 400..<500: .invalidRequest
        default: .server
        }
    }
}
