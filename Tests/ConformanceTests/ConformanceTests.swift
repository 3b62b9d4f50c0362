import ProviderCore
import TestSupport
import Testing

@testable import ProviderOpenAI

@Suite struct ConformanceTests {
    @Test func theTableCanBeRead() throws {
        let cases = try ConformanceCase.load()
        #expect(cases.count >= 600)
        #expect(Set(cases.map(\.name)).count == cases.count, "two cases have one name")
        #expect(cases.allSatisfy { !$0.expected.isEmpty })
    }

    /// Through the whole provider, as a command would.
    @Test(arguments: ConformanceCase.all) func asExpected(_ item: ConformanceCase) async {
        let differences = ConformanceCheck.differences(item, await item.playedByProvider())
        #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
    }

    /// Answers of status 200, however the network cuts them, with and without the fast path.
    @Test(arguments: ConformanceCase.all.filter { $0.status == 200 })
    func theSameAtEverySplit(_ item: ConformanceCase) async {
        let whole = await item.played([item.body[...]])
        let parsed = await item.played([item.body[...]], usesScanner: false)
        #expect(parsed == whole, "without the scanner")
        let single = await item.played(item.body.indices.map { item.body[$0...$0] })
        #expect(single == whole, "byte by byte")
        for cut in item.body.indices {
            let split = await item.played([item.body[..<cut], item.body[cut...]])
            if split != whole {
                #expect(split == whole, "cut at \(cut)")
                return
            }
        }
    }

    /// Damaged bodies: whatever comes out, both paths say the same and nothing crashes.
    @Test(arguments: ConformanceCase.all.filter { $0.status == 200 && !$0.isWhole })
    func damageIsTakenAlike(_ item: ConformanceCase) async {
        let random = SeededRandom(UInt64(item.body.count))
        for _ in 0..<30 {
            var damaged = item
            damaged.body = ByteDamage.damaged(item.body, random)
            let scanned = await damaged.played([damaged.body[...]])
            let parsed = await damaged.played([damaged.body[...]], usesScanner: false)
            if scanned != parsed {
                #expect(scanned == parsed, "\(String(decoding: damaged.body, as: UTF8.self))")
                return
            }
        }
    }
}
