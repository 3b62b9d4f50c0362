import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A few threads that run tasks, and sleep when there are none.
///
/// The Swift runtime's own pool on Linux is Dispatch's, whose monitor wakes once a second for ever after its first use. A
/// program that must not wake when idle runs its tasks here instead: `Task(executorPreference: workers)`.
public final class WorkerThreads: TaskExecutor {
    private let queue: JobQueue

    /// Starts so many threads. They live as long as the executor.
    public init(count: Int) {
        let queue = JobQueue()
        self.queue = queue
        for _ in 0..<max(1, count) { queue.startThread(for: asUnownedTaskExecutor()) }
    }

    deinit { queue.stop() }

    /// Runs a job on one of the threads.
    public func enqueue(_ job: consuming ExecutorJob) { queue.add(UnownedJob(job)) }
}

/// Jobs that wait, and the threads that take them. Apart from the executor, so that the threads do not keep it alive.
private final class JobQueue: Sendable {
    private struct State {
        var jobs: [UnownedJob] = []
        var first = 0
        var isStopped = false
    }

    private let state = Mutex(State())
    private let semaphore = Semaphore()

    func add(_ job: UnownedJob) {
        state.withLock { $0.jobs.append(job) }
        semaphore.signal()
    }

    func stop() {
        state.withLock { $0.isStopped = true }
        semaphore.signal()
    }

    func startThread(for executor: UnownedTaskExecutor) {
        Thread.start { [self] in
            while let job = next() { job.runSynchronously(on: executor) }
        }
    }

    /// Waits for a job; nil when there will be none.
    private func next() -> UnownedJob? {
        while true {
            semaphore.wait()
            let (job, isStopped) = state.withLock { state -> (UnownedJob?, Bool) in
                guard state.first < state.jobs.count else { return (nil, state.isStopped) }
                defer {
                    state.first += 1
                    if state.first == state.jobs.count {
                        state.jobs.removeAll(keepingCapacity: true)
                        state.first = 0
                    }
                }
                return (state.jobs[state.first], false)
            }
            if let job { return job }
            if isStopped {
                // The next thread is to end as well.
                semaphore.signal()
                return nil
            }
        }
    }
}

/// A counting semaphore over a mutex and a condition of the C library.
private final class Semaphore: Sendable {
    private struct Storage {
        var mutex = pthread_mutex_t()
        var condition = pthread_cond_t()
        var count = 0
    }

    // The C library's mutex must not move in memory; it guards everything here itself.
    private nonisolated(unsafe) let storage: UnsafeMutablePointer<Storage>

    init() {
        storage = .allocate(capacity: 1)
        storage.initialize(to: Storage())
        pthread_mutex_init(&storage.pointee.mutex, nil)
        pthread_cond_init(&storage.pointee.condition, nil)
    }

    deinit {
        pthread_cond_destroy(&storage.pointee.condition)
        pthread_mutex_destroy(&storage.pointee.mutex)
        storage.deinitialize(count: 1)
        storage.deallocate()
    }

    func signal() {
        pthread_mutex_lock(&storage.pointee.mutex)
        storage.pointee.count += 1
        pthread_cond_signal(&storage.pointee.condition)
        pthread_mutex_unlock(&storage.pointee.mutex)
    }

    func wait() {
        pthread_mutex_lock(&storage.pointee.mutex)
        while storage.pointee.count == 0 { pthread_cond_wait(&storage.pointee.condition, &storage.pointee.mutex) }
        storage.pointee.count -= 1
        pthread_mutex_unlock(&storage.pointee.mutex)
    }
}
