import Benchmarking
import ProviderCore

extension RunProgress {
    /// What a run has come to by its database: where the screen begins. `news` is asked for it, so that it tells later what came since.
    static func begin(
        _ plan: SuitePlan, _ run: StoredRun, targets: [String: String], concurrency: Int, library: any RunLibrary,
        news: RunNews?, tell: (String) -> Void = { Terminal.complain($0) }
    ) async -> RunProgress {
        let setup = Setup(
            header: run.header, keys: plan.keys, endpoints: targets, concurrency: concurrency,
            caps: plan.suite.run.limits, options: plan.reportOptions(),
            baseline: await Self.baseline(plan.suite, run.header, library, tell),
            worked: run.worked)
        let now = ContinuousClock.now
        var progress = RunProgress(setup, at: now)
        if let news { progress.take(news, isFirst: true, at: now) }
        return progress
    }

    /// What the trials of the suite's baseline were worth; empty when there is none, or it cannot be read, which is told.
    private static func baseline(
        _ suite: Suite, _ header: RunHeader, _ library: any RunLibrary, _ tell: (String) -> Void
    ) async -> [BaselineKey: Double] {
        guard let name = suite.baseline else { return [:] }
        do throws(RunStoreError) {
            var id = name
            if name == "latest" {
                let runs = try await library.list().runs
                let before = runs.first { run in
                    run.header.name == header.name && run.header.id != header.id
                        && run.header.created <= header.created && run.settled > 0
                }
                guard let before else { return [:] }
                id = before.header.id
            }
            let store = try await library.open(id)
            var values: [BaselineKey: Double] = [:]
            var next = 0
            while true {
                let records = try await store.trials(from: next, limit: 500, withTexts: false)
                for record in records where record.outcome.isScored { values[BaselineKey(record.key)] = record.credit }
                guard let last = records.last else { return values }
                next = last.key.index + 1
            }
        } catch {
            tell("the baseline cannot be read: \(error)")
            return [:]
        }
    }
}

extension Suite {
    /// Whom each subject asks, by its label. `standard`: the endpoint of models that name none; `model`: what they ask then.
    func targets(standard: String, model: String) -> [String: String] {
        var targets: [String: String] = [:]
        for subject in subjects {
            let parts = [subject.model.endpoint ?? standard, subject.model.model ?? model].filter { !$0.isEmpty }
            targets[subject.label] = parts.joined(separator: " ")
        }
        return targets
    }
}
