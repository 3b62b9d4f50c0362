import TerminalKit
import Testing

@Suite(.timeLimit(.minutes(2))) struct TimersTests {
    @Test func wakesNobodyEarly() async throws {
        let timers = Timers()
        let start = ContinuousClock.now
        let early = await withTaskGroup(of: Bool.self) { group in
            for delay in [30, 5, 20, 1] {
                group.addTask {
                    let deadline = start.advanced(by: .milliseconds(delay))
                    try? await timers.sleep(until: deadline)
                    return ContinuousClock.now < deadline
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(early == 0)
    }

    /// Whoever came first and sleeps long holds up nobody.
    @Test func aLongSleepHoldsUpNoShortOne() async throws {
        let timers = Timers()
        let long = Task { try await timers.sleep(until: .now.advanced(by: .seconds(3600))) }
        for _ in 0..<3 { try await timers.sleep(until: .now.advanced(by: .milliseconds(1))) }
        long.cancel()
        await #expect(throws: CancellationError.self) { try await long.value }
    }

    @Test func aTimeThatIsPastIsOverAtOnce() async throws {
        try await Timers().sleep(until: .now)
    }

    @Test func cancellationEndsASleep() async {
        let timers = Timers()
        let sleeper = Task { try await timers.sleep(until: .now.advanced(by: .seconds(3600))) }
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
    }

    /// Its thread ends when nobody sleeps, and comes back for the next one.
    @Test func canBeUsedAgain() async throws {
        let timers = Timers()
        for _ in 0..<20 { try await timers.sleep(until: .now.advanced(by: .milliseconds(1))) }
    }

    @Test func manyAtOnce() async {
        let timers = Timers()
        let count = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<500 {
                group.addTask {
                    (try? await timers.sleep(until: .now.advanced(by: .microseconds(number * 50)))) != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(count == 500)
    }
}
