public import Benchmarking
import ProviderCore
public import TerminalKit

/// Does the work of the screen of a run: reads its database, and tells the run what a person wants.
public struct BenchEffects: EffectPerformer {
    private let store: any RunStore
    private let news: RunNewsReader
    private let command: @Sendable (RunCommand) -> Void

    /// Work over a run's database. `news` has read what the screen was made with; `command` asks something of the run, where this process
    /// runs it.
    public init(
        store: any RunStore, news: RunNewsReader, command: @escaping @Sendable (RunCommand) -> Void = { _ in }
    ) {
        self.store = store
        self.news = news
        self.command = command
    }

    /// Performs one effect.
    public func perform(_ effect: BenchEffect, send: @escaping @Sendable ([BenchEvent]) -> Void) async {
        switch effect {
        case .send(let wish): command(wish)
        case .readMoney:
            do throws(RunStoreError) {
                let money = try await store.money()
                send([.money(money, try await store.costs())])
            } catch { send([.money(nil, []), .unreadable(error.description)]) }
        case .readNews:
            do throws(RunStoreError) { send([.news(try await news.read())]) } catch {
                send([.unreadable(error.description)])
            }
        case .readTrial(let trial): send([.trial(trial, await detail(trial))])
        case .loop: break
        }
    }

    private func detail(_ trial: Int) async -> Result<TrialDetail, RunStoreError> {
        do throws(RunStoreError) {
            let found = try await store.trials(from: trial, limit: 1, withTexts: true)
            guard let record = found.first, record.key.index == trial else {
                return .failure(.missing("it has no result that is kept"))
            }
            return .success(TrialDetail(record, requests: try await store.requests(of: trial)))
        } catch { return .failure(error) }
    }
}
