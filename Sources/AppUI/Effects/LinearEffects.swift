public import TerminalKit

/// Does linear mode's work: the workspace's effects, and sentences about waiting on another stream than the text.
public struct LinearEffects: EffectPerformer {
    private let base: any EffectPerformer<AppEvent, AppEffect>
    private let aside: @Sendable (String) -> Void

    /// Work done by `base`; `aside` takes a sentence without a line end.
    public init(_ base: any EffectPerformer<AppEvent, AppEffect>, aside: @escaping @Sendable (String) -> Void) {
        self.base = base
        self.aside = aside
    }

    /// Performs one effect.
    public func perform(_ effect: LinearEffect, send: @escaping @Sendable ([AppEvent]) -> Void) async {
        switch effect {
        case .work(let work): await Self.perform(work, with: base, send: send)
        case .aside(let sentence): aside(sentence)
        case .tell: break
        }
    }

    private static func perform(
        _ effect: AppEffect, with base: any EffectPerformer<AppEvent, AppEffect>,
        send: @escaping @Sendable ([AppEvent]) -> Void
    ) async {
        await base.perform(effect, send: send)
    }
}
