import ProviderCore
import Testing

@testable import ProviderHTTP

struct NameLookupsTests {
    private let unknown = TransportError(.nameLookup, "host a not found")

    @Test func oneAsksForAll() {
        var lookups = NameLookups<Int>()
        let leads = (0..<1000).map { lookups.join($0, "a") }
        #expect(leads == [true] + Array(repeating: false, count: 999))
        let other = lookups.join(2000, "b")
        #expect(other)
        let none = lookups.resolve { _ in true }
        #expect(none.start.isEmpty && none.fail.isEmpty)
        lookups.end(0, .found)
        let (start, fail) = lookups.resolve { $0 != 7 }
        #expect(start == (1..<1000).filter { $0 != 7 })
        #expect(fail.isEmpty)
        #expect(!lookups.isEmpty)
        lookups.end(2000, .found)
        _ = lookups.resolve { _ in true }
        #expect(lookups.isEmpty)
    }

    @Test func allFailTogether() {
        var lookups = NameLookups<Int>()
        for id in 1...3 { _ = lookups.join(id, "a") }
        lookups.end(1, .failed(unknown))
        let (start, fail) = lookups.resolve { $0 != 2 }
        #expect(start.isEmpty)
        #expect(fail.map(\.0) == [3])
        #expect(fail.first?.1 == unknown)
        let again = lookups.join(4, "a")
        #expect(again)
    }

    /// When the one who asks goes, the next one asks; those who have gone as well are passed over.
    @Test func theNextOneAsks() {
        var lookups = NameLookups<Int>()
        for id in 1...5 { _ = lookups.join(id, "a") }
        lookups.end(1, .gone)
        let first = lookups.resolve { $0 > 2 }
        #expect(first.start == [3])
        let joins = lookups.join(6, "a")
        #expect(!joins)
        lookups.end(3, .found)
        let second = lookups.resolve { _ in true }
        #expect(second.start == [4, 5, 6])
        #expect(lookups.isEmpty)
    }

    @Test func onlyTheEndOfTheLeaderCounts() {
        var lookups = NameLookups<Int>()
        for id in 1...2 { _ = lookups.join(id, "a") }
        lookups.end(2, .found)
        let none = lookups.resolve { _ in true }
        #expect(none.start.isEmpty)
        lookups.end(1, .gone)
        let nobody = lookups.resolve { _ in false }
        #expect(nobody.start.isEmpty)
        #expect(lookups.isEmpty)
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("[::1]", true), ("localhost", true), ("LOCALHOST", true), ("api.example.com", false),
        ("127.0.0.1.example.com", false), ("256.1.1.1", false),
    ])
    func hostsThatNeedNone(_ host: String, _ expected: Bool) {
        #expect(isAddress(host) == expected)
    }
}
