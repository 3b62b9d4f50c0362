import Benchmarking
import Conversations
import ProviderCore
import TerminalKit
import TestSupport
import Testing

@testable import AppUI

/// Benchmark runs in the workspace: the list, a run that goes on unseen, trials as conversations, turns as samples.
@Suite struct RunsTests {
    private func screen(isWatched: Bool) -> BenchScreen { BenchDriver.middle(isWatched: isWatched).model.screen }

    private func effects(_ driver: Driver) -> [RunsEffect] {
        driver.effects.compactMap { if case .runs(let effect) = $0 { effect } else { nil } }
    }

    private func open(_ driver: Driver) {
        driver.press(.control("x"))
        driver.press(.character("B"))
    }

    private func summary(_ id: String, _ state: RunState, isHeld: Bool = false) -> RunSummary {
        let header = RunHeader(
            id: id, name: "suite \(id)", suitePath: "s.yaml", suiteDigest: "", planDigest: "", seed: 1, created: 1,
            version: "1", subjects: [], tasks: [], planned: 10)
        return RunSummary(
            StoredRun(header: header, state: state, isHeld: isHeld, settled: 7), accuracy: 0.5,
            money: RunMoney(requests: 1, spent: Money("1.25") ?? .zero))
    }

    @Test func theListOpensARun() throws {
        let driver = try Driver()
        open(driver)
        guard case .list? = effects(driver).first else { Issue.record("the runs are not listed"); return }
        driver.send(
            .runs(.listed(.success(([summary("aaa", .complete), summary("bbb", .running)], ["x.db is damaged"])))))
        let list = driver.screen(120, 40)
        #expect(list.contains("aaa  suite aaa") && list.contains("complete  7/10  right 0.500  $1.25"))
        #expect(list.contains("died      7/10  right 0.500  $1.25"))
        driver.press(key: .down)
        driver.press(key: .enter)
        guard case .open("bbb")? = effects(driver).first else { Issue.record("bbb is not opened"); return }
        driver.send(.runs(.opened(.success(screen(isWatched: true)))))
        #expect(driver.screen(120, 40).contains("nightly-code-and-tools") && driver.screen(120, 40).contains("watched"))
        driver.press(.character("q"))
        #expect(driver.model.overlay == nil && driver.screen(120, 40).contains("x.db is damaged"))
    }

    @Test func aSuiteRunsOnBehindTheWorkspace() throws {
        let driver = try Driver()
        open(driver)
        driver.send(.runs(.listed(.success(([], [])))))
        driver.type("suite.yaml")
        driver.press(key: .enter)
        guard case .start(_, "suite.yaml")? = effects(driver).first else { Issue.record("nothing starts"); return }
        driver.send(.runs(.started(.success(screen(isWatched: false)))))
        #expect(driver.screen(120, 40).contains("RUNNING"))
        driver.press(.character("p"))
        guard case .screen(.send(.pause), isOwn: true)? = effects(driver).first else {
            Issue.record("it is not paused")
            return
        }
        driver.press(.character("q"))
        #expect(driver.model.overlay == nil && driver.screen(120, 40).contains("The benchmark goes on"))
        let done = driver.model.runs.own?.progress.done
        let key = try #require(driver.model.runs.own?.progress.keys[9])
        let record = TrialRecord(key: key, outcome: .right, started: .zero, ended: .seconds(1))
        driver.send(.runs(.own(.run(.ended(record, at: driver.now)))))
        #expect(driver.model.runs.own?.progress.done == done.map { $0 + 1 })
        driver.press(.control("\\"))
        #expect(driver.screen(120, 40).contains("A benchmark is running"))
        driver.press(key: .escape)
        open(driver)
        driver.press(key: .enter)
        #expect(driver.screen(120, 40).contains("RUNNING"))
        driver.send(.runs(.own(.finished(RunResult(state: .complete, worked: .seconds(9)), at: driver.now))))
        driver.press(.character("q"))
        #expect(driver.screen(120, 40).contains("run 7qk2m4xr, is complete"))
        #expect(!driver.model.runs.isRunning)
    }

    /// A run of the list that stopped goes on here.
    @Test func aRunThatStoppedGoesOn() throws {
        let driver = try Driver()
        open(driver)
        driver.send(.runs(.listed(.success(([summary("7qk2m4xr", .incomplete)], [])))))
        driver.press(key: .enter)
        let bench = BenchDriver.middle(isWatched: true)
        let header = bench.model.screen.progress.header
        let stopped = StoredRun(header: header, state: .incomplete, stop: .budget, settled: 7)
        bench.send(.news(RunNews(run: stopped, read: 1)))
        driver.send(.runs(.opened(.success(bench.model.screen))))
        let screen = driver.screen(120, 40)
        #expect(screen.contains("the budget is used up") && screen.contains("r go on with it"))
        driver.press(.character("r"))
        guard case .resume(_, run: "7qk2m4xr")? = effects(driver).first else {
            Issue.record("it does not go on")
            return
        }
        #expect(driver.screen(120, 40).contains("Going on with it"))
        driver.press(.character("r"))
        #expect(effects(driver).isEmpty && driver.screen(120, 40).contains("A benchmark runs here already"))
        driver.send(.runs(.started(.failure(ServiceError("another process runs it")))))
        #expect(driver.screen(120, 40).contains("another process runs it") && !driver.model.runs.isRunning)
        driver.press(.character("r"))
        driver.send(.runs(.started(.success(self.screen(isWatched: false)))))
        guard case .run(isOwn: true)? = driver.model.overlay, driver.screen(120, 40).contains("RUNNING") else {
            Issue.record("its screen is not open")
            return
        }
        driver.press(.character("r"))
        #expect(effects(driver).isEmpty && driver.screen(120, 40).contains("has not stopped"))
        driver.press(.character("q"))
        #expect(driver.screen(120, 40).contains("The benchmark goes on"))
    }

    @Test func aSuiteThatIsWrongIsTold() throws {
        let driver = try Driver()
        open(driver)
        driver.type("none.yaml")
        driver.press(key: .enter)
        driver.send(.runs(.started(.failure(ServiceError("none.yaml: there is no such file")))))
        #expect(driver.screen(120, 40).contains("there is no such file") && !driver.model.runs.isRunning)
    }

    @Test func aTrialIsOpenedAsAConversation() throws {
        let driver = try Driver()
        open(driver)
        driver.send(.runs(.listed(.success(([summary("aaa", .complete)], [])))))
        driver.press(key: .enter)
        driver.send(.runs(.opened(.success(screen(isWatched: true)))))
        driver.press(.character("o"))
        #expect(driver.screen(120, 40).contains("Open the transcript of a trial first"))
        driver.press(.character("f"))
        driver.press(key: .enter)
        guard case .screen(.readTrial(let trial), isOwn: false)? = effects(driver).first else {
            Issue.record("nothing is read")
            return
        }
        let key = try #require(driver.model.runs.watched?.progress.keys[trial])
        let call = ToolCall(id: "c1", name: "add", arguments: #"{"a":1}"#)
        let record = TrialRecord(
            key: key, outcome: .wrong, started: .zero, ended: .seconds(1),
            transcript: [
                ChatMessage(.system, "Be brief."), ChatMessage(.user, "What is 6 * 7?"),
                ChatMessage(role: .assistant, content: [], toolCalls: [call]), .toolResult(callID: "c1", "42"),
                ChatMessage(.assistant, "It is 41."),
            ])
        driver.send(.runs(.watched(.trial(trial, .success(TrialDetail(record, requests: []))))))
        #expect(driver.screen(120, 40).contains("as a conversation"))
        driver.press(.character("o"))
        let screen = driver.screen(120, 40)
        #expect(screen.contains("What is 6 * 7?") && screen.contains("It is 41."))
        #expect(driver.model.parameters.systemPrompt == "Be brief.")
        #expect(driver.model.overlay == nil)
    }

    @Test func aTurnIsSavedAsASample() throws {
        let driver = try Driver()
        driver.type("/save-sample cases.jsonl")
        driver.press(key: .enter)
        #expect(driver.screen(120, 40).contains("There is no answer yet"))
        driver.ask("What is 6 * 7?")
        driver.stream(.textDelta("42", choice: 0), .finished(.stop, choice: 0))
        driver.finish()
        driver.press(.alt("2"))
        driver.press(.character("m"))
        #expect(driver.model.prompt.text == "/save-sample ")
        driver.type("cases.jsonl")
        driver.press(key: .enter)
        guard case .keep(let line, path: "cases.jsonl")? = effects(driver).first else {
            Issue.record("nothing is kept")
            return
        }
        #expect(line == #"{"input":[{"role":"user","content":"What is 6 * 7?"}],"ideal":"42"}"#)
        driver.send(.runs(.kept(.success("cases.jsonl"))))
        #expect(driver.screen(120, 40).contains("is a sample in cases.jsonl"))
    }
}
