extension RunProgress {
    /// Where each trial stands: its row, its cluster, whom it asks.
    struct Places {
        var cells: [CellProgress] = []
        var cellOf: [Int32] = []
        var clusters: [Int32] = []
        var endpoints: [String] = []
        var endpointOf: [Int32] = []

        private struct CellKey: Hashable {
            let task, subject: String
        }

        private struct ClusterKey: Hashable {
            let task: String
            let isSample: Bool
            let name: String
        }

        init(_ setup: Setup) {
            var rows: [CellKey: Int32] = [:]
            let header = setup.header
            for task in header.tasks {
                for subject in header.subjects { rows[CellKey(task: task, subject: subject)] = row(task, subject) }
            }
            var numbers: [ClusterKey: Int32] = [:]
            var targets: [String: Int32] = [:]
            for subject in header.subjects { targets[subject] = target(setup.endpoints[subject] ?? "") }
            for key in setup.keys {
                let place = CellKey(task: key.task, subject: key.subject)
                let index = rows[place] ?? row(key.task, key.subject)
                rows[place] = index
                cellOf.append(index)
                endpointOf.append(targets[key.subject] ?? target(""))
                let cluster = setup.options.cluster(key.task, key.sample)
                let name = ClusterKey(task: key.task, isSample: cluster == nil, name: cluster ?? key.sample)
                let number = numbers[name] ?? Int32(numbers.count)
                numbers[name] = number
                clusters.append(number)
                cells[Int(index)].planned += 1
                cells[Int(index)].trials.append(Int32(key.index))
                if cluster != nil || key.repetition > 1 { cells[Int(index)].isClustered = true }
            }
            cells.removeAll { $0.planned == 0 && cellOf.isEmpty }
        }

        private mutating func row(_ task: String, _ subject: String) -> Int32 {
            cells.append(CellProgress(task: task, subject: subject))
            return Int32(cells.count - 1)
        }

        private mutating func target(_ name: String) -> Int32 {
            if let known = endpoints.firstIndex(of: name) { return Int32(known) }
            endpoints.append(name)
            return Int32(endpoints.count - 1)
        }
    }
}
