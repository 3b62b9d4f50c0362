import ProviderCore
import Tokenization

/// Counts the texts of JSON Lines, a line of output for each.
struct TokenLines {
    private let standard: TokenEncoding
    private let catalog: ModelCatalog
    private let printsIDs: Bool
    private var counters: [TokenEncoding: TokenCounter] = [:]
    /// Longer lines are refused.
    private static let longestLine = 1 << 30

    init(standard: TokenEncoding, catalog: ModelCatalog, printsIDs: Bool) {
        self.standard = standard
        self.catalog = catalog
        self.printsIDs = printsIDs
    }

    /// Counts one file; blank lines are passed over. Throws a failure with exit code 65 that names line and column.
    mutating func count(_ path: String) throws {
        var source = try ByteSource(path: path)
        let name = source.name
        var line: [UInt8] = []
        var number = 1
        var output: [UInt8] = []
        while try source.read({ bytes in
            var rest = bytes[...]
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                line += rest[..<end]
                try count(line, "\(name):\(number)", into: &output)
                line.removeAll(keepingCapacity: true)
                number += 1
                rest = rest[(end + 1)...]
            }
            line += rest
            guard line.count <= Self.longestLine else {
                throw Failure("\(name):\(number): a line of more than 1 GiB", code: Exit.inputFile)
            }
            try Terminal.put(output)
            output.removeAll(keepingCapacity: true)
        }) {}
        try count(line, "\(name):\(number)", into: &output)
        try Terminal.put(output)
    }

    private mutating func count(_ line: [UInt8], _ place: String, into output: inout [UInt8]) throws {
        guard line.contains(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\t") })
        else { return }
        do {
            output += try JSONWriter.bytes(answer(line, place)) + [UInt8(ascii: "\n")]
        } catch {
            // What was counted before the wrong line is not lost.
            try Terminal.put(output)
            output = []
            throw error
        }
    }

    private mutating func answer(_ line: [UInt8], _ place: String) throws -> JSONValue {
        let value: JSONValue
        do {
            value = try JSONParser.parse(line)
        } catch let error as JSONSyntaxError {
            throw Failure("\(place):\(error.column): \(error.message)", code: Exit.inputFile)
        }
        guard let text = value["text"]?.stringValue else {
            throw Failure("\(place):1: an object with a string named \"text\" is wanted", code: Exit.inputFile)
        }
        let counter = counter(try encoding(value, place))
        guard printsIDs else { return .object([JSONMember("count", .int(counter.count(text)))]) }
        let ids = counter.tokens(text)
        return .object([JSONMember("count", .int(ids.count)), JSONMember("ids", .array(ids.map(JSONValue.int)))])
    }

    private func encoding(_ value: JSONValue, _ place: String) throws -> TokenEncoding {
        do {
            if let name = value["encoding"]?.stringValue { return try EncodingChoice.named(name) }
            if let model = value["model"]?.stringValue { return try EncodingChoice.needed(of: model, catalog) }
        } catch let failure as Failure {
            throw Failure("\(place):1: \(failure.message)", code: Exit.inputFile)
        }
        return standard
    }

    private mutating func counter(_ encoding: TokenEncoding) -> TokenCounter {
        if let known = counters[encoding] { return known }
        let counter = TokenCounter(encoding)
        counters[encoding] = counter
        return counter
    }
}
