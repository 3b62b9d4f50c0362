import Benchmarking
import ProviderCore
import TerminalKit
import TestSupport
import Testing

@testable import AppUI

/// The screen of a run, as people see and use it.
@Suite struct BenchScreenTests {
    private func expect(_ screen: String, _ name: String) {
        let difference = Golden.difference(screen, name, testFile: #filePath)
        #expect(difference == nil, "\(difference ?? "")")
    }

    @Test(arguments: [(120, 40), (80, 24), (60, 20), (200, 60), (40, 10), (40, 8)])
    func theMiddleOfARun(width: Int, height: Int) {
        expect(BenchDriver.middle().screen(width, height), "run-\(width)x\(height)")
    }

    @Test func withABaseline() {
        let driver = BenchDriver.middle(hasBaseline: true)
        driver.press("f")
        expect(driver.screen(120, 40), "run-baseline-120x40")
        expect(driver.screen(80, 24), "run-baseline-80x24")
    }

    @Test func theScreenIsNeverWiderThanItIs() {
        let driver = BenchDriver.middle()
        for (width, height) in [(1, 1), (39, 7), (41, 9), (100, 26), (99, 25), (300, 12), (50, 100)] {
            for line in driver.screen(width, height).split(separator: "\n") {
                #expect(CellWidth.width(of: String(line)) <= width)
            }
        }
    }

    /// Pauses, changes, looks, stops: a run from its middle to its end.
    @Test func aStory() {
        let driver = BenchDriver.middle()
        driver.press("p")
        #expect(driver.commands == [.pause])
        driver.send(.run(.paused(true, at: driver.now)))
        #expect(driver.screen(80, 24).contains("PAUSED"))
        driver.press("p")
        #expect(driver.commands == [.resume])
        driver.send(.run(.paused(false, at: driver.now)))

        driver.press("+")
        #expect(driver.commands == [.concurrency(5)])
        driver.send(.run(.concurrency(.init(from: 4, to: 5, reason: "set by hand"), at: driver.now)))
        driver.press("-")
        #expect(driver.commands == [.concurrency(4)])
        driver.type("16")
        #expect(driver.screen(80, 24).contains("trials at once (now 5): 16"))
        driver.press(key: .enter)
        #expect(driver.commands == [.concurrency(16)])
        driver.type("t0")
        driver.press(key: .enter)
        #expect(driver.commands.isEmpty && driver.screen(80, 24).contains("a whole number from 1"))
        driver.press(key: .escape)

        driver.press("b")
        driver.press(.control("u"))
        driver.type("7.50")
        driver.press(key: .enter)
        #expect(driver.commands == [.budget(Money("7.50"))] && driver.screen(80, 24).contains("cap $7.50"))

        driver.press(.control("c"))
        #expect(driver.commands == [.stop])
        driver.send(.run(.stopping(.interrupted, "stopped by hand")))
        #expect(driver.screen(80, 24).contains("STOPPING"))
        driver.press(.control("c"))
        #expect(driver.commands == [.cut] && !driver.quits)
        driver.send(.finished(RunResult(state: .incomplete, stop: .interrupted, worked: .seconds(20)), at: driver.now))
        #expect(driver.quits && driver.model.ending == .over)
    }

    @Test func lookingAtTrials() {
        let driver = BenchDriver.middle()
        _ = driver.screen(80, 24)
        driver.press("G")
        driver.press(key: .enter)
        let stream = driver.screen(80, 24)
        #expect(stream.contains("#11 fix/item-2") && stream.contains("**forty-two**, since"))
        driver.stream(11, .textDelta(" six times seven", choice: 0))
        #expect(driver.screen(80, 24).contains("since six times seven"))
        driver.end(11, .wrong, "42 is expected, and it is 41")
        #expect(driver.reads == 11 && driver.screen(80, 24).contains("reading…"))
        let score = Score(value: 0, passes: false, answer: "41", explanation: "42 is expected")
        let record = TrialRecord(
            key: driver.keys[11], outcome: .wrong, scores: [NamedScore(scorer: "number", digest: "", score: score)],
            started: .zero, ended: .seconds(2), turns: 1, finish: .stop,
            transcript: [ChatMessage(.user, "What is 6 * 7?"), ChatMessage(.assistant, "It is\u{1B}[31m 41.")])
        driver.send(.trial(11, .success(TrialDetail(record, requests: []))))
        let transcript = driver.screen(80, 24)
        #expect(transcript.contains("score number 0.000, fails, of \"41\": 42 is expected"))
        #expect(transcript.contains("What is 6 * 7?") && !transcript.contains("\u{1B}"))
        driver.press(key: .escape)

        driver.press("f")
        #expect(driver.screen(80, 24).contains("failures 5"))
        driver.press("/")
        driver.type("arith cold")
        driver.press(key: .enter)
        #expect(driver.screen(80, 24).contains("failures 1") && driver.screen(80, 24).contains("only \"arith cold\""))
        driver.press(key: .enter)
        #expect(driver.reads == 4)
        driver.send(.trial(4, .failure(.storage("it is gone"))))
        #expect(driver.screen(80, 24).contains("it is gone"))
        driver.press("q")
        driver.press(key: .escape)
        #expect(driver.screen(80, 24).contains("failures 5"))
    }

    @Test func aRowNarrowsTheLists() {
        let driver = BenchDriver.middle()
        driver.press(key: .backTab)
        driver.press("j")
        driver.press(key: .enter)
        let screen = driver.screen(120, 40)
        #expect(screen.contains("trials of arith mini/reason/warm") && screen.contains("live 1"))
        driver.press(key: .escape)
        #expect(driver.screen(120, 40).contains("live 4"))
        driver.press("s")
        #expect(driver.screen(120, 40).contains("by accuracy"))
    }

    /// A choice stays on its trial while others end.
    @Test func theChoiceStays() {
        let driver = BenchDriver.middle()
        _ = driver.screen(80, 24)
        driver.press("j", "j")
        #expect(driver.model.screen.liveTrial == 10)
        driver.end(8, .right)
        driver.end(9, .right)
        _ = driver.screen(80, 24)
        #expect(driver.model.screen.liveTrial == 10)
        driver.end(10, .right)
        _ = driver.screen(80, 24)
        #expect(driver.model.screen.liveTrial == 11)
    }

    @Test func leavingAsks() {
        let driver = BenchDriver.middle()
        driver.press("q")
        #expect(!driver.quits && driver.screen(80, 24).contains("The run is not over"))
        driver.press(key: .escape)
        #expect(!driver.quits && driver.commands.isEmpty)
        driver.press("q", "s")
        #expect(driver.commands == [.stop])
        driver.press("q", "l")
        #expect(driver.quits && driver.model.ending == .left)
    }

    /// Who reads is not torn away when the run ends.
    @Test func theEndWaitsForTheReader() {
        let driver = BenchDriver.middle()
        _ = driver.screen(80, 24)
        driver.press("?")
        #expect(driver.screen(80, 24).contains("on the screen of a run"))
        driver.send(.finished(RunResult(state: .complete, worked: .seconds(20)), at: driver.now))
        #expect(!driver.quits)
        driver.press(key: .escape)
        #expect(driver.quits && driver.model.ending == .over)
    }

    @Test func aWatchedRunIsNotChanged() {
        let driver = BenchDriver.middle(isWatched: true)
        for key: Character in ["p", "+", "-", "t", "b", "l", "S", "X", "5"] {
            driver.press(key)
            #expect(driver.commands.isEmpty && driver.model.screen.entry == nil, "\(key)")
        }
        driver.press("p")
        #expect(driver.screen(80, 24).contains("Watched only"))
        driver.press(.control("p"))
        #expect(driver.model.screen.palette?.items.contains { $0.value == .runPause } == false)
        driver.press(key: .escape)
        driver.press("q")
        #expect(driver.quits)
    }

    @Test func keysCanBeBound() {
        let binding = UserBinding(
            scope: "bench", command: "pause", chords: [[KeyChord(.function(5))]], place: "config.toml:3")
        let (keymap, problems) = Keymap().applying([binding])
        #expect(problems.isEmpty)
        let driver = BenchDriver(keymap: keymap)
        driver.press("p")
        #expect(driver.commands.isEmpty)
        driver.press(key: .function(5))
        #expect(driver.commands == [.pause])
        #expect(driver.screen(120, 40).contains("F5 pause"))
    }

    /// Rate limits are typed as two numbers, and shown beside what is used.
    @Test func limitsOfItsOwn() {
        let driver = BenchDriver.middle()
        driver.press("l")
        #expect(driver.screen(120, 40).contains("requests and tokens a minute (now none):"))
        for wrong in ["6x", "0", "1 2 3", "-5"] {
            driver.type(wrong)
            driver.press(key: .enter)
            #expect(driver.commands.isEmpty && driver.screen(120, 40).contains("two whole numbers"), "\(wrong)")
            driver.press(key: .escape)
            driver.press("l")
        }
        driver.type("60 90000")
        driver.press(key: .enter)
        let caps = RateCaps(requestsPerMinute: 60, tokensPerMinute: 90_000)
        #expect(driver.commands == [.limits(caps)])
        let screen = driver.screen(120, 40)
        #expect(screen.contains("/60 [") && screen.contains("/90k ["), "\(screen)")
        // What is there is changed; nothing takes them away.
        driver.press("l")
        #expect(driver.screen(120, 40).contains("(now 60 90000): 60 90000"))
        for _ in 0..<8 { driver.press(key: .backspace) }
        driver.type(" -, 500")
        driver.press(key: .enter)
        #expect(driver.commands == [.limits(RateCaps(tokensPerMinute: 500))])
        driver.press("l")
        #expect(driver.screen(120, 40).contains("(now - 500): - 500"))
        for _ in 0..<5 { driver.press(key: .backspace) }
        driver.press(key: .enter)
        #expect(driver.commands == [.limits(RateCaps())])
    }

    /// At the end coverage is by all that was planned, as in reports.
    @Test func coverageAtTheEnd() {
        let driver = BenchDriver.middle()
        #expect(driver.screen(120, 40).contains("scored/ended 87.5%"))
        driver.send(.finished(RunResult(state: .incomplete, stop: .interrupted, worked: .seconds(1)), at: driver.now))
        let screen = driver.screen(120, 40)
        let share = 700 / Double(driver.model.screen.progress.keys.count)
        #expect(screen.contains(" coverage \(ParameterValue.fixed(share, decimals: 1))%"), "\(screen)")
        #expect(!screen.contains("scored/ended") && share < 80)
    }

    /// A run that is written while it is watched.
    @Test func newsAreReadOnce() async throws {
        let driver = BenchDriver()
        let library = MemoryRunLibrary()
        let header = driver.model.screen.progress.header
        let writer = try await library.create(header, files: [], trials: driver.keys)
        _ = try await writer.claim()
        let reader = RunNewsReader(try await library.open(header.id))
        let first = try #require(try await reader.read())
        #expect(first.trials.isEmpty && first.run.isHeld)
        #expect(try await reader.read() == nil)
        func record(_ trial: Int, _ outcome: TrialOutcome) -> TrialRecord {
            TrialRecord(key: driver.keys[trial], outcome: outcome, started: .zero, ended: .seconds(1))
        }
        try await writer.settle([record(0, .right), record(1, .infraError), record(3, .wrong)])
        let second = try #require(try await reader.read())
        #expect(second.trials.map(\.key.index) == [0, 1, 3])
        try await writer.settle([record(1, .right)])
        #expect(try await reader.read()?.trials.map(\.key.index) == [1])
        try await writer.settle([record(5, .infraError)])
        try await writer.release(.incomplete, .interrupted, worked: .seconds(3))
        let last = try #require(try await reader.read())
        #expect(last.trials.map(\.key.index) == [5] && !last.run.isHeld)
    }
}
