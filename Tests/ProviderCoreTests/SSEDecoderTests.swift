import ProviderCore
import Testing

/// An event, kept.
private struct Kept: Equatable, CustomStringConvertible {
    var name = ""
    var data: String
    var id = ""
    var description: String { "(\(name)|\(data)|\(id))" }
}

private func events(_ slices: [ArraySlice<UInt8>], limit: Int = SSEDecoder.defaultLimit) throws -> [Kept] {
    var decoder = SSEDecoder(limit: limit)
    var kept: [Kept] = []
    func keep(_ event: ServerSentEvent) -> Bool {
        kept.append(Kept(name: event.name, data: String(decoding: event.data, as: UTF8.self), id: event.id))
        return true
    }
    for slice in slices { try slice.withUnsafeBytes { _ = try decoder.feed($0, keep) } }
    try decoder.finish(keep)
    return kept
}

@Suite struct SSEDecoderTests {
    private static let cases: [(String, [Kept])] = [
        ("", []), ("\n\n\n", []), ("data: a\n\n", [Kept(data: "a")]), ("data:a\n\n", [Kept(data: "a")]),
        ("data:  a \n\n", [Kept(data: " a ")]), ("data: a\ndata: b\n\n", [Kept(data: "a\nb")]),
        ("data:\n\n", [Kept(data: "")]), ("data\n\n", [Kept(data: "")]), ("data\ndata\n\n", [Kept(data: "\n")]),
        ("data: a\r\rdata: b\r\n\r\ndata: c\n\n", [Kept(data: "a"), Kept(data: "b"), Kept(data: "c")]),
        ("data: a\r\ndata: b\rdata: c\n\r", [Kept(data: "a\nb\nc")]),
        (": hi\n\n:\n\ndata: a\n: x\ndata: b\n\n", [Kept(data: "a\nb")]),
        ("event: x\ndata: a\n\ndata: b\n\n", [Kept(name: "x", data: "a"), Kept(data: "b")]),
        ("data: a\nevent: x\nevent: y\n\n", [Kept(name: "y", data: "a")]),
        ("event: x\n\ndata: a\n\n", [Kept(data: "a")]),
        (
            "id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n",
            [Kept(data: "a", id: "1"), Kept(data: "b", id: "1"), Kept(data: "c")]
        ),
        ("id: 1\nid: 2\0\ndata: a\n\n", [Kept(data: "a", id: "1")]), ("retry: 5\ndata: a\n\n", [Kept(data: "a")]),
        ("Data: a\ndatax: b\n data: c\ndat: d\n\n", []), ("\u{FEFF}data: a\n\n", [Kept(data: "a")]),
        ("\u{FEFF}\u{FEFF}data: a\n\n", []),
        ("data: a\u{2028}b\u{85}c\u{B}\u{C}\n\n", [Kept(data: "a\u{2028}b\u{85}c\u{B}\u{C}")]),
        ("data: a", []), ("data: a\n", []), ("data: [DONE]", [Kept(data: "[DONE]")]),
        ("data: [DONE] \r", [Kept(data: "[DONE] ")]),
        ("data: {\"a\":1}", [Kept(data: "{\"a\":1}")]), ("data: {\"a\":", []),
        ("data: {\"a\":\ndata: 1}", [Kept(data: "{\"a\":\n1}")]),
    ]

    @Test(arguments: cases.indices) func splitsHoweverItIsCut(_ index: Int) throws {
        let (text, expected) = Self.cases[index]
        let bytes = Array(text.utf8)
        #expect(try events([bytes[...]]) == expected)
        #expect(try events(bytes.indices.map { bytes[$0...$0] }) == expected)
        for cut in bytes.indices { #expect(try events([bytes[..<cut], bytes[cut...]]) == expected, "cut at \(cut)") }
    }

    @Test func partialByteOrderMarkIsText() throws {
        let bytes: [UInt8] = [0xEF, 0xBB] + Array("\ndata: a\n\n".utf8)
        #expect(try events([bytes[...]]) == [Kept(data: "a")])
        #expect(try events(bytes.indices.map { bytes[$0...$0] }) == [Kept(data: "a")])
    }

    @Test func stopsWhenTold() throws {
        var decoder = SSEDecoder()
        var count = 0
        let goesOn = try Array("data: a\n\ndata: b\n\n".utf8).withUnsafeBytes {
            try decoder.feed($0) { _ in
                count += 1
                return false
            }
        }
        #expect(!goesOn)
        #expect(count == 1)
    }

    @Test(arguments: [
        ("data: 12345\n\n", false), ("data: 1234567\n\n", true), (":234567890123", true),
        ("data: 123\ndata: 1234567", true),
        ("data: 1234\ndata: 5678\n\n", false), ("data: 12345\ndata: 12345\ndata: 12\n\n", true),
    ]) func limitHolds(_ text: String, _ fails: Bool) throws {
        let bytes = Array(text.utf8)
        for slices in [[bytes[...]], bytes.indices.map { bytes[$0...$0] }] {
            if fails {
                #expect(throws: ServerSentEventTooLarge(limit: 12)) { try events(slices, limit: 12) }
            } else {
                _ = try events(slices, limit: 12)
            }
        }
    }
}
