/// A description of a terminal as the terminfo library reads it: the compiled form with numbers of 32 bits, as in term(5).
///
/// We make one of our own for 24-bit colour, since most terminals that have it call themselves by a name whose description has 256
/// colours: the description of that name with another way to set colours.
public struct TerminfoEntry: Sendable, Hashable {
    /// The name that it is looked up by.
    public var name: String
    /// The standard flags, in the library's order.
    public var flags: [Bool]
    /// The standard numbers, in the library's order; nil = absent.
    public var numbers: [Int32?]
    /// The standard strings, in the library's order; nil = absent.
    public var strings: [[UInt8]?]
    /// Flags that are set beyond the standard ones.
    public var moreFlags: [String] = []
    /// Strings beyond the standard ones, by name.
    public var moreStrings: [String: [UInt8]] = [:]

    /// An entry of standard capabilities.
    public init(name: String, flags: [Bool], numbers: [Int32?], strings: [[UInt8]?]) {
        self.name = name
        self.flags = flags
        self.numbers = numbers
        self.strings = strings
    }

    /// Colours of an entry that was made direct: 24-bit ones, and the 256 of the palette behind them.
    public static let directColors: Int32 = 0x100_0100
    /// The number of the palette's first colour in such an entry.
    public static let paletteStart: Int32 = 0x100_0000

    /// How a colour is set, for `setaf` (base 3) and `setab` (base 4). A number below 0x1000000 is 24 bits, red first, sent as
    /// `38;2;R;G;B`, which more terminals know than the form with colons; those from there on are the palette.
    public static func setDirectColor(base: Int) -> [UInt8] {
        let named = "%?%p1%{16777224}%<%t\(base)%p1%{16777216}%-%d"
        let bright = "%e%p1%{16777232}%<%t\(base + 6)%p1%{16777224}%-%d"
        let indexed = "%e\(base)8;5;%p1%{16777216}%-%d%;"
        let red = "%p1%{65536}%/%d"
        let green = "%p1%{256}%/%{255}%&%d"
        let blue = "%p1%{255}%&%d"
        let direct = "%e\(base)8;2;\(red);\(green);\(blue)%;"
        return Array("\u{1B}[%?%p1%{16777215}%>%t\(named)\(bright)\(indexed)\(direct)m".utf8)
    }

    /// The compiled form; nil when it is too large for it.
    public var compiled: [UInt8]? {
        let title = Array(name.utf8) + [0]
        var table: [UInt8] = []
        let offsets = strings.map { Self.add($0, to: &table) }
        guard table.count <= Int(Int16.max) else { return nil }
        var bytes: [UInt8] = []
        for number in [0o1036, title.count, flags.count, numbers.count, strings.count, table.count] {
            Self.put(Int16(truncatingIfNeeded: number), into: &bytes)
        }
        bytes += title + flags.map { $0 ? 1 : 0 }
        Self.align(&bytes)
        for number in numbers { Self.put(number ?? -1, into: &bytes) }
        for offset in offsets { Self.put(offset, into: &bytes) }
        bytes += table
        Self.align(&bytes)
        putMore(into: &bytes)
        return bytes
    }

    /// The part for capabilities that are not standard: their values, then their names, whose places are counted from the first name.
    private func putMore(into bytes: inout [UInt8]) {
        let named = moreStrings.sorted { $0.key < $1.key }
        var values: [UInt8] = []
        let valueOffsets = named.map { Self.add($0.value, to: &values) }
        var names: [UInt8] = []
        let nameOffsets = (moreFlags + named.map(\.key)).map { Self.add(Array($0.utf8), to: &names) }
        let counts = [
            moreFlags.count, 0, named.count, moreFlags.count + 2 * named.count, values.count + names.count,
        ]
        for count in counts { Self.put(Int16(truncatingIfNeeded: count), into: &bytes) }
        bytes += moreFlags.map { _ in 1 }
        Self.align(&bytes)
        for offset in valueOffsets + nameOffsets { Self.put(offset, into: &bytes) }
        bytes += values + names
    }

    /// Adds a string; its place, -1 for none.
    private static func add(_ text: [UInt8]?, to table: inout [UInt8]) -> Int16 {
        guard let text else { return -1 }
        defer { table += text + [0] }
        return Int16(truncatingIfNeeded: table.count)
    }

    private static func align(_ bytes: inout [UInt8]) { if bytes.count % 2 == 1 { bytes.append(0) } }

    private static func put(_ number: some FixedWidthInteger, into bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
    }
}
