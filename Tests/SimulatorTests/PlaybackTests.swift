import Testing

@testable import Simulator

@Suite struct PlaybackTests {
    private func beats(_ script: String, _ options: BeatSequence.Options = .init()) throws -> [Beat] {
        var sequence = try BeatSequence(
            ScenarioSet(parsing: "scenario s\n" + script, file: "f").scenarios[0], options: options)
        return (0..<1_000).compactMap { _ in sequence.next() }
    }

    private func texts(_ beats: [Beat]) -> [String] {
        beats.compactMap {
            if case .text(_, let bytes) = $0.event { String(decoding: bytes, as: UTF8.self) } else { nil }
        }
    }

    @Test(arguments: [
        ("Hello, world", ["Hello", ",", " world"]),
        ("  two  blanks", [" ", " two", " ", " blanks"]),
        ("```swift\n\nx", ["```", "swift", "\n\n", "x"]),
        ("approximately", ["approxim", "ately"]),
        ("ééééé📈x", ["éééé", "é📈x"]),
        (" ", [" "]),
        ("a \nb", ["a", " \n", "b"]),
    ])
    func cutsTextIntoRoughTokens(_ text: String, _ expected: [String]) throws {
        var scenario = Scenario(name: "s")
        scenario.steps = [.text(.reply, text)]
        var sequence = BeatSequence(scenario, options: .init())
        let pieces = texts((0..<100).compactMap { _ in sequence.next() })
        #expect(pieces == expected)
        #expect(RoughTokens.count(Array(text.utf8)) == expected.count)
    }

    @Test func spacesTokensByTheRateFromTheStart() throws {
        let played = try beats("rate 3 tokens/s\nreply 'a b c d'\nwait 1s\nrate max\nreply 'e f'")
        let times = played.filter { if case .text = $0.event { true } else { false } }.map(\.due)
        #expect(times == [0, 333_333_333, 666_666_666, 999_999_999, 2_333_333_332, 2_333_333_332])
        #expect(played.last?.event == .done)
    }

    @Test func playsPiecesOfSeveralTokensCharactersOrWhole() throws {
        #expect(texts(try beats("pieces of 2 tokens\nreply 'a b c'")) == ["a b", " c"])
        #expect(texts(try beats("pieces of 2 characters\nreply 'aé📈b'")) == ["aé", "📈b"])
        #expect(texts(try beats("pieces whole\nreply 'a b c'\nwait 20ms\nreply ' d'")) == ["a b c", " d"])
        let due = try beats("rate 10 tokens/s\npieces of 2 tokens\nreply 'a b c'").map(\.due)
        #expect(due == [0, 200_000_000, 300_000_000, 300_000_000])
    }

    @Test func endsWithFinishUsageAndDone() throws {
        let events = try beats("reasoning 'a b'\nreply 'c'", .init(reportsUsage: true)).map(\.event)
        #expect(
            events.suffix(3) == [
                .finish("stop", TokenCounts(completion: 3, reasoning: 2)),
                .usage(TokenCounts(completion: 3, reasoning: 2)), .done,
            ])
        #expect(try beats("reply 'c'\nfinish none\ndone none").count == 1)
        #expect(try beats("usage none\nreply 'c'", .init(reportsUsage: true)).count == 3)
        #expect(try beats("call f with '{}'").map(\.event).contains(.finish("tool_calls", TokenCounts(completion: 2))))
        #expect(try beats("reply 'c'\nfinish stop\ndone\ndata 'late'").last?.event == .data("late"))
        #expect(try beats("reply 'c'\nerror 'e'").last?.event == .error(ErrorObject(message: "e")))
    }

    @Test(arguments: ["rate 1e-300 tokens/s", "repeat 1000\nrepeat 1000\nwait 86400s\nend\nend"])
    func staysInRangeHoweverSlow(_ lines: String) throws {
        var builder = WholeAnswer(
            CompletionFold(
                AnswerContext(
                    id: "", created: 0, model: "", usage: UsagePlan(), promptTokens: 0, reportsUsage: false)))
        let set = try ScenarioSet(
            parsing: "scenario s\nsplit every 1 byte pause 86400s\n\(lines)\nreply 'a b c'", file: "f")
        let (cues, _) = builder.build(
            BeatSequence(set.scenarios[0], options: .init(isWhole: true)), status: 200)
        var sequence = CueSequence(cues, stage: ByteStage(set.scenarios[0]))
        var last: Int64 = 0
        while let cue = sequence.next() {
            #expect(cue.due >= last)
            last = cue.due
        }
        #expect(last > 0)
    }

    @Test func stopsAtTheLimitOfTokens() throws {
        let played = try beats("repeat forever\nreply 'a b '\nend", .init(maxTokens: 5))
        #expect(texts(played).count == 5)
        #expect(played.suffix(2).map(\.event) == [.finish("length", TokenCounts(completion: 5)), .done])
    }

    @Test func stopsAtTheLimitOfBytes() throws {
        let played = try beats("repeat forever\nreply 'ab '\nend", .init(maxBytes: 10))
        #expect(texts(played).joined() == "ab ab ab ab")
        for line in ["call f", "token 'x' -0.1", "call f with 'x'"] {
            let last = try beats("repeat forever\n\(line)\nend", .init(maxBytes: 5_000)).suffix(2)
            #expect(last.map(\.event.isEnd) == [true, true], "\(line): \(last)")
        }
    }

    @Test func passesOverCutsWhenAsked() throws {
        let script = "after 1 piece reset\nreply 'a'\ncut\nreply ' b'\nreset"
        #expect(texts(try beats(script, .init(skipsCuts: true))) == ["a", " b"])
        #expect(try beats(script, .init(sendsDone: false, skipsCuts: true)).last?.event.isEnd == true)
    }

    @Test func repeatsWithRoundsAndModel() throws {
        let played = try beats(
            "pieces whole\nrepeat 2\nreply '{{n}}{{model}}{{x}} '\nend\nreply '{{n}}'",
            .init(placeholders: Placeholders(model: "m")))
        #expect(texts(played) == ["1m{{x}} ", "2m{{x}} ", "1"])
        #expect(try texts(beats("repeat forever\nreply 'a'\nend", .init(isWhole: true))) == ["a"])
        #expect(try beats("repeat forever\nwait 1s\nend").count == 1_000)
    }

    @Test func thingsHappenAfterPieces() throws {
        let script = "after 2 pieces cut\nafter 1 pieces wait 1s\nafter 1 pieces comment 'x'\nreply 'a b c'"
        let played = try beats(script)
        #expect(texts(played) == ["a", " b"])
        #expect(played.map(\.due) == [0, 1_000_000_000, 1_000_000_000, 1_000_000_000])
        #expect(played.last?.event == .cut)
        #expect(try beats("after 0 pieces reset\nreply 'a'").map(\.event) == [.reset])
        #expect(try beats("after 1 pieces wait forever\nreply 'a b'").last?.event == .hang)
    }

    @Test(arguments: 1...40) func slicesKeepEveryByte(_ size: Int) throws {
        var scenario = Scenario(name: "s")
        scenario.split = .every(size, pause: 5)
        let parts: [[UInt8]] = [Array(0..<13), [], Array(13..<14), Array(14..<40)]
        var stage = ByteStage(scenario)
        var cues: [Cue] = []
        for part in parts { stage.process(Cue(due: 3, action: .bytes(part)), into: &cues) }
        let slices = cues.compactMap { if case .bytes(let bytes) = $0.action, !bytes.isEmpty { bytes } else { nil } }
        #expect(slices.flatMap { $0 } == Array(0..<40))
        var position = 0
        for slice in slices {
            #expect(slice.count <= size)
            #expect(position / size == (position + slice.count - 1) / size, "a slice must not cross a border")
            position += slice.count
        }
        let last = try #require(cues.last { if case .bytes(let bytes) = $0.action { !bytes.isEmpty } else { false } })
        #expect(last.due == 3 + Int64((40 - 1) / size * 5))
    }

    @Test(arguments: 0...20) func cutsAtTheExactByte(_ count: Int) {
        var scenario = Scenario(name: "s")
        scenario.byteTriggers = [Trigger(count: count, step: .cut)]
        var stage = ByteStage(scenario)
        var cues: [Cue] = []
        for _ in 0..<4 { stage.process(Cue(due: 0, action: .bytes([1, 2, 3, 4, 5])), into: &cues) }
        let sent = cues.reduce(0) { if case .bytes(let bytes) = $1.action { $0 + bytes.count } else { $0 } }
        #expect(sent == count)
        #expect(cues.last?.action == .cut)
    }

    @Test func waitsInTheMiddleOfBytesDelayWhatFollows() {
        var scenario = Scenario(name: "s")
        scenario.byteTriggers = [Trigger(count: 2, step: .wait(.nanoseconds(10))), Trigger(count: 3, step: .raw([9]))]
        var stage = ByteStage(scenario)
        var cues: [Cue] = []
        stage.process(Cue(due: 1, action: .bytes([1, 2, 3, 4])), into: &cues)
        stage.process(Cue(due: 2, action: .headers), into: &cues)
        #expect(
            cues == [
                Cue(due: 1, action: .bytes([1, 2])), Cue(due: 11, action: .bytes([3])),
                Cue(due: 11, action: .bytes([9])),
                Cue(due: 11, action: .bytes([4])), Cue(due: 12, action: .headers),
            ])
    }

    @Test func withoutPausesNothingIsLate() throws {
        for scenario in try ScenarioSet.builtIn().withoutPauses().scenarios {
            var sequence = BeatSequence(scenario, options: .init())
            while let beat = sequence.next() { #expect(beat.due == 0) }
        }
    }
}

extension Beat.Event {
    /// Whether this is how an answer ends.
    fileprivate var isEnd: Bool {
        switch self {
        case .finish, .done: true
        default: false
        }
    }
}
