/// A program as values: what it knows, what can happen, what it wants done.
///
/// `update` and `view` are pure: no clock, no file, no task, no chance. Time comes in with the event, work goes out as
/// effects.
public protocol Feature: SendableMetatype {
    /// Everything on the screen.
    associatedtype Model: Sendable
    /// What can happen.
    associatedtype Event: Sendable
    /// Work to be done outside.
    associatedtype Effect: Sendable

    /// The event for a piece of terminal input.
    static func event(for input: Input) -> Event
    /// What an event changes, and what is to be done about it. `now` is monotonic.
    static func update(_ model: inout Model, _ event: Event, now: ContinuousClock.Instant) -> [Effect]
    /// What the screen shows.
    static func view(_ model: inout Model, size: Size) -> Frame
    /// The event for an alarm that was asked for with `LoopControl.alarm`.
    static func event(forAlarmAt now: ContinuousClock.Instant) -> Event
    /// What an effect asks of the loop itself; nil for work that the performer does.
    static func control(_ effect: Effect) -> LoopControl?
}

/// Effects that only the loop can perform.
public enum LoopControl: Sendable {
    /// End the program with this result.
    case quit
    /// Stop the effect running under this id.
    case cancel(id: Int)
    /// Run the performer's work under an id, so that it can be cancelled. The effect itself goes to the performer.
    case run(id: Int)
    /// Send the alarm's event after this time; a new alarm replaces one that is pending.
    case alarm(after: Duration)
    /// Draw everything again.
    case redraw
    /// Hand the terminal back and stop until continued.
    case suspend
    /// Have the performer do this effect's work while the terminal is not ours: it is given back before, and taken again,
    /// with everything drawn anew, when the work has ended. For programs that a person uses meanwhile.
    case foreground
    /// Take mouse events, or leave the mouse to the terminal.
    case mouse(Bool)
    /// Tell input as `Input.observed`, or as what it means again.
    case observeKeys(Bool)
    /// Use this theme.
    case theme(Theme)
    /// Send bytes of our own.
    case emit([UInt8])
}

/// Does the work that effects describe.
///
/// To fake one: record the effects and send the events a test wants.
public protocol EffectPerformer<Event, Effect>: Sendable {
    /// What it answers with.
    associatedtype Event: Sendable
    /// What it is asked.
    associatedtype Effect: Sendable

    /// Performs one effect; may take long, and answers only through `send`, any number of times, in order. Runs in a
    /// task of its own, off the UI thread; cancelling the task must end it soon.
    func perform(_ effect: Effect, send: @escaping @Sendable ([Event]) -> Void) async
}
