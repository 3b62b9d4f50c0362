/// Damages JSON and event streams as a bad line or a hostile server would: a byte lost, changed, inserted, or a stretch repeated.
public enum ByteDamage {
    private static let pieces = [
        "\"", "\\", "{", "}", "[", "]", ",", ":", "null", "\\ud83d", "0", " ", "\u{1}", "1.5", "\n",
    ]

    /// The bytes with one to three damages.
    public static func damaged(_ bytes: [UInt8], _ random: SeededRandom) -> [UInt8] {
        var bytes = bytes
        for _ in 0...random.next(below: 3) { damage(&bytes, random) }
        return bytes
    }

    private static func damage(_ bytes: inout [UInt8], _ random: SeededRandom) {
        guard !bytes.isEmpty else { return }
        let place = random.next(below: bytes.count)
        switch random.next(below: 4) {
        case 0: bytes.remove(at: place)
        case 1: bytes[place] = UInt8(random.next(below: 256))
        case 2: bytes.insert(contentsOf: pieces[random.next(below: pieces.count)].utf8, at: place)
        default:
            let end = min(bytes.count, place + 1 + random.next(below: 39))
            bytes.insert(contentsOf: bytes[place..<end], at: place)
        }
    }
}
