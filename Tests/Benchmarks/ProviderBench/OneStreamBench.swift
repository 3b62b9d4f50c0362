import ProviderCore

/// One stream as fast as it comes, to be compared with other clients on the same stream.
enum OneStreamBench {
    static func run(baseURL: String) async throws {
        let provider = try benchProvider(baseURL)
        let cpu = processCPU()
        let start = ContinuousClock.now
        var batches = try await provider.stream(benchRequest).batches()
        var events = 0
        var reads = 0
        while let batch = try await batches.nextBatch() {
            reads += 1
            for case .textDelta in batch { events += 1 }
        }
        let wall = start.duration(to: .now) / .seconds(1)
        report("events", Double(events))
        report("events_per_read", Double(events) / Double(max(1, reads)))
        report("cpu_seconds", processCPU() - cpu)
        report("wall_seconds", wall)
    }
}
