/// The faults that count bytes of the body, whatever they mean: slices, and what happens after so many bytes.
struct ByteStage {
    private let split: Split?
    private let triggers: [Trigger]
    private var nextTrigger = 0
    private var sent = 0
    private var lastCut = 0
    private var shift: Int64 = 0
    private var earliestSlice: Int64 = 0
    private var isOver = false

    init(_ scenario: Scenario) {
        split = scenario.split
        triggers = scenario.byteTriggers
    }

    /// Without what happens after so many bytes, which is about the first connection of an answer.
    init(split: Split? = nil) {
        self.split = split
        triggers = []
    }

    /// Whether cues can pass by unchanged.
    var isIdle: Bool { split == nil && triggers.isEmpty }

    /// Appends what becomes of a cue.
    mutating func process(_ cue: Cue, into cues: inout [Cue]) {
        guard !isOver else { return }
        guard case .bytes(let bytes) = cue.action, !bytes.isEmpty else {
            return cues.append(Cue(due: max(cue.due + shift, earliestSlice), action: cue.action))
        }
        var rest = bytes[...]
        while !isOver, !rest.isEmpty {
            fireTriggers(at: cue.due, into: &cues)
            if isOver { return }
            let count = min(rest.count, roomToNextStop())
            append(slice: Array(rest.prefix(count)), due: cue.due, into: &cues)
            rest = rest.dropFirst(count)
        }
        fireTriggers(at: cue.due, into: &cues)
    }

    private func roomToNextStop() -> Int {
        var stop = nextTrigger < triggers.count ? triggers[nextTrigger].count : Int.max
        switch split {
        case .every(let size, _): stop = min(stop, lastCut + size)
        case .at(let positions): stop = min(stop, positions.first { $0 > sent } ?? Int.max)
        case nil: break
        }
        return stop - sent
    }

    private mutating func append(slice: [UInt8], due: Int64, into cues: inout [Cue]) {
        var time = due + shift
        if case .every(let size, let pause) = split {
            time = max(time, earliestSlice)
            if sent + slice.count == lastCut + size {
                lastCut += size
                earliestSlice = time.later(by: pause)
            }
        }
        sent += slice.count
        cues.append(Cue(due: time, action: .bytes(slice), isFlushed: split != nil))
    }

    private mutating func fireTriggers(at due: Int64, into cues: inout [Cue]) {
        while nextTrigger < triggers.count, triggers[nextTrigger].count <= sent, !isOver {
            let time = max(due + shift, earliestSlice)
            switch triggers[nextTrigger].step {
            case .wait(.nanoseconds(let pause)): shift = shift.later(by: pause)
            case .wait(.forever): end(.hang, time, &cues)
            case .cut: end(.cut, time, &cues)
            case .reset: end(.reset, time, &cues)
            case .raw(let bytes): cues.append(Cue(due: time, action: .bytes(bytes), isFlushed: split != nil))
            default: break
            }
            nextTrigger += 1
        }
    }

    private mutating func end(_ action: Cue.Action, _ time: Int64, _ cues: inout [Cue]) {
        cues.append(Cue(due: time, action: action))
        isOver = true
    }
}
