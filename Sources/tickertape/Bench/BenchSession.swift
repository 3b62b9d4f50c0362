import AppSettings
import Benchmarking
import ProviderCore

/// A run in this process: made anew or taken up again, run to its end, and given back.
struct BenchSession {
    let store: any RunStore
    let header: RunHeader
    let plan: SuitePlan
    let path: String
    /// What the run had cost before.
    let before: RunMoney
    /// Trials that are left out since nobody knows what became of them.
    let keptUnknown: Int
    /// Whether only some of its trials are run now.
    private let isPart: Bool
    private let source: SuiteSource
    private let work: BenchmarkRunner.Plan

    /// What a person asks for over the suite's own settings.
    struct Wishes {
        var budget: Money?
        var concurrency: Int?
        var keepsUnknown = false
        var allowsUnsandboxed = false
        /// Of each task only so many samples, for now.
        var pilot: Int?
    }

    /// Makes a run of a suite.
    static func make(
        _ loaded: SuiteLoading.Loaded, _ selection: PlanSelection, _ wishes: Wishes, _ wiring: BenchWiring,
        in library: any RunLibrary
    ) async throws -> BenchSession {
        let suite = loaded.suite
        let plan = SuitePlan(suite, only: selection.tasks, limit: selection.samples)
        guard !plan.trials.isEmpty else { throw Failure("\(suite.file): nothing is planned", code: Exit.inputFile) }
        // What a pilot may spend is no cap on what follows it.
        let cap = (wishes.pilot == nil ? wishes.budget : nil) ?? suite.run.budget.run
        let header = RunHeader(
            id: RunHeader.newID(), name: suite.name, suitePath: suite.file, suiteDigest: suite.digest,
            planDigest: plan.digest, seed: suite.seed, created: WallClock().now, version: Product.version,
            selection: selection, subjects: suite.subjects.map(\.label), tasks: suite.tasks.map(\.id),
            planned: plan.trials.count, budget: cap, isDemo: wiring.isDemo, baseURL: wiring.baseURL,
            profile: wiring.profile)
        do throws(RunStoreError) {
            let store = try await library.create(header, files: loaded.files, trials: plan.keys)
            return try await BenchSession(store, header, plan, wishes, wiring, library.path(of: header.id))
        } catch { throw Failure.of(error) }
    }

    /// Takes a run up again, from the files that are kept with it.
    static func resume(
        _ store: any RunStore, suite: Suite, _ wishes: Wishes, _ wiring: BenchWiring, in library: any RunLibrary
    ) async throws -> BenchSession {
        do throws(RunStoreError) {
            let header = try await store.run().header
            let plan = SuitePlan(suite, only: header.selection.tasks, limit: header.selection.samples)
            guard plan.digest == header.planDigest else {
                throw RunStoreError.storage(
                    "run \(header.id) was planned by another version of this program (\(header.version)), which "
                        + "would ask other things: finish it with that version, or start a new run")
            }
            return try await BenchSession(store, header, plan, wishes, wiring, library.path(of: header.id))
        } catch { throw Failure.of(error) }
    }

    private init(
        _ store: any RunStore, _ header: RunHeader, _ plan: SuitePlan, _ wishes: Wishes, _ wiring: BenchWiring,
        _ path: String
    ) async throws(RunStoreError) {
        (self.store, self.plan, self.path) = (store, plan, path)
        let earlier = try await store.run()
        before = try await store.claim()
        let (stored, settled, unknown): (StoredRun, Set<Int>, Set<Int>)
        do throws(RunStoreError) {
            stored = try await store.run()
            settled = try await store.settledTrials()
            unknown = wishes.keepsUnknown ? try await store.unknownTrials() : []
            do {
                source = try wiring.source(plan, journal: store, allowsUnsandboxed: wishes.allowsUnsandboxed)
            } catch {
                throw RunStoreError.storage((error as? Failure)?.message ?? "\(error)")
            }
        } catch {
            // It never began: whoever looks must not take it for one whose process died.
            let state = earlier.state == .running ? .incomplete : earlier.state
            try? await store.release(state, earlier.stop, worked: earlier.worked)
            throw error
        }
        keptUnknown = unknown.count
        let settings = plan.suite.run
        var budget = settings.budget
        budget.run = wishes.budget ?? header.budget
        self.header = Self.keeping(wishes, of: header, in: store, at: stored.worked)
        let unbooked = await before.unbooked(in: wiring.ledger, run: header.id, isDemo: wiring.isDemo)
        var caps = wiring.settings.caps
        caps[.request] = caps[.request].map { SpendingCap(soft: nil, hard: $0.hard) }
        var concurrency = settings.concurrency
        if let wanted = wishes.concurrency {
            concurrency.start = wanted
            concurrency.most = wanted
            concurrency.adapts = false
        }
        if wishes.concurrency != nil || stored.worked > .zero {
            // Who watches knows the suite's number, or the one that an earlier process ended with.
            let now = min(concurrency.start, concurrency.most)
            store.note(RunNote(at: stored.worked, kind: "concurrency", text: "\(now) to \(now): where it began"))
        }
        let wanted = wishes.pilot.map { plan.pilot(samples: $0) } ?? plan.trials.map(\.index)
        let left = wanted.filter { !settled.contains($0) && !unknown.contains($0) }
        isPart = wanted.count < plan.trials.count
        work = BenchmarkRunner.Plan(
            runID: header.id, trials: left, concurrency: concurrency, budget: budget, caps: caps,
            worked: stored.worked, unbooked: unbooked)
    }

    /// Keeps a cap that is another one than the run's, for who goes on with it later. A pilot's is for the pilot.
    private static func keeping(
        _ wishes: Wishes, of header: RunHeader, in store: any RunStore, at worked: Duration
    ) -> RunHeader {
        guard wishes.pilot == nil, let cap = wishes.budget, cap != header.budget else { return header }
        store.keep(cap: cap, at: worked)
        var header = header
        header.budget = cap
        return header
    }

    /// Trials that are left.
    var left: Int { work.trials.count }

    /// Trials at once, at the beginning.
    var concurrency: Int { min(work.concurrency.start, work.concurrency.most) }

    /// A runner of what is left.
    func runner(_ observe: @escaping @Sendable (RunEvent) -> Void) -> BenchmarkRunner {
        BenchmarkRunner(work, source: source, store: store, observe: observe)
    }

    /// Gives the run back without having run it.
    func abandon() async { try? await store.release(.incomplete, nil, worked: work.worked) }

    /// Gives the run back and reads what it came to.
    func end(_ result: RunResult) async throws -> ComparedRun {
        var state = result.state
        // What is left out is not there.
        if state == .complete, keptUnknown > 0 || isPart { state = .incomplete }
        do throws(RunStoreError) {
            try await store.release(state, state == .complete ? nil : result.stop, worked: work.worked + result.worked)
            let results = try await ReportBuilder.results(store, planned: plan.keys, plan.reportOptions())
            return ComparedRun(suite: plan.suite, results: results)
        } catch { throw Failure.of(error) }
    }
}

extension RunHeader {
    /// A new id: eight letters and digits that are not taken for each other.
    static func newID() -> String {
        var generator = SystemRandomNumberGenerator()
        let letters = Array("23456789abcdefghjkmnpqrstvwxyz")
        return String((0..<8).map { _ in letters[Int.random(in: 0..<letters.count, using: &generator)] })
    }
}
