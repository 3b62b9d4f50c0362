import Synchronization

/// Events on their way to the UI thread. Filled from anywhere, drained whole; wakes the thread once per drain, however
/// many events come.
final class Inbox<Event: Sendable>: Sendable {
    private let events = Mutex<[Event]>([])
    private let wake: @Sendable () -> Void

    init(wake: @escaping @Sendable () -> Void) { self.wake = wake }

    /// Adds events in order.
    func post(_ new: [Event]) {
        guard !new.isEmpty else { return }
        let wasEmpty = events.withLock { events in
            defer { events += new }
            return events.isEmpty
        }
        if wasEmpty { wake() }
    }

    /// Whether events wait.
    var isFilled: Bool { events.withLock { !$0.isEmpty } }

    /// All events, taken out.
    func drain() -> [Event] {
        events.withLock { events in
            defer { events = [] }
            return events
        }
    }
}
