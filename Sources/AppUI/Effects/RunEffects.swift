import Benchmarking
import ProviderCore
import Synchronization

/// Does the work of the workspace on benchmark runs: one screen is open at a time, and one run runs here.
final class RunEffects: Sendable {
    private let service: RunsService?
    private let watched = Mutex<BenchEffects?>(nil)
    private let own = Mutex<BenchEffects?>(nil)
    private static let missing = ServiceError("benchmarks cannot be run here.")

    init(_ service: RunsService?) { self.service = service }

    func perform(_ effect: RunsEffect, send: @escaping @Sendable ([AppEvent]) -> Void) async {
        switch effect {
        case .list: send([.runs(.listed(await service?.list() ?? .failure(Self.missing)))])
        case .open(let id):
            let result = await service?.open(id) ?? .failure(Self.missing)
            if case .success(let opened) = result { watched.withLock { $0 = opened.effects } }
            send([.runs(.opened(result.map(\.screen)))])
        case .start(_, let path): await run(await service?.start(path) ?? .failure(Self.missing), send)
        case .resume(_, let id): await run(await service?.resume(id) ?? .failure(Self.missing), send)
        case .screen(let effect, let isOwn):
            let performer = isOwn ? own.withLock { $0 } : watched.withLock { $0 }
            await performer?.perform(effect) { events in
                send(events.map { .runs(isOwn ? .own($0) : .watched($0)) })
            }
        case .keep(let line, let path):
            send([.runs(.kept(await service?.append(line, path) ?? .failure(Self.missing)))])
        }
    }

    /// Runs what was made ready until it is over, whoever looks meanwhile.
    private func run(
        _ made: Result<StartedRun, ServiceError>, _ send: @escaping @Sendable ([AppEvent]) -> Void
    ) async {
        switch made {
        case .failure(let error): send([.runs(.started(.failure(error)))])
        case .success(let started):
            own.withLock { $0 = started.opened.effects }
            send([.runs(.started(.success(started.opened.screen)))])
            async let _: Void = ClientProbe().watch { send([.runs(.own(.client($0)))]) }
            let (result, problem) = await started.run { send([.runs(.own(.run($0)))]) }
            send([.runs(.own(.finished(result, at: ContinuousClock.now)))])
            if let problem { send([.notices([problem])]) }
        }
    }
}
