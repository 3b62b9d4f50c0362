internal import FunctionTools
internal import ProviderCore

/// One place in a JSON document, as the simple part of RFC 9535 writes it: `$.items[0]['odd name'][-1]`.
struct JSONPath: Equatable {
    /// A step down.
    enum Step: Equatable {
        case name(String)
        /// From the end when negative.
        case index(Int)
    }

    /// Why a text is no path, or why nothing is there.
    struct Problem: Error, Equatable, CustomStringConvertible {
        var description: String
    }

    let source: String
    private(set) var steps: [Step] = []

    /// Reads a path.
    init(_ source: String) throws(Problem) {
        self.source = source
        var rest = Array(source.unicodeScalars)[...]
        guard rest.popFirst() == "$" else { throw Problem(description: "a path begins with $") }
        while let scalar = rest.popFirst() {
            switch scalar {
            case ".":
                let name = rest.prefix { $0 != "." && $0 != "[" }
                guard !name.isEmpty else { throw Self.missingName(rest.first) }
                guard name != ["*"] else { throw Self.wildcard }
                steps.append(.name(String(String.UnicodeScalarView(name))))
                rest = rest.dropFirst(name.count)
            case "[": steps.append(try Self.bracketed(&rest))
            default: throw Problem(description: "\(Texts.quoted(String(scalar))) stands where . or [ is expected")
            }
        }
    }

    private static let wildcard = Problem(
        description: "wildcards, slices and filters are not known; name one place such as $.items[0].name")

    private static func missingName(_ next: Unicode.Scalar?) -> Problem {
        next == "." ? wildcard : Problem(description: "a name is missing after the dot")
    }

    private static func bracketed(_ rest: inout ArraySlice<Unicode.Scalar>) throws(Problem) -> Step {
        guard let first = rest.first else { throw Problem(description: "[ is not closed") }
        guard first == "'" || first == "\"" else {
            let inside = rest.prefix { $0 != "]" }
            guard inside.count < rest.count else { throw Problem(description: "[ is not closed") }
            rest = rest.dropFirst(inside.count + 1)
            let text = Texts.trimmed(String(String.UnicodeScalarView(inside)))
            guard let index = Int(text) else {
                let isPattern = text.unicodeScalars.contains { ["*", ":", "?", ","].contains($0) }
                throw isPattern
                    ? wildcard : Problem(description: "\(Texts.quoted(text)) in [ ] is no number and not quoted")
            }
            return .index(index)
        }
        rest.removeFirst()
        var name = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            if scalar == first {
                guard rest.popFirst() == "]" else { throw Problem(description: "a ] is missing after a quoted name") }
                return .name(String(name))
            }
            if scalar == "\\", let escaped = rest.popFirst() { name.append(escaped) } else { name.append(scalar) }
        }
        throw Problem(description: "a quoted name is not closed")
    }

    /// The value at this place. Throws why nothing is there.
    func value(in document: JSONValue) throws(Problem) -> JSONValue {
        var value = document
        var place = "$"
        for step in steps {
            switch (step, value) {
            case (.name(let name), .object(let members)):
                guard let member = value[name] else { throw Self.missing(name, among: members, at: place) }
                value = member
                place += Self.isPlain(name) ? ".\(name)" : "[\(Texts.quoted(name))]"
            case (.index(let index), .array(let elements)):
                let position = index < 0 ? elements.count + index : index
                guard elements.indices.contains(position) else {
                    let count = elements.count == 1 ? "1 element" : "\(elements.count) elements"
                    throw Problem(description: "\(place) has \(count), and so no [\(index)]")
                }
                value = elements[position]
                place += "[\(index)]"
            case (.name(let name), _):
                throw Problem(description: "\(place) is \(value.kindWords), and so has no \(Texts.quoted(name))")
            case (.index(let index), _):
                throw Problem(description: "\(place) is \(value.kindWords), and so has no [\(index)]")
            }
        }
        return value
    }

    private static func missing(_ name: String, among members: [JSONMember], at place: String) -> Problem {
        let near = Spelling.nearest(to: name, among: members.map(\.key)).map { "; there is \(Texts.quoted($0))" } ?? ""
        return Problem(description: "\(place) has no \(Texts.quoted(name))\(near)")
    }

    private static func isPlain(_ name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || $0 == "_" || ("0"..."9").contains($0) }
    }
}

extension JSONValue {
    /// Its type in words: `an object`.
    var kindWords: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }

    /// As a text that is compared: strings as they are, all else as JSON.
    var comparedText: String { stringValue ?? JSONWriter.string(self) }
}
