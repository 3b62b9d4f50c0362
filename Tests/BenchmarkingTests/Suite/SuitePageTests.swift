import Foundation
import Testing

@testable import Benchmarking

/// `Examples/SUITES.md` and the reader say the same.
@Suite struct SuitePageTests {
    /// Every table of keys; those of scorers as one.
    private static let keys: [SuiteKeys] = {
        let kinds = SuiteKeys.scorers.flatMap { [$0.name] + $0.options }
        return SuiteKeys.all + [SuiteKeys("a score", kinds)]
    }()

    /// Examples by what they begin with.
    struct Example: CustomTestStringConvertible, Sendable {
        var text: String
        var testDescription: String { String(text.prefix(60)) }

        var problems: [String] {
            get throws {
                let files = try SuitePage.files()
                let whole = SuitePage.whole(text)
                let found = SuiteReader.read(Array(whole.utf8), file: "page.yaml", files: files).problems
                return found.isEmpty ? [] : [whole] + found.map(\.description)
            }
        }
    }

    static func examples() throws -> [Example] { SuitePage(try SuitePage.text()).examples.map(Example.init) }

    @Test func tablesHaveTheKeysOfTheReader() throws {
        #expect(SuitePage(try SuitePage.text()).differences(from: Self.keys) == [])
    }

    @Test func keysThatAreRefusedAreTold() throws {
        let told = SuitePage(try SuitePage.text()).words("key")
        let refused = SuiteKeys.all.flatMap(\.refused.keys)
        #expect(refused.count > 8)
        #expect(Set(refused).subtracting(told) == [])
    }

    @Test func words() throws {
        let text = try SuitePage.text()
        let page = SuitePage(text)
        #expect(page.words("step") == SuiteReading.stepWords.map(\.0))
        #expect(page.words("filter") == TemplateParser.filters)
        #expect(page.words("outcome").sorted() == TrialOutcome.allCases.map(\.rawValue).sorted())
        #expect(Set(GateMetric.plain + ["pass@N", "pass^N"]).subtracting(page.words("metric")) == [])
        let pieces = Set(text.split(separator: "`").map(String.init))
        let percentiles = GateMetric.percentiles.map { "." + $0 }
        #expect(Set(GateMetric.times + percentiles + SuiteReading.figures).subtracting(pieces) == [])
        let choices =
            InconclusiveRule.allCases.map(\.rawValue) + Gate.Judged.allCases.map(\.rawValue)
            + CallsSpec.Match.allCases.map(\.rawValue)
        #expect(Set(choices).subtracting(pieces) == [])
    }

    @Test(arguments: try examples())
    func examplesAreReadWithoutAProblem(_ example: Example) throws {
        #expect(try example.problems == [])
    }

    @Test func everyScorerSourceAndMemberOfASuiteHasAnExample() throws {
        let examples = try Self.examples().map(\.text).joined()
        #expect(examples.contains("suite: 1\n"))
        let wanted =
            SuiteKeys.scorers.flatMap { [$0.name] + $0.options } + SuiteKeys.sources + SuiteKeys.steps
            + SuiteKeys.suite.known + SuiteKeys.task.known
        let missing = Set(wanted).filter { !examples.contains("\($0):") }
        #expect(missing.sorted() == [])
    }

    // MARK: The check itself

    @Test func aKeyThatTheReaderDoesNotKnowIsFound() throws {
        let text = try SuitePage.text().replacing("| `adapt` |", with: "| `adopt` |")
        #expect(
            SuitePage(text).differences(from: Self.keys) == [
                "key of concurrency: adapt is not on the page", "key of concurrency: the reader does not know adopt",
            ])
    }

    @Test func aTableOfNothingIsFound() throws {
        let text = try SuitePage.text() + "\n| key of cheese | takes |\n| --- | --- |\n| `rind` | text |\n"
        #expect(SuitePage(text).differences(from: Self.keys) == ["the reader knows no key of cheese"])
    }

    @Test(arguments: ["score: {exakt: a}\n", "gates:\n  - {metric: beauty, at_least: 1}\n", "suite: 1\nname: n\n"])
    func aWrongExampleIsFound(_ text: String) throws {
        #expect(try !Example(text: text).problems.isEmpty)
    }
}
