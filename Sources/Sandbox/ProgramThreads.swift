internal import CSpawn
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Threads for running programs: one for each while it runs, at most `limit`; what comes beyond waits its turn.
///
/// The thread that starts a program stays until its end, since the system ends the program with the thread.
final class ProgramThreads: Sendable {
    /// Work for a thread.
    final class Job: Sendable {
        let stop: StopSignal
        /// Does it, on a thread of its own, or else tells that it never began.
        let perform: @Sendable (_ start: Start) -> Void

        init(_ stop: StopSignal, _ perform: @escaping @Sendable (_ start: Start) -> Void) {
            self.stop = stop
            self.perform = perform
        }
    }

    /// Whether a job may begin.
    enum Start {
        case now
        case cancelled
        case noThread
    }

    private struct State {
        var busy = 0
        var waiting: [Job] = []
    }

    private let state = Mutex(State())
    private let limit: Int

    init(limit: Int = 16) { self.limit = limit }

    /// Performs a job as soon as a thread is free.
    func submit(_ job: Job) {
        let isFirst: Bool? = state.withLock { state in
            if job.stop.isSet { return nil }
            guard state.busy < limit else {
                state.waiting.append(job)
                return false
            }
            state.busy += 1
            return true
        }
        switch isFirst {
        case nil: job.perform(.cancelled)
        case true?:
            if !NativeThread.start({ [self] in work(job) }) {
                job.perform(.noThread)
                release()
            }
        case false?: break
        }
    }

    /// Ends a job: one that waits never begins, one that runs is told.
    func cancel(_ stop: StopSignal) {
        stop.set()
        let waited = state.withLock { state -> Job? in
            guard let index = state.waiting.firstIndex(where: { $0.stop === stop }) else { return nil }
            return state.waiting.remove(at: index)
        }
        waited?.perform(.cancelled)
    }

    private func work(_ first: Job) {
        // No handler of the program runs here, and a pipe that nobody reads is an error, not a signal.
        cs_block_signals()
        first.perform(.now)
        while let job = next() { job.perform(.now) }
    }

    private func next() -> Job? {
        state.withLock { state in
            if !state.waiting.isEmpty { return state.waiting.removeFirst() }
            state.busy -= 1
            return nil
        }
    }

    /// A thread could not be had: what waits is told as well, when no other thread will come to it.
    private func release() {
        let left = state.withLock { state -> [Job] in
            state.busy -= 1
            guard state.busy == 0 else { return [] }
            defer { state.waiting = [] }
            return state.waiting
        }
        for job in left { job.perform(.noThread) }
    }
}

/// Wakes a thread in `poll` from elsewhere.
final class StopSignal: Sendable {
    private struct State {
        var isSet = false
        var descriptor: Int32 = -1
    }

    private let state = Mutex(State())

    var isSet: Bool { state.withLock { $0.isSet } }

    func set() {
        state.withLock { state in
            state.isSet = true
            wake(state.descriptor)
        }
    }

    /// From now on a byte is written to this descriptor, at once when it is set already; -1 = no more.
    func connect(_ descriptor: Int32) {
        state.withLock { state in
            state.descriptor = descriptor
            if state.isSet { wake(descriptor) }
        }
    }

    private func wake(_ descriptor: Int32) {
        guard descriptor >= 0 else { return }
        var byte: UInt8 = 1
        _ = write(descriptor, &byte, 1)
    }
}

/// A detached thread of the C library.
enum NativeThread {
    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Runs `body` on a thread of its own. False when the system has none left.
    static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
        let work = Unmanaged.passRetained(Work(body))
        #if canImport(Darwin)
            var thread: pthread_t?
        #else
            var thread = pthread_t()
        #endif
        let result = pthread_create(
            &thread, nil,
            { context in
                #if !canImport(Darwin)
                    guard let context else { return nil }
                #endif
                Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
                return nil
            }, work.toOpaque())
        guard result == 0 else {
            work.release()
            return false
        }
        #if canImport(Darwin)
            if let thread { pthread_detach(thread) }
        #else
            pthread_detach(thread)
        #endif
        return true
    }
}
