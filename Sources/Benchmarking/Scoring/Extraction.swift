internal import FunctionTools
internal import ProviderCore

/// Takes the part out of an answer that is scored. Takes time linear in the answer.
public enum Extraction {
    /// Why there is nothing to score.
    public struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
        /// The step, from 0.
        public var step: Int
        /// Whether the step itself cannot be followed, such as a pattern that is none: the suite's fault, not the answer's.
        public var isSuiteFault: Bool
        /// Why, in words.
        public var message: String

        /// A problem.
        public init(step: Int, isSuiteFault: Bool = false, message: String) {
            self.step = step
            self.isSuiteFault = isSuiteFault
            self.message = message
        }

        /// `extraction, step 2: there is no number`.
        public var description: String { "extraction, step \(step + 1): \(message)" }
    }

    /// How much work a pattern may make: its size times the length of the text.
    static let greatestPatternWork = 1_000_000_000

    /// What the steps take out of a text. A part that was found may be empty.
    public static func run(_ steps: [ExtractionStep], on text: String) throws(Problem) -> String {
        var text = text
        for (number, step) in steps.enumerated() {
            do throws(Fault) { text = try part(step, of: text) } catch {
                throw Problem(step: number, isSuiteFault: error.isSuiteFault, message: error.message)
            }
        }
        return text
    }

    private struct Fault: Error {
        var message: String
        var isSuiteFault = false
    }

    private static func part(_ step: ExtractionStep, of text: String) throws(Fault) -> String {
        switch step {
        case .after(let mark): return try beside(mark, in: text, isAfter: true)
        case .before(let mark): return try beside(mark, in: text, isAfter: false)
        case .line(let isLast):
            let lines = Texts.lines(text)
            let isFilled = { (line: Substring) in !Texts.trimmed(line).isEmpty }
            guard let line = isLast ? lines.last(where: isFilled) : lines.first(where: isFilled) else {
                throw Fault(message: "there is no line that is not blank")
            }
            return Texts.trimmed(line)
        case .number(let isLast):
            guard let number = NumberScanner.find(in: text, isLast: isLast) else {
                throw Fault(message: "there is no number in \(Texts.quoted(text))")
            }
            return number
        case .regex(let pattern, let isLast): return try match(pattern, in: text, isLast: isLast)
        case .codeBlock(let language, let isLast): return try code(language, in: text, isLast: isLast)
        case .json:
            guard let found = JSONFinder.meant(in: text) else {
                throw Fault(message: "there is no JSON object or array in \(Texts.quoted(text))")
            }
            return found.spelt
        case .jsonPath(let path): return try value(path, in: text)
        case .trim: return Texts.trimmed(text)
        case .lower: return text.lowercased()
        }
    }

    private static func beside(_ mark: String, in text: String, isAfter: Bool) throws(Fault) -> String {
        let (bytes, wanted) = (Array(text.utf8), Array(mark.utf8))
        let search = ByteSearch(wanted)
        guard let place = isAfter ? search.last(in: bytes) : search.first(in: bytes) else {
            throw Fault(message: "there is no \(Texts.quoted(mark)) in \(Texts.quoted(text))")
        }
        return String(decoding: isAfter ? bytes[(place + wanted.count)...] : bytes[..<place], as: UTF8.self)
    }

    private static func match(_ pattern: String, in text: String, isLast: Bool) throws(Fault) -> String {
        let search: PatternSearch
        do throws(PatternProblem) { search = try PatternSearch(pattern) } catch {
            throw Fault(message: "\(Texts.quoted(pattern)) is no pattern: \(error)", isSuiteFault: true)
        }
        guard search.size * (text.utf8.count + 1) <= greatestPatternWork else {
            throw Fault(
                message: "\(Texts.quoted(pattern)) is too large for an answer of this length", isSuiteFault: true)
        }
        let found: PatternSearch.Found?
        do throws(PatternSearch.TooIntertwined) {
            found = isLast ? try search.last(in: text) : try search.first(in: text)
        } catch { throw Fault(message: "\(Texts.quoted(pattern)): \(error)", isSuiteFault: true) }
        guard let found else {
            throw Fault(message: "\(Texts.quoted(pattern)) matches nothing in \(Texts.quoted(text))")
        }
        return found.group ?? found.text
    }

    private static func code(_ language: String?, in text: String, isLast: Bool) throws(Fault) -> String {
        let fences = CodeFence.all(in: text)
        guard !fences.isEmpty else { return text }
        guard let language else { return (isLast ? fences.last : fences.first)?.content ?? text }
        // A fence without a word is meant when none has the right one.
        let named = fences.filter { $0.isIn(language) }
        let meant = named.isEmpty ? fences.filter(\.language.isEmpty) : named
        guard let fence = isLast ? meant.last : meant.first else {
            let others = fences.prefix(3).map { Texts.quoted($0.language) }.joined(separator: ", ")
            throw Fault(message: "there is no block of \(language), but of \(others)")
        }
        return fence.content
    }

    private static func value(_ source: String, in text: String) throws(Fault) -> String {
        let path: JSONPath
        do throws(JSONPath.Problem) { path = try JSONPath(source) } catch {
            throw Fault(message: "\(Texts.quoted(source)) is no path: \(error)", isSuiteFault: true)
        }
        let document: JSONValue
        do { document = try JSONParser.parse(text) } catch {
            throw Fault(message: "\(Texts.quoted(text)) is not JSON: \(error)")
        }
        do throws(JSONPath.Problem) { return try path.value(in: document).comparedText } catch {
            throw Fault(message: error.description)
        }
    }
}
