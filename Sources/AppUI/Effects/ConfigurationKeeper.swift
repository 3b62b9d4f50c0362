/// Keeps settings, presets and endpoints outside of the workspace: in files, as a rule.
public protocol ConfigurationKeeper: Sendable {
    /// Does one thing and tells what comes of it. Cancelling the task ends it early.
    func perform(_ effect: ConfigurationEffect, send: @escaping @Sendable (ConfigurationEvent) -> Void) async
}
