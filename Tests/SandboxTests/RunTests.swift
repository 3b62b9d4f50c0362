import Foundation
import FunctionTools
import Testing

@testable import Sandbox

/// How programs run and end, with a sandbox and without one.
@Suite struct RunTests {
    static let ways = hasBubblewrap ? [true, false] : [false]

    private static func python(_ code: String, _ input: String) -> Command {
        Command(["python3", "-c", code], input: Array(input.utf8))
    }

    @Test(arguments: ways) func aPythonOneLinerGetsItsArguments(_ isSandboxed: Bool) async throws {
        let place = try Playground(isSandboxed: isSandboxed)
        let outcome = await place.sandbox.run(
            Self.python("import json,sys; a=json.load(sys.stdin); print(a['a']+a['b'])", #"{"a": 2, "b": 40}"#))
        #expect(outcome.end == .exited(0))
        #expect(outcome.text == "42\n")
    }

    @Test(arguments: ways) func theWorkingFolderCanBeRead(_ isSandboxed: Bool) async throws {
        let place = try Playground(isSandboxed: isSandboxed)
        let outcome = await place.sandbox.run(
            Command(["sh", "-c", "pwd; cat readme.txt; ls .git/hooks; echo $HOME; id -u >/dev/null"]))
        #expect(outcome.text == "\(place.work)\nhello\npre-commit\n\(place.home)\n")
    }

    @Test(arguments: ways) func outputKeepsItsOrderAndStatus(_ isSandboxed: Bool) async throws {
        let place = try Playground(isSandboxed: isSandboxed)
        let outcome = await place.sandbox.run(Command(["sh", "-c", "echo a; echo b >&2; echo c; exit 9"]))
        #expect(outcome.text == "a\nb\nc\n")
        #expect(outcome.end == .exited(9))
        #expect(outcome.limit == nil)
        let killed = await place.sandbox.run(Command(["sh", "-c", "kill -TERM $$"]))
        #expect(killed.end == .signalled(SIGTERM))
    }

    @Test(arguments: ways) func inputOfAnySizeIsWrittenWithoutWaiting(_ isSandboxed: Bool) async throws {
        let place = try Playground(isSandboxed: isSandboxed)
        let input = [UInt8](repeating: UInt8(ascii: "x"), count: 3_000_000)
        let counted = await place.sandbox.run(Command(["sh", "-c", "wc -c"], input: input))
        #expect(counted.text.contains("3000000"))
        // Nobody reads it: neither an error nor a signal.
        let ignored = await place.sandbox.run(Command(["true"], input: input))
        #expect(ignored.end == .exited(0))
        // Both directions are full at once.
        let echoed = await place.sandbox.run(Command(["cat"], input: input, limits: CommandLimits(output: 1000)))
        #expect(echoed.output.dropped == 3_000_000 - 1000)
    }

    @Test(arguments: ways) func aGibibyteIsDrainedAndItsEndsAreKept(_ isSandboxed: Bool) async throws {
        let place = try Playground(isSandboxed: isSandboxed)
        let outcome = await place.sandbox.run(
            Command(["sh", "-c", "echo first; head -c 1073741824 /dev/zero; echo last"]))
        #expect(outcome.end == .exited(0))
        #expect(outcome.output.head.count == 128 << 10)
        #expect(outcome.output.tail.count == 128 << 10)
        #expect(outcome.output.dropped == (1 << 30) + 11 - (256 << 10))
        #expect(outcome.text.hasPrefix("first\n"))
        #expect(outcome.text.hasSuffix("last\n"))
        #expect(outcome.text.unicodeScalars.count <= 30_000)
    }

    @Test(arguments: ways) func sigtermComesFirst(_ isSandboxed: Bool) async throws {
        let place = try Playground(isSandboxed: isSandboxed)
        let script = "trap 'echo bye; exit 0' TERM; echo here; while :; do sleep 0.01; done"
        let outcome = await place.sandbox.run(
            Command(["sh", "-c", script], limits: CommandLimits(time: .seconds(3))))
        #expect(outcome.end == .timedOut)
        #expect(outcome.text.hasPrefix("here\n"))
        #expect(outcome.text.hasSuffix("bye\n"))
        #expect(outcome.limit == "3 s")
        #expect(outcome.duration < .seconds(30))
    }

    @Test(arguments: ways) func cancellingEndsIt(_ isSandboxed: Bool) async throws {
        let place = try Playground(isSandboxed: isSandboxed)
        let script = "trap '' TERM; echo $$; while :; do sleep 9999.$1; done"
        let task = Task { await place.sandbox.run(place.script(script)) }
        let started = ContinuousClock.now
        while place.processes() == 0, ContinuousClock.now - started < .seconds(60) { await Task.yield() }
        let cancelled = ContinuousClock.now
        task.cancel()
        #expect(await task.value.end == .cancelled)
        #expect(ContinuousClock.now - cancelled < .seconds(30))
        #expect(place.leftBehind() == [])
    }

    @Test(arguments: ways) func noMoreThanSixteenRunAtOnce(_ isSandboxed: Bool) async throws {
        let place = try Playground(isSandboxed: isSandboxed)
        let outcomes = await withTaskGroup(of: CommandOutcome.self) { group in
            for number in 0..<40 { group.addTask { await place.sandbox.run(Command(["echo", "\(number)"])) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.allSatisfy { $0.end == .exited(0) })
        #expect(Set(outcomes.map(\.text)).count == 40)
    }

    @Test func oneThatWaitsForItsTurnCanBeCancelled() async throws {
        let threads = ProgramThreads(limit: 1)
        let gate = StopSignal()
        let pipe = try #require(PipeEnds())
        gate.connect(pipe.writing.number)
        let descriptor = pipe.reading.number
        // Holds the only thread until the gate opens.
        threads.submit(
            ProgramThreads.Job(StopSignal()) { _ in
                var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                poll(&polled, 1, 20_000)
            })
        let stop = StopSignal()
        let wasCancelled = await withCheckedContinuation { continuation in
            threads.submit(
                ProgramThreads.Job(stop) { start in
                    if case .cancelled = start {
                        continuation.resume(returning: true)
                    } else {
                        continuation.resume(returning: false)
                    }
                })
            threads.cancel(stop)
        }
        #expect(wasCancelled)
        gate.set()
        gate.connect(-1)
    }

    @Test func aCancelledTaskStartsNothing() async throws {
        let place = try Playground(isSandboxed: false)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await place.sandbox.run(Command(["true"]))
        }
        #expect(await task.value.end == .cancelled)
    }

    @Test(arguments: ways) func whatCannotStartSaysWhy(_ isSandboxed: Bool) async throws {
        let place = try Playground(isSandboxed: isSandboxed)
        let cases: [(arguments: [String], reason: String)] = [
            ([], "names no program"), ([""], "names no program"),
            (["no-such-program-\(place.marker)"], "there is no program"),
            (["./readme.txt"], "./readme.txt is not executable"), (["./no.sh"], "there is no program"),
            ([place.work + "/readme.txt"], "readme.txt is not executable"), (["/etc"], "there is no program"),
            (["echo", "a\0b"], "NUL"),
            (["echo", String(repeating: "x", count: 3_000_000)], "too long"),
        ]
        for (arguments, reason) in cases {
            guard case .notStarted(let told) = await place.sandbox.run(Command(arguments)).end else {
                Issue.record("\(arguments.first ?? "") started")
                continue
            }
            #expect(told.contains(reason))
        }
    }

    @Test(.enabled(if: hasBubblewrap)) func whatTheSandboxHidesSaysWhatToDo() async throws {
        let place = try Playground()
        chmod(place.outside + "/key", 0o755)
        guard case .notStarted(let told) = await place.sandbox.run(Command([place.outside + "/key"])).end else {
            Issue.record("it started")
            return
        }
        #expect(told.contains("is hidden in the sandbox; put it into the working folder or a folder of PATH"))
    }

    /// Scripts lie beside the definitions in a folder of settings, of which nothing else may be seen.
    @Test(.enabled(if: hasBubblewrap), arguments: [true, false])
    func aScriptInAVisibleFolderRuns(isBehindLink: Bool) async throws {
        let place = try Playground(showsTools: true, isBehindLink: isBehindLink)
        let outcome = await place.sandbox.run(Command([place.tools + "/count.sh", place.tools]))
        #expect(outcome.end == .exited(0), "\(outcome)")
        #expect(outcome.text.contains("counted\n"))
        #expect(outcome.text.contains("lies beside"))
        #expect(!outcome.text.contains(place.canary), "\(outcome.text)")
        let unseen = try Playground(showsTools: false)
        let refused = await unseen.sandbox.run(Command([unseen.tools + "/count.sh", unseen.tools]))
        guard case .notStarted(let told) = refused.end else {
            Issue.record("the check above cannot fail")
            return
        }
        #expect(told.contains("hidden in the sandbox"))
    }

    @Test func withoutSandboxNothingRunsUnlessAllowed() async throws {
        let place = try Playground(isSandboxed: false, allowsUnsandboxed: false)
        #expect(!place.sandbox.isolation.isSandboxed)
        guard case .notStarted(let reason) = await place.sandbox.run(Command(["true"])).end else {
            Issue.record("it ran")
            return
        }
        #expect(reason.contains("there is no sandbox"))
    }

    /// The kernel counts the processes of this sandbox, not those of its user. It does not for root.
    @Test(.enabled(if: hasBubblewrap), arguments: Playground.User.limited)
    func theSystemLimitsTheProcesses(_ user: Playground.User) async throws {
        let place = try Playground(as: user)
        let script = """
            import os, time
            count = 1
            try:
                while count < 100:
                    if os.fork() == 0: time.sleep(9999)
                    count += 1
            except OSError as error: print(count, error)
            """
        for limit in [5, 20] {
            let outcome = await place.sandbox.run(
                Command(["/usr/bin/python3", "-c", script], limits: CommandLimits(processes: limit)))
            #expect(outcome.text.hasPrefix("\(limit) [Errno 11]"))
            #expect(outcome.end == .exited(0))
        }
    }

    @Test(.enabled(if: hasBubblewrap)) func theNetworkIsThereWhenAllowed() async throws {
        let place = try Playground()
        let listener = try Listener()
        let limits = CommandLimits(allowsNetwork: true)
        let script =
            "import socket,sys; socket.create_connection(('127.0.0.1', int(sys.argv[1])), 5); print('connected')"
        let outcome = await place.sandbox.run(
            Command(["python3", "-c", script, String(listener.port)], limits: limits))
        #expect(outcome.text == "connected\n")
        #expect(listener.connections() == 1)
        let names = await place.sandbox.run(Command(["cat", "/etc/resolv.conf"], limits: limits))
        #expect(names.end == .exited(0))
    }

    /// Older versions, and containers that allow less, still make a sandbox.
    @Test(
        .enabled(if: hasBubblewrap),
        arguments: [Bubblewrap.Means(), .sizes, .processes, .processLimit, [.sizes, .noNesting, .processes]])
    func worksWithFewerMeans(_ means: Bubblewrap.Means) async throws {
        let place = try Playground()
        let plan = MountPlan(
            MountPlan.Places(
                workingFolder: place.work, home: place.home, searchFolders: [], hidden: [], allowsNetwork: false,
                temporarySize: 1 << 20))
        guard case .works(let found) = Bubblewrap.find(in: [], workingFolder: place.work) else { return }
        let arguments = Bubblewrap(path: found.path, means: means).arguments(
            ["/bin/cat", "readme.txt", ".env", place.home + "/.ssh/id_ed25519"], plan: plan, workingFolder: place.work,
            limits: CommandLimits())
        var outcome = CommandOutcome(end: .cancelled)
        ProgramRun.perform(
            Launch(arguments: arguments, environment: [], wrapper: .bubblewrap, limits: CommandLimits()),
            stop: StopSignal()
        ) { outcome = $0 }
        #expect(outcome.end == .exited(1))
        #expect(outcome.text.contains("hello"))
        #expect(!outcome.text.contains(place.canary))
    }

    @Test(.enabled(if: hasBubblewrap)) func aSystemThatForbidsItIsToldInWords() async {
        let script = "echo 'bwrap: No permissions to create new namespace' >&2; exit 1"
        let sandbox = Sandbox(
            environment: [:], workingFolder: "/", hidden: [], allowsUnsandboxed: false,
            launcher: ["/bin/sh", "-c", script])
        guard case .none(let reason) = sandbox.isolation else {
            Issue.record("it works")
            return
        }
        #expect(reason.contains("No permissions to create new namespace"))
        #expect(reason.contains("does not work on this system"))
        guard case .notStarted = await sandbox.run(Command(["true"])).end else {
            Issue.record("it ran")
            return
        }
    }

    @Test(arguments: ["", "/nowhere/at/all"]) func aWorkingFolderThatIsNotThere(_ folder: String) async throws {
        let sandbox = Sandbox(environment: ["PATH": "/usr/bin:/bin"], workingFolder: folder)
        guard case .notStarted = await sandbox.run(Command(["true"])).end else {
            Issue.record("it ran")
            return
        }
    }
}

/// The attacks on processes, with nothing but the keeper.
@Suite struct UnsandboxedTests {
    @Test(arguments: Attack.escaping.filter { !$0.name.contains("kills") && !$0.needsLimitedUser } + Attack.terminal)
    func leavesNoProcess(_ attack: Attack) async throws {
        let place = try Playground(isSandboxed: false)
        let outcome = await place.sandbox.run(place.script(attack.script, limits: attack.limits))
        if case .exit(let status) = attack.ending { #expect(outcome.end == .exited(status)) }
        if case .timeUp = attack.ending { #expect(outcome.end == .timedOut) }
        for text in attack.meets { #expect(outcome.text.contains(text), "\(outcome.text)") }
        #expect(!outcome.text.contains("typed"))
        #expect(outcome.duration < attack.limits.time + .seconds(4))
        #expect(place.leftBehind() == [])
    }

    @Test func getsNoKeyFromItsVariables() async throws {
        let place = try Playground(isSandboxed: false)
        let outcome = await place.sandbox.run(Command(["env"]))
        #expect(outcome.end == .exited(0))
        #expect(!outcome.text.contains(place.canary))
    }
}
