import Foundation
import FunctionTools
import Testing

@testable import Sandbox

/// Attacks from inside of the sandbox. After each nothing is left, nothing is changed and no secret is read.
@Suite(.enabled(if: hasBubblewrap)) struct AttackTests {
    @Test(arguments: Attack.byUser)
    func leavesNothingAndReadsNoKey(_ attack: Attack, _ user: Playground.User) async throws {
        let place = try Playground(as: user)
        let victim = try Victim(secret: place.canary)
        let listener = try Listener()
        let service = try Listener(path: place.work + "/service")
        let before = try place.snapshot()
        let outcome = await Self.run(attack, place, victim, listener)

        Self.check(outcome, attack.ending)
        for text in attack.meets { #expect(outcome.text.contains(text), "\(outcome.text)") }
        #expect(!outcome.text.contains(place.canary))
        for word in ["wrote ", "connected", "traced 0", "typed", "uid=0"]
        where !attack.name.contains("variables") {
            #expect(!outcome.text.contains(word), "\(outcome.text)")
        }
        #expect(place.leftBehind() == [])
        #expect(try place.snapshot() == before)
        for folder in [
            "/tmp", "/var/tmp", "/dev/shm", "/etc", "/usr/bin", "/run", "/home", "/root", "/var/lib", "/dev", "/",
        ] {
            for name in ["left", "written"] { #expect(Files.kind(of: "\(folder)/\(name)-\(place.marker)") == nil) }
        }
        #expect(listener.connections() + service.connections() == 0)
        #expect(victim.isRunning)
        #expect(outcome.duration < attack.limits.time + .seconds(4))
    }

    /// The control: without a sandbox the same scripts do read the key, so it is the sandbox that keeps it.
    @Test(arguments: Attack.reading.filter(\.readsWithoutSandbox))
    func readsTheKeyWithoutSandbox(_ attack: Attack) async throws {
        let place = try Playground(isSandboxed: false)
        let outcome = await Self.run(attack, place, try Victim(secret: place.canary), try Listener())
        #expect(outcome.text.contains(place.canary), "\(outcome.text)")
    }

    /// The control of the others: they do connect, write and leave files.
    @Test func changesTheMachineWithoutSandbox() async throws {
        let place = try Playground(isSandboxed: false)
        let listener = try Listener()
        let before = try place.snapshot()
        let sends = try #require(Attack.writing.first { $0.name.contains("port") })
        let script = #"echo x >readme.txt; chmod 600 .git/hooks/pre-commit; echo wrote "$PWD""#
        let outcome = await Self.run(Attack(name: "writes", script: script), place, try Victim(secret: ""), listener)
        #expect(outcome.text.contains("wrote \(place.work)"))
        #expect(try place.snapshot() != before)
        let service = try Listener(path: place.work + "/service")
        let talks = try #require(Attack.writing.first { $0.name.contains("socket") })
        for attack in [sends, talks] { _ = await Self.run(attack, place, try Victim(secret: ""), listener) }
        #expect(listener.connections() > 0)
        #expect(service.connections() == 1)
    }

    private static func run(_ attack: Attack, _ place: Playground, _ victim: Victim, _ listener: Listener) async
        -> CommandOutcome
    {
        // Open for every program that this process starts, unless it is closed for it.
        let descriptor = open(place.outside + "/key", O_RDONLY)
        defer { close(descriptor) }
        let arguments = [String(victim.process), String(listener.port), place.outside, String(descriptor)]
        return await place.sandbox.run(place.script(attack.script, arguments, limits: attack.limits))
    }

    private static func check(_ outcome: CommandOutcome, _ ending: Attack.Ending) {
        switch (ending, outcome.end) {
        case (.exit(let wanted), _): #expect(outcome.end == .exited(wanted), "\(outcome.text)")
        case (.timeUp, _): #expect(outcome.end == .timedOut)
        case (.limit(let words), _): #expect(outcome.limit?.contains(words) == true, "\(outcome.end) \(outcome.text)")
        case (.byItself, .exited), (.any, .exited), (.any, .signalled), (.any, .timedOut): break
        case (.byItself, _), (.any, _): Issue.record("\(outcome.end) \(outcome.duration) \(outcome.text)")
        }
    }
}
