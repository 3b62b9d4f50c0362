import Foundation
import ProviderCore
import Testing

/// The page says what the code says.
@Suite struct GuideTests {
    private let page: GuidePage

    init() throws { page = try GuidePage() }

    private func source(_ name: String) throws -> String {
        try String(contentsOf: GuidePage.folder.appendingPathComponent(name), encoding: .utf8)
    }

    @Test func codeIsThatOfTheFiles() throws {
        let examples = page.blocks.filter { $0.kind == "example" }
        #expect(examples.count >= 10)
        for block in examples {
            // What the program of the folder gets as arguments, the page sets.
            let lines = block.text.split(separator: "\n", omittingEmptySubsequences: false)
                .filter { !$0.hasPrefix("let baseURL = ") && !$0.hasPrefix("let model = ") }
            let code = GuidePage.marked(try source(block.name))
            #expect(lines.joined(separator: "\n") == code, "copy the marked part of \(block.name) into GUIDE.md")
        }
    }

    @Test func everyFileIsOnThePage() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: GuidePage.folder.path)
        for file in files where file.hasSuffix(".swift") && file != "main.swift" {
            #expect(page.block("example", file) != nil, "\(file)")
            let lines = try source(file).split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.count { !$0.contains("// guide:") } - 1 <= 60, "\(file)")
        }
    }

    /// A difference of a sign or a blank is a difference.
    @Test func markedPartsAreExact() {
        let source =
            "import A\n// guide:begin\nimport B\n\n// guide:end\nf {\n    // guide:begin\n    a {\n        b\n    }\n\n"
            + "    c\n    // guide:end\n}\n"
        #expect(GuidePage.marked(source) == "import B\n\na {\n    b\n}\n\nc")
        let page =
            "x\n<!-- example: A.swift -->\n```swift\na\n\nb\n```\n```text\nplain\n```\n<!-- scenario -->\n```text\ns\n```\n"
        #expect(
            GuidePage.blocks(page).map { "\($0.kind)|\($0.name)|\($0.text)" } == [
                "example|A.swift|a\n\nb", "scenario||s",
            ])
    }

    @Test func everyKindHasItsRow() {
        let rows = page.rows.filter { $0.count == 3 }
        for kind in ProviderError.Kind.allCases {
            let row = rows.first { $0[0] == "\(kind)" }
            let isRetryable = ProviderError(kind: kind, message: "").isRetryable
            #expect(row?[2].hasPrefix(isRetryable ? "yes" : "no") == true, "\(kind)")
        }
        for fate in RequestFate.allCases {
            #expect(rows.contains { $0[0] == "\(fate)" }, "\(fate)")
        }
    }

    @Test func everyEventHasItsRow() throws {
        let file = try source("../ProviderCore/Chat/StreamEvent.swift")
        let cases = try #require(file.firstRange(of: "public enum StreamEvent")).upperBound
        let end = try #require(file[cases...].firstRange(of: "\n}")).lowerBound
        let names = file[cases..<end].matches(of: /\bcase (\w+)\(/).map { String($0.output.1) }
        #expect(names.count >= 10)
        let rows = Set(page.rows.map { $0[0] })
        for name in names { #expect(rows.contains(name), "\(name)") }
    }

    @Test func timeLimitsAreTheDefaults() {
        let defaults = HTTPTimeouts()
        let limits: [(String, Duration?)] = [
            ("connect", defaults.connect), ("firstByte", defaults.firstByte), ("stall", defaults.stall),
            ("event", defaults.event), ("total", defaults.total),
        ]
        #expect(Mirror(reflecting: defaults).children.count == limits.count)
        for (name, limit) in limits {
            let row = page.rows.first { $0[0] == name && $0.count == 3 }
            #expect(row?.last == limit?.spoken, "\(name)")
        }
    }

    @Test func productsAndLinksAreThere() throws {
        let package = try source("../../Package.swift")
        for match in page.text.matches(of: /\.product\(name: "(\w+)"/) {
            #expect(package.contains(".library(name: \"\(match.output.1)\""))
        }
        #expect(!package.contains(".executable(name: \"provider-examples\""))
        let headings = page.text.split(separator: "\n").filter { $0.hasPrefix("#") }
            .map { $0.trimmingPrefix(while: { $0 == "#" || $0 == " " }).lowercased().replacing(" ", with: "-") }
        for match in page.text.matches(of: /\]\(([^)]+)\)/) {
            let target = String(match.output.1)
            if target.hasPrefix("#") {
                #expect(headings.contains(String(target.dropFirst())), "\(target)")
            } else {
                let file = GuidePage.folder.appendingPathComponent(target)
                #expect(FileManager.default.fileExists(atPath: file.path), "\(target)")
            }
        }
    }
}
