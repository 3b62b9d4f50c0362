import ProviderCore

/// A provider whose "not authorized" says what to do at this endpoint: which key was not sent there, and why.
struct AdvisedProvider: AIProvider {
    let provider: any AIProvider
    /// What to do; nil = the server's words stand alone.
    let advice: String?

    var id: ProviderID { provider.id }

    func stream(_ request: ChatRequest) async throws -> ChatStream {
        try await advised { try await provider.stream(request) }
    }

    func models() async throws -> [ModelListing] {
        try await advised { try await provider.models() }
    }

    private func advised<Value>(_ work: () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch var error as ProviderError where error.kind == .authentication {
            if let advice { error.message += ". " + advice }
            throw error
        }
    }
}
