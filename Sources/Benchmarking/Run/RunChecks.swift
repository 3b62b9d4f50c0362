package import ProviderCore

/// What every library of runs checks before it makes one.
extension RunHeader {
    /// Why no such run can be made; nil = it can.
    package func problem(with trials: [TrialKey]) -> String? {
        guard Self.isID(id) else { return "a run cannot be called \u{201C}\(id)\u{201D}: letters and digits only" }
        guard Set(tasks).count == tasks.count else { return "run \(id) has two tasks of one name" }
        guard Set(subjects).count == subjects.count else { return "run \(id) has two subjects of one label" }
        guard trials.count == planned, Set(trials.map(\.index)) == Set(0..<max(0, planned)) else {
            return "run \(id) has not the trials 0 to \(planned - 1), each once"
        }
        let (known, asked) = (Set(tasks), Set(subjects))
        var places: Set<TrialKey> = []
        for trial in trials {
            guard known.contains(trial.task) else { return "run \(id) has no task \(trial.task)" }
            guard asked.contains(trial.subject) else { return "run \(id) has no subject \(trial.subject)" }
            var place = trial
            place.index = 0
            guard places.insert(place).inserted else {
                return "run \(id) has sample \(trial.sample) of task \(trial.task) twice"
            }
        }
        return nil
    }

    /// Whether it can be the name of a file anywhere.
    private static func isID(_ id: String) -> Bool {
        (1...32).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            }
    }
}

/// What stores of runs say.
extension RunStoreError {
    /// A result of a trial that has one.
    package static func isSettled(_ trial: Int, _ run: String) -> RunStoreError {
        .refused("trial \(trial) of run \(run) is settled already")
    }

    /// Something of a trial that has no result.
    package static func isNotSettled(_ trial: Int, _ run: String) -> RunStoreError {
        .refused("trial \(trial) of run \(run) is not settled")
    }

    /// An outcome that would take a trial's result away.
    package static func unsettles(_ outcome: TrialOutcome, _ trial: Int, _ run: String) -> RunStoreError {
        .refused("a score cannot make trial \(trial) of run \(run) \(outcome.rawValue)")
    }

    /// A trial that is not of the plan.
    package static func isNotPlanned(_ trial: Int, _ run: String) -> RunStoreError {
        .refused("run \(run) has no trial \(trial)")
    }

    /// A change without `claim`.
    package static func isNotClaimed(_ run: String) -> RunStoreError {
        .held("run \(run) was not taken by this process: nothing can be changed")
    }

    /// An id that names no run, or several.
    package static func names(_ id: String, _ found: [String], in place: String) -> RunStoreError {
        guard !found.isEmpty else { return .missing("there is no run \(id) in \(place)") }
        return .missing("several runs begin with \(id): \(found.sorted().joined(separator: ", "))")
    }
}

extension RunMoney {
    /// Adds an attempt.
    package mutating func add(_ record: RequestRecord) {
        requests += 1
        let worst = record.start.worst
        switch record.state {
        case .intent, .open:
            open += 1
            held += worst ?? .zero
            if worst == nil { unpriced += 1 }
        case .unknown:
            unknown += 1
            maybe += worst ?? .zero
            if worst == nil { unpriced += 1 }
        case .settled, .estimated:
            spent += record.cost ?? .zero
            if record.cost == nil { unpriced += 1 }
            if record.isEstimate { isEstimated = true }
        case .refused: break
        }
        add(record.usage)
    }

    /// Adds token counts, as far as they are known.
    package mutating func add(_ more: TokenUsage) {
        for member in [
            \TokenUsage.inputTokens, \.outputTokens, \.cachedInputTokens, \.cacheWriteTokens, \.reasoningTokens,
        ] {
            guard let count = more[keyPath: member] else { continue }
            let (sum, overflow) = (usage[keyPath: member] ?? 0).addingReportingOverflow(count)
            usage[keyPath: member] = overflow ? .max : sum
        }
    }
}

extension RequestRecord {
    /// Ends it; one that is over stays as it is.
    package mutating func close(_ closing: LedgerClosing) {
        guard state.isOpen else { return }
        state = closing.state
        usage = closing.usage
        cost = closing.cost.amount
        isEstimate = closing.cost.state == .estimate || closing.state == .estimated
        metadata = closing.metadata
        error = closing.error
        duration = closing.duration
    }
}
