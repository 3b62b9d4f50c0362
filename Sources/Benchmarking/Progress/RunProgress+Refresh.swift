import Statistics

extension RunProgress {
    /// Makes intervals and verdicts anew for the rows that changed. Costs as much as these rows have trials: for once a second.
    public mutating func refresh() {
        for index in cells.indices where cells[index].isStale {
            cells[index].isStale = false
            cells[index].interval = interval(cells[index])
            if hasBaseline { compare(index) }
        }
    }

    private func interval(_ cell: CellProgress) -> Interval? {
        let confidence = options.confidence
        guard cell.isClustered else {
            if cell.isBinary {
                let right = Int(cell.credit.rounded())
                return cell.scored > 0
                    ? Proportion(successes: right, of: cell.scored)?.wilson(confidence: confidence) : nil
            }
            return cell.credits.interval(confidence: confidence)
        }
        let scored = cell.trials.filter { credits[Int($0)] >= 0 }
        let sample = try? ClusteredSample(
            scored.map { Double(credits[Int($0)]) }, clusters: scored.map { clusters[Int($0)] })
        return cell.isBinary ? sample?.wilson(confidence: confidence) : sample?.interval(confidence: confidence)
    }

    /// Pairs of samples: repeats are averaged, as far as both runs have them.
    private mutating func compare(_ index: Int) {
        struct Pair {
            var ours: [Double] = []
            var theirs: [Double] = []
        }
        var pairs: [String: Pair] = [:]
        for trial in cells[index].trials.map(Int.init) where before[trial] >= 0 && credits[trial] >= 0 {
            let sample = keys[trial].sample
            pairs[sample, default: Pair()].ours.append(Double(credits[trial]))
            pairs[sample, default: Pair()].theirs.append(Double(before[trial]))
        }
        let sorted = pairs.sorted { $0.key < $1.key }.map(\.value)
        guard !sorted.isEmpty, let rule = VerdictRule(confidence: options.confidence, largestDifference: 1),
            let comparison = try? PairedComparison(repeats: sorted.map(\.theirs), sorted.map(\.ours))
        else { return }
        cells[index].difference = comparison.difference
        cells[index].verdict = rule.verdict(comparison)
    }
}
