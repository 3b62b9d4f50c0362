import ProviderCore
import Synchronization

/// The waits of all trials that run: for another attempt, for the rate limiter, for an endpoint that is down.
///
/// When a run stops since its endpoint cannot be used or its time is over, nobody waits any longer: what is on its way comes to its end.
final class TrialWaits: Sendable {
    private struct State {
        var controls: [Int: CallControl] = [:]
        var isOver = false
    }

    private let state = Mutex(State())

    /// A trial asks; its waits end by this.
    func begin(_ trial: Int, _ control: CallControl?) {
        let isOver = state.withLock { state in
            state.controls[trial] = control
            return state.isOver
        }
        if isOver { control?.giveUp() }
    }

    /// Its answer is over.
    func end(_ trial: Int) { state.withLock { $0.controls[trial] = nil } }

    /// Ends all waits, those to come too.
    func giveUp() {
        let controls = state.withLock { state in
            state.isOver = true
            return Array(state.controls.values)
        }
        for control in controls { control.giveUp() }
    }
}
