// guide:begin
import Foundation
import ProviderCore
import ProviderOpenAI

/// The endpoint that the environment names, or another one. The key of the environment goes to the first only.
func endpoint(baseURL: String? = nil) throws -> ProviderEndpoint {
    let environment = ProcessInfo.processInfo.environment
    let own = environment["OPENAI_BASE_URL"] ?? OpenAIProvider.defaultBaseURL
    var endpoint = ProviderEndpoint(baseURL: baseURL ?? own)
    if try BaseURL(endpoint.baseURL).origin == BaseURL(own).origin {
        endpoint.key = environment["OPENAI_API_KEY"].flatMap { Secret($0) }
    }
    return endpoint
}
// guide:end
