internal import ProviderCore

/// Finds JSON objects and arrays among other text. Reads each byte a bounded number of times: a text made of opening brackets
/// costs no more than others.
struct JSONFinder {
    /// A value and how it was spelt.
    struct Found: Equatable {
        var value: JSONValue
        var spelt: String
    }

    private let bytes: [UInt8]
    private var position = 0
    private var budget: Int

    init(_ text: String) {
        bytes = Array(text.utf8)
        budget = 16 * bytes.count + 65_536
    }

    /// The JSON that a text is meant to hold: the whole text, else the first fenced block that is JSON, else the first object or
    /// array anywhere; nil = there is none.
    static func meant(in text: String) -> Found? {
        if let whole = container(text) { return whole }
        for fence in CodeFence.all(in: text) {
            if let found = container(fence.content) { return found }
        }
        var finder = JSONFinder(text)
        return finder.next()
    }

    private static func container(_ text: String) -> Found? {
        let bare = Texts.trimmed(text)
        guard bare.utf8.first == UInt8(ascii: "{") || bare.utf8.first == UInt8(ascii: "["),
            let value = try? JSONParser.parse(bare)
        else { return nil }
        return Found(value: value, spelt: bare)
    }

    /// The next object or array that does not lie in one that was found.
    mutating func next() -> Found? {
        while position < bytes.count, budget > 0 {
            let byte = bytes[position]
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "["), let end = end(from: position) {
                budget -= end - position
                if let value = try? bytes[position..<end].withUnsafeBytes({ try JSONParser.parse($0) }) {
                    let spelt = String(decoding: bytes[position..<end], as: UTF8.self)
                    position = end
                    return Found(value: value, spelt: spelt)
                }
            }
            position += 1
        }
        return nil
    }

    /// Where the brackets that open here are closed; nil when they are not, or something between cannot be JSON.
    private mutating func end(from start: Int) -> Int? {
        var open: [UInt8] = []
        var place = start
        defer { budget -= place - start + 1 }
        while place < bytes.count, place - start < budget {
            let byte = bytes[place]
            place += 1
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                guard open.count < JSONParser.maximumDepth else { return nil }
                open.append(byte)
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard let opening = open.popLast(), opening == (byte == UInt8(ascii: "}") ? 0x7B : 0x5B) else {
                    return nil
                }
                if open.isEmpty { return place }
            case UInt8(ascii: "\""):
                guard let end = endOfString(from: place, limit: start + budget) else {
                    // Nothing closes it: the way to the end of the text was made for nothing.
                    place = bytes.count
                    return nil
                }
                place = end
            default: guard Self.canBeOutsideStrings(byte) else { return nil }
            }
        }
        return nil
    }

    private func endOfString(from start: Int, limit: Int) -> Int? {
        var place = start
        while place < bytes.count, place < limit {
            switch bytes[place] {
            case UInt8(ascii: "\""): return place + 1
            case UInt8(ascii: "\\"): place += 2
            case 0..<0x20: return nil
            default: place += 1
            }
        }
        return nil
    }

    private static func canBeOutsideStrings(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x0A, 0x0D, 0x09, UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "-"), UInt8(ascii: "+"),
            UInt8(ascii: "."), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "E"), UInt8(ascii: "a"),
            UInt8(ascii: "e"), UInt8(ascii: "f"), UInt8(ascii: "l"), UInt8(ascii: "n"), UInt8(ascii: "r"),
            UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "u"):
            true
        default: false
        }
    }
}
