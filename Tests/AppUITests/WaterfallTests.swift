import FunctionTools
import TerminalKit
import Testing

@testable import AppUI

@Suite struct WaterfallTests {
    private let start = ContinuousClock.now

    /// A call that arrived, was decided and ended at these milliseconds.
    private func call(_ started: Int, _ arrived: Int, _ decided: Int, _ ended: Int) -> TracedCall {
        func at(_ milliseconds: Int) -> ContinuousClock.Instant { start + .milliseconds(milliseconds) }
        var call = TracedCall(turn: 1, started: at(started))
        let duration = Duration.milliseconds(ended - decided)
        call.state = .decided(ToolResult("", kind: .ran(.exited(0)), duration: duration), by: .person)
        (call.arrived, call.decided, call.ended) = (at(arrived), at(decided), at(ended))
        return call
    }

    private func lanes(_ calls: TracedCall..., cells: Int = 20) -> [String] {
        let waterfall = Waterfall(calls, now: start + .seconds(100))
        return calls.map { waterfall.lane($0, cells: cells).map(\.text).joined() }
    }

    @Test func whatRanSideBySideStandsSideBySide() {
        #expect(
            lanes(call(0, 100, 100, 200), call(0, 100, 100, 150)) == ["░░░░░░░░░░██████████", "░░░░░░░░░░█████     "])
    }

    @Test func aLongDecisionTakesHalfAsMuchRoomAsTheRest() {
        let lane = lanes(call(0, 100, 60_000, 60_100), cells: 30)[0]
        #expect(lane == "░░░░░░░░░░··········██████████")
    }

    @Test func aShortOneIsAsLongAsItWas() {
        #expect(lanes(call(0, 100, 150, 200), cells: 20)[0] == "░░░░░░░░░░·····█████")
    }

    @Test func whatTookNoTimeHasACell() {
        #expect(lanes(call(0, 0, 0, 0), cells: 8)[0].contains("█"))
        #expect(Waterfall([], now: start).lane(call(0, 1, 2, 3), cells: 0).isEmpty)
    }
}
