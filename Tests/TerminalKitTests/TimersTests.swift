import TerminalKit
import Testing

@Suite struct TimersTests {
    @Test func wakesInOrder() async throws {
        let timers = Timers()
        let start = ContinuousClock.now
        let order = await withTaskGroup(of: Int.self) { group in
            for (number, delay) in [30, 5, 20, 1].enumerated() {
                group.addTask {
                    try? await timers.sleep(until: start.advanced(by: .milliseconds(delay * 4)))
                    return number
                }
            }
            return await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(order == [3, 1, 2, 0])
        #expect(start.duration(to: .now) >= .milliseconds(120))
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
