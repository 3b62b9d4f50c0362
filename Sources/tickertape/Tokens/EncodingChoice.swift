import ProviderCore
import Tokenization

/// Which encoding counts the tokens of a model.
enum EncodingChoice {
    /// The encoding of a model: the catalog's word, else that of its name; nil when neither is known.
    static func encoding(of model: String, _ catalog: ModelCatalog) -> TokenEncoding? {
        let base = model.hasPrefix("ft:") ? String(model.dropFirst(3).prefix { $0 != ":" }) : model
        if let named = (catalog.model(model) ?? catalog.model(base))?.encoding { return TokenEncoding(name: named) }
        return TokenEncoding(model: base) ?? TokenEncoding(model: model)
    }

    /// As `encoding(of:_:)`. Throws a failure that says what to do instead.
    static func needed(of model: String, _ catalog: ModelCatalog) throws -> TokenEncoding {
        if let encoding = encoding(of: model, catalog) { return encoding }
        let info = catalog.model(model)?.encoding.map { ", which uses \($0)" } ?? ""
        throw Failure(
            "no encoding is known for model \"\(model)\"\(info): name one with --encoding (\(names))", code: Exit.usage)
    }

    /// The encoding of a name. Throws a failure that lists the known ones.
    static func named(_ name: String) throws -> TokenEncoding {
        if let encoding = TokenEncoding(name: name) { return encoding }
        throw Failure("there is no encoding \"\(name)\" (known: \(names))", code: Exit.usage)
    }

    private static var names: String { TokenEncoding.allCases.map(\.rawValue).joined(separator: ", ") }
}
