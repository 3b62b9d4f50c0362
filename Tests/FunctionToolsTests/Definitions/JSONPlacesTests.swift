import ProviderCore
import TestSupport
import Testing

@testable import FunctionTools

/// Where values stand in a text.
@Suite struct JSONPlacesTests {
    static func pointers(_ value: JSONValue, _ path: JSONPointer = JSONPointer()) -> [JSONPointer] {
        switch value {
        case .array(let elements):
            [path] + elements.enumerated().flatMap { pointers($1, path.appending(String($0))) }
        case .object(let members): [path] + members.flatMap { pointers($0.value, path.appending($0.key)) }
        default: [path]
        }
    }

    @Test func placesAreBytes() {
        let text = "\u{FEFF} {\"é\" : [1, {\"b\\u0063\":true}], \"a/b\": \"x\\\"]\"}"
        let bytes = Array(text.utf8)
        let places = JSONPlaces.find(
            ["", "/é", "/é/0", "/é/1", "/é/1/bc", "/a~1b", "/é/2", "/x"].compactMap { JSONPointer(text: $0) }, in: bytes
        )
        func expect(_ pointer: String, _ name: Int?, _ value: Int) {
            #expect(
                JSONPointer(text: pointer).map { places[$0] } == .some(.init(name: name, value: value)), "\(pointer)")
        }
        expect("", nil, 4)
        expect("/é", 5, 12)
        expect("/é/0", nil, 13)
        expect("/é/1", nil, 16)
        expect("/é/1/bc", 17, 27)
        expect("/a~1b", 35, 42)
        #expect(places.count == 6)
    }

    /// At the place that is found, the value itself begins.
    @Test(arguments: 0..<20) func valuesBeginAtTheirPlaces(_ seed: Int) throws {
        let random = RandomJSON(UInt64(9_000 + seed))
        for _ in 0..<50 {
            let value = random.value()
            guard !ArgumentPropertyTests.repeatsNames(value) else { continue }
            let bytes = Array(random.text(value).utf8)
            let pointers = Self.pointers(value)
            let places = JSONPlaces.find(pointers, in: bytes)
            #expect(places.count == Set(pointers).count)
            for (pointer, place) in places {
                let tail = Array(bytes[place.value...])
                let whole = pointer.value(in: value)
                let end = (1...tail.count).first { end in
                    whole == (try? JSONParser.parse(Array(tail[..<end])))
                }
                #expect(end != nil && !tail[0].isJSONSpace, "\(pointer)")
            }
        }
    }

    @Test func positionsCountCharacters() {
        let bytes = Array("é\na🎈b\n".utf8)
        let positions = TextPosition.of([0, 2, 3, 4, 8, 10, 99], in: bytes)
        let expected = [0: (1, 1), 2: (1, 2), 3: (2, 1), 4: (2, 2), 8: (2, 3), 10: (3, 1), 99: (3, 1)]
        for (offset, place) in expected {
            #expect(positions[offset] == TextPosition(line: place.0, column: place.1), "\(offset)")
        }
    }
}
