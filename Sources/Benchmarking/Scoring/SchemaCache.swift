internal import FunctionTools
internal import ProviderCore
internal import Synchronization

/// Schemas that were compiled, so that each is compiled once and not for each answer.
final class SchemaCache: Sendable {
    private static let most = 256
    private let schemas = Mutex<[JSONValue: JSONSchema]>([:])

    /// The schema of a document. Throws what is wrong with it.
    func schema(_ source: JSONValue) throws(ScorerFailure) -> JSONSchema {
        if let known = schemas.withLock({ $0[source] }) { return known }
        do throws(SchemaProblem) {
            let schema = try JSONSchema(source)
            schemas.withLock {
                // Data may bring a schema with each sample.
                if $0.count >= Self.most { $0 = [:] }
                $0[source] = schema
            }
            return schema
        } catch { throw ScorerFailure("the schema cannot be used: \(error)") }
    }
}
