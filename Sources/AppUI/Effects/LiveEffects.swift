public import ProviderCore
public import TerminalKit

/// Does the workspace's work: asks the provider, looks lists up, waits.
public struct LiveEffects: EffectPerformer {
    private let provider: any AIProvider
    private let clock: any MonotonicClock
    private let themes: @Sendable () -> [ThemeChoice]

    /// Work over a provider. `themes` lists what can be chosen; it may read files.
    public init(
        provider: any AIProvider, clock: any MonotonicClock = ContinuousClock(),
        themes: @escaping @Sendable () -> [ThemeChoice]
    ) {
        self.provider = provider
        self.clock = clock
        self.themes = themes
    }

    /// Performs one effect; cancelling the task closes the connection.
    public func perform(_ effect: AppEffect, send: @escaping @Sendable ([AppEvent]) -> Void) async {
        switch effect {
        case .ask(let id, let request): await ask(request, id: id, send: send)
        case .listModels: send([.models(await listModels())])
        case .listThemes: send([.themes(themes())])
        case .cancel, .loop: break
        }
    }

    /// Pulls the stream batch by batch: one event of ours per read of the network.
    private func ask(
        _ request: ChatRequest, id: Int, send: @Sendable ([AppEvent]) -> Void
    ) async {
        do {
            var batches = try await provider.stream(request).batches()
            while let batch = try await batches.nextBatch() {
                send([.stream(id: id, batch, at: clock.now)])
            }
            send([.streamEnded(id: id, nil, at: clock.now)])
        } catch is CancellationError {
            // The model has already noted that the user stopped it.
        } catch {
            send([.streamEnded(id: id, Self.providerError(error), at: clock.now)])
        }
    }

    private func listModels() async -> Result<[ModelListing], ProviderError> {
        do { return .success(try await provider.models()) } catch { return .failure(Self.providerError(error)) }
    }

    private static func providerError(_ error: any Error) -> ProviderError {
        error as? ProviderError ?? ProviderError(kind: .invalidResponse, message: String(describing: error))
    }
}
