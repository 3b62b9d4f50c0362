import Benchmarking
import ProviderCore
import Statistics
import Testing

@Suite struct TimelineTests {
    private typealias Event = TimelineEvent

    private func random(_ chance: inout SeededGenerator, count: Int) -> [Event] {
        var time: Int64 = 0
        return (0..<count).map { _ in
            time += Int64(chance.index(below: [1, 100, 100_000, 1 << 40][chance.index(below: 4)]))
            return Event(
                Event.Kind.allCases[chance.index(below: 10)], microseconds: time,
                tokens: chance.index(below: 3) == 0 ? nil : chance.index(below: 400),
                bytes: chance.index(below: [50, 100_000][chance.index(below: 2)]),
                isCoalesced: chance.index(below: 2) == 0)
        }
    }

    @Test func whatIsPackedComesBack() throws {
        var chance = SeededGenerator(seed: 1)
        for count in 0..<200 {
            let events = random(&chance, count: count)
            let timeline = StreamTimeline(events)
            #expect(timeline.events == events)
            #expect(timeline.count == count)
            let again = try StreamTimeline(packed: timeline.packed)
            #expect(again == timeline)
            #expect(again.count == count)
        }
    }

    /// Stored timelines must stay readable: these bytes are the format.
    @Test func theFormatIsThis() throws {
        var timeline = StreamTimeline()
        timeline.append([.init(.role, bytes: 100)], at: .microseconds(300))
        timeline.append(
            [.init(.text, tokens: 1, bytes: 98), .init(.text, tokens: 1, bytes: 98)], at: .microseconds(310))
        timeline.append([.init(.done, bytes: 6)], at: .microseconds(310))
        let bytes: [UInt8] = [
            1,  // version
            0xB1, 0x09, 1, 0xC8, 0x01,  // 300 later, other kind: role; 100 bytes more
            0x2B, 19, 1, 3,  // 10 later, coalesced, other kind: text with 1 token; 2 bytes less
            0x02, 0,  // at once, coalesced, the same
            0x01, 9, 0xB7, 0x01,  // at once, other kind: done; 92 bytes less
        ]
        #expect(timeline.packed == bytes)
        #expect(try StreamTimeline(packed: bytes).events.map(\.kind) == [.role, .text, .text, .done])
    }

    /// 200 tokens a second and 50 a second, sizes that vary as those of real chunks do.
    @Test(arguments: [(200, 3.8), (50, 4.2)])
    func aChunkTakesThreeOrFourBytes(perSecond: Int, most: Double) {
        var chance = SeededGenerator(seed: 2)
        var timeline = StreamTimeline()
        var time: Int64 = 400_000
        for _ in 0..<2000 {
            time += Int64(Double(1_000_000 / perSecond) * (0.5 + chance.unit()))
            timeline.append([.init(.text, bytes: 190 + chance.index(below: 25))], at: .microseconds(time))
        }
        let each = Double(timeline.packed.count) / 2000
        #expect(each < most, "\(each) bytes a chunk")
    }

    @Test func oneReadIsOneStamp() {
        var timeline = StreamTimeline()
        timeline.append([.init(.text, bytes: 5)], at: .milliseconds(1))
        timeline.append(
            [.init(.text, bytes: 5), .init(.text, bytes: 6), .init(.usage, bytes: 7)], at: .milliseconds(2))
        timeline.append([], at: .milliseconds(3))
        #expect(timeline.events.map(\.isCoalesced) == [false, true, true, true])
        #expect(timeline.events.map(\.microseconds) == [1000, 2000, 2000, 2000])
    }

    @Test func numbersOutOfRangeAreDrawnIn() throws {
        let timeline = StreamTimeline([
            Event(.text, microseconds: -5, tokens: -1, bytes: -1),
            Event(.text, microseconds: 100, tokens: .max, bytes: .max),
            Event(.text, microseconds: 50, tokens: 0, bytes: 0),
            Event(.done, microseconds: .max, bytes: 1),
        ])
        let largest = StreamTimeline.largest
        #expect(timeline.events.map(\.microseconds) == [0, 100, 100, largest])
        #expect(timeline.events.map(\.tokens) == [nil, Int(largest), 0, nil])
        #expect(timeline.events.map(\.bytes) == [0, Int(largest), 0, 1])
        #expect(try StreamTimeline(packed: timeline.packed) == timeline)
        var late = StreamTimeline()
        late.append([.init(.text, bytes: 1)], at: .seconds(Int64.max))
        late.append([.init(.text, bytes: 1)], at: .seconds(Int64.min))
        #expect(late.events.allSatisfy { $0.microseconds > 9_000_000_000_000_000 })
    }

    @Test(
        arguments: [
            ("nothing", [], TimelineError.Reason.truncated),
            ("another version", [2], .version(2)),
            ("version 0", [0, 0, 0], .version(0)),
            ("half an event", [1, 4], .truncated),
            ("a number without end", [1, 0x80], .truncated),
            ("a head is missing", [1, 5], .truncated),
            ("tokens are missing", [1, 5, 19], .truncated),
            ("no such kind", [1, 5, 10, 0], .kind),
            ("a reserved bit", [1, 5, 0x23, 0], .kind),
            ("a kind that is no other", [1, 5, 0, 0], .kind),
            ("a longer form of 1", [1, 0x84, 0x00, 0], .number),
            ("ten groups", [1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01, 0], .number),
            ("a time of 2^60", [1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40, 0], .number),
            ("fewer bytes than none", [1, 4, 1], .number),
            ("tokens over 2^53", [1, 5, 19, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40, 0], .number),
        ] as [(String, [UInt8], TimelineError.Reason)])
    func hostileBytesAreRefused(name: String, bytes: [UInt8], reason: TimelineError.Reason) {
        #expect {
            try StreamTimeline(packed: bytes)
        } throws: { error in
            (error as? TimelineError)?.reason == reason
        }
    }

    /// Whatever is read is written again byte by byte, so nothing is read that was not written so; nothing crashes.
    @Test func spoiltBytesAreRefusedOrAreAnotherTimeline() {
        var chance = SeededGenerator(seed: 3)
        var refused = 0
        var read = 0
        for round in 0..<20_000 {
            var bytes = StreamTimeline(random(&chance, count: 1 + round % 12)).packed
            for _ in 0...chance.index(below: 3) {
                let place = chance.index(below: bytes.count)
                switch chance.index(below: 3) {
                case 0: bytes[place] = UInt8(chance.index(below: 256))
                case 1: bytes.insert(UInt8(chance.index(below: 256)), at: place)
                default: bytes.removeSubrange(place...)
                }
                if bytes.isEmpty { break }
            }
            do throws(TimelineError) {
                let timeline = try StreamTimeline(packed: bytes)
                #expect(StreamTimeline(timeline.events).packed == bytes)
                read += 1
            } catch {
                #expect(error.offset <= bytes.count)
                refused += 1
            }
        }
        // Both ways were taken.
        #expect(refused > 5000)
        #expect(read > 1000)
    }

    @Test func pureNoiseIsRefusedToo() {
        var chance = SeededGenerator(seed: 4)
        for _ in 0..<20_000 {
            let bytes = [1] + (0..<chance.index(below: 40)).map { _ in UInt8(chance.index(below: 256)) }
            guard let timeline = try? StreamTimeline(packed: bytes) else { continue }
            #expect(StreamTimeline(timeline.events).packed == bytes)
        }
    }

    @Test func kindsKeepTheirNumbers() {
        #expect(Event.Kind.allCases.map(\.rawValue) == Array(0...9))
        #expect(Event.Kind.allCases.filter(\.isToken) == [.reasoning, .text, .refusal, .tool])
        #expect(Event.Kind.allCases.filter(\.isVisible) == [.text, .refusal, .tool])
        #expect(Event.Kind.allCases.filter(\.hasChoice) == [.role, .reasoning, .text, .refusal, .tool, .finish])
    }
}
