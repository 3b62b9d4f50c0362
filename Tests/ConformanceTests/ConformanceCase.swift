import Foundation
import ProviderCore
import Testing

/// One case of the table: what a server sends, and what a client has to make of it. `Cases/README.md` describes the form.
struct ConformanceCase: Sendable, CustomTestStringConvertible {
    var name: String
    var file: String
    var line: Int
    var api = ModelAPI.chat
    var isWhole = false
    var status = 200
    var headers: [HTTPHeader] = []
    /// Whether a content type was named, be it empty.
    var namesContentType = false
    var asksSeveral = false
    var hasKey = true
    var body: [UInt8] = []
    var expected: [Expectation] = []

    var testDescription: String { "\(file):\(line) \(name)" }

    /// The headers with the usual content type.
    var allHeaders: [HTTPHeader] {
        let kept = headers.filter { !$0.value.isEmpty }
        if namesContentType { return kept }
        let type = !isWhole && status == 200 ? "text/event-stream" : "application/json"
        return kept + [HTTPHeader("content-type", type)]
    }
}

/// A line of what is expected: a word, and what stands behind it.
struct Expectation: Sendable, Hashable, CustomStringConvertible {
    var word: String
    var rest: String
    var line: Int

    var description: String { "\(word) \(rest)" }
}

/// Why a file of cases cannot be read.
struct CaseFileError: Error, CustomStringConvertible {
    var file: String
    var line: Int
    var message: String
    var description: String { "\(file):\(line): \(message)" }
}

extension ConformanceCase {
    /// The folder of the files.
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases")

    /// The cases of all files.
    static func load() throws -> [ConformanceCase] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".cases") }
        return try names.sorted().flatMap { name in
            let text = String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
            return try CaseParser(file: name).cases(text)
        }
    }

    /// All cases; empty when a file cannot be read, which a test of its own reports.
    static let all: [ConformanceCase] = (try? load()) ?? []
}

/// Reads a file of cases, strictly: what it does not know is an error.
struct CaseParser {
    private enum Part {
        case head
        case body(isEscaped: Bool)
        case expectations
    }

    let file: String

    func cases(_ text: String) throws -> [ConformanceCase] {
        var cases: [ConformanceCase] = []
        var part = Part.head
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let number = index + 1
            if line.hasPrefix("=== ") {
                let name = line.dropFirst(4).split(separator: " | ").first ?? ""
                cases.append(ConformanceCase(name: String(name), file: file, line: number))
                part = .head
                continue
            }
            guard let last = cases.indices.last else {
                guard line.isEmpty else { throw wrong(number, "a line before the first case") }
                continue
            }
            switch line {
            case "--- body": part = .body(isEscaped: false)
            case "--- body escaped": part = .body(isEscaped: true)
            case "--- expect": part = .expectations
            default: try take(line, number, part, &cases[last])
            }
        }
        return cases
    }

    private func take(_ line: Substring, _ number: Int, _ part: Part, _ item: inout ConformanceCase) throws {
        switch part {
        case .head:
            guard !line.isEmpty, !line.hasPrefix("#") else { return }
            try takeHead(line, number, &item)
        case .body(isEscaped: false): item.body += Array(line.utf8) + [0x0A]
        case .body(isEscaped: true): item.body += try unescaped(line, number)
        case .expectations:
            guard !line.isEmpty, !line.hasPrefix("#") else { return }
            let word = line.prefix { $0 != " " }
            let rest = line[word.endIndex...].drop { $0 == " " }
            item.expected.append(Expectation(word: String(word), rest: String(rest), line: number))
        }
    }

    private func takeHead(_ line: Substring, _ number: Int, _ item: inout ConformanceCase) throws {
        let name = line.prefix { $0 != ":" }
        let value = String(line[name.endIndex...].dropFirst().drop { $0 == " " })
        switch name {
        case "api": item.api = try ModelAPI(rawValue: value) ?? { throw wrong(number, "no such api") }()
        case "mode": item.isWhole = value == "whole"
        case "status": item.status = Int(value) ?? 200
        case "ask": item.asksSeveral = value.hasPrefix("n=")
        case "key": item.hasKey = value == "yes"
        case "header":
            let header = value.prefix { $0 != ":" }.lowercased()
            let text = String(value.drop { $0 != ":" }.dropFirst().drop { $0 == " " })
            item.headers.append(HTTPHeader(header, text))
            if header == "content-type" { item.namesContentType = true }
        default: throw wrong(number, "\"\(name)\" is not known here")
        }
    }

    private func unescaped(_ line: Substring, _ number: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = line[...]
        while let character = rest.popFirst() {
            guard character == "\\" else {
                bytes += Array(String(character).utf8)
                continue
            }
            switch rest.popFirst() {
            case "n": bytes.append(0x0A)
            case "r": bytes.append(0x0D)
            case "t": bytes.append(0x09)
            case "\\": bytes.append(0x5C)
            case "x":
                guard let byte = UInt8(rest.prefix(2), radix: 16) else { throw wrong(number, "\\x wants two digits") }
                bytes.append(byte)
                rest = rest.dropFirst(2)
            case "u":
                let digits = rest.dropFirst().prefix { $0 != "}" }
                guard let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value) else {
                    throw wrong(number, "\\u{…} wants a scalar value")
                }
                bytes += Array(String(Character(scalar)).utf8)
                rest = rest[digits.endIndex...].dropFirst()
            default: throw wrong(number, "unknown escape")
            }
        }
        return bytes
    }

    private func wrong(_ line: Int, _ message: String) -> CaseFileError {
        CaseFileError(file: file, line: line, message: message)
    }
}
