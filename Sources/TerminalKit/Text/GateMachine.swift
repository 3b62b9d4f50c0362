/// The gate's state between two pieces of text: what is settled, and the cluster that more may join.
struct GateMachine: Sendable {
    private let allowNewlines: Bool
    private var output: [UInt8] = []
    private var hidden = 0
    private var cluster = GateCluster()
    private var sawReturn = false
    /// Scalars of the emoji sequence that the current cluster continues.
    private var chain = 0
    private var joinsPrevious = false
    private static let plain = CellClass("a")

    init(allowNewlines: Bool) { self.allowNewlines = allowNewlines }

    mutating func reserve(_ bytes: Int) { output.reserveCapacity(bytes + bytes / 8) }

    /// What is settled since the last call.
    mutating func take() -> GatedText {
        let gated = GatedText(text: String(decoding: output, as: UTF8.self), hiddenCount: hidden)
        output.removeAll(keepingCapacity: true)
        hidden = 0
        return gated
    }

    mutating func feed(_ text: String) {
        var text = text
        text.withUTF8 { feed($0) }
    }

    /// The end of the text.
    mutating func finish() {
        settleReturn()
        settle(next: nil)
        chain = 0
        joinsPrevious = false
    }

    private mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>) {
        var index = 0
        while index < bytes.count {
            if bytes[index] &- 0x20 < 0x5F {
                var end = index + 1
                while end < bytes.count, bytes[end] &- 0x20 < 0x5F { end += 1 }
                settleReturn()
                settle(next: Unicode.Scalar(bytes[index]))
                output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[index..<end - 1]))
                cluster.begin(Unicode.Scalar(bytes[end - 1]), Self.plain)
                if end - index > 1 { (chain, joinsPrevious) = (0, false) }
                index = end
            } else {
                let (scalar, length) = UTF8Scalar.decode(bytes, at: index)
                take(scalar)
                index += length
            }
        }
    }

    private mutating func take(_ scalar: Unicode.Scalar) {
        if sawReturn, scalar == "\n" {
            sawReturn = false
            return newline()
        }
        settleReturn()
        let scalarClass = CellClass(scalar)
        switch scalarClass.kind {
        case .control: control(scalar)
        case .lineBreak: newline()
        case .bidi: placeholder(GatePlaceholder.bidi(scalar))
        case .noncharacter: begin("\u{FFFD}", Self.plain)
        case .invisible: hidden += 1
        case .mark, .jamo, .spacingMark, .joiner, .tag, .selector:
            if !cluster.extend(scalar) { hidden += 1 }
        case .modifier where chain + cluster.count >= GateCluster.longest: hidden += 1
        default: begin(scalar, scalarClass)
        }
    }

    private mutating func control(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x0A: newline()
        case 0x0D: sawReturn = true
        case 0x09:
            settle(next: nil)
            output.append(0x09)
        case 0x80...0x9F: placeholder(GatePlaceholder.c1(scalar))
        default: begin(GatePlaceholder.picture(scalar), Self.plain)
        }
    }

    private mutating func settleReturn() {
        guard sawReturn else { return }
        sawReturn = false
        begin("\u{240D}", Self.plain)
    }

    private mutating func newline() {
        guard allowNewlines else { return begin("\u{240A}", Self.plain) }
        settle(next: nil)
        output.append(0x0A)
    }

    private mutating func placeholder(_ name: String) {
        settle(next: nil)
        output.append(contentsOf: "‹".utf8)
        output.append(contentsOf: name.utf8)
        (chain, joinsPrevious) = (0, false)
        cluster.begin("›", Self.plain)
    }

    private mutating func begin(_ scalar: Unicode.Scalar, _ scalarClass: CellClass) {
        settle(next: scalar)
        cluster.begin(scalar, scalarClass)
    }

    /// Ends the current cluster, now that it is known what follows; nil = the end of a line or something that joins
    /// nothing.
    private mutating func settle(next: Unicode.Scalar?) {
        if !cluster.isEmpty {
            let used = joinsPrevious || cluster.isModifier ? chain : 0
            if let lone = cluster.lone {
                UTF8Scalar.append(lone, to: &output)
                (chain, joinsPrevious) = (used + 1, false)
            } else {
                hidden += cluster.settle(next: next, room: GateCluster.longest - used)
                (chain, joinsPrevious) = (used + cluster.count, cluster.endsJoined)
                for scalar in cluster.scalars { UTF8Scalar.append(scalar, to: &output) }
            }
            cluster.removeAll()
        }
        if next == nil { (chain, joinsPrevious) = (0, false) }
    }
}
