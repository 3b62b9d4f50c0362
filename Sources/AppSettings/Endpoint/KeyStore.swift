import ProviderCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads keys from files and commands.
struct KeyStore: Sendable {
    let home: String?
    /// What commands get, apart from OpenAI's keys.
    let environment: [String: String]

    /// The most bytes of a key file or of a command's output.
    private static let maximumBytes = 65_536
    /// How long a command may take, in milliseconds: someone may have to type a passphrase.
    private static let patience: Int32 = 60_000

    /// The key of a source. Throws `EndpointError`.
    func key(from source: KeySource) throws(EndpointError) -> Secret {
        switch source {
        case .environment(let name): throw EndpointError("\(printable(name)) is not set")
        case .file(let path): return try file(path)
        case .command(let words): return try command(words)
        }
    }

    private func file(_ given: String) throws(EndpointError) -> Secret {
        var path = given
        if path.hasPrefix("~/"), let home { path = home + path.dropFirst() }
        guard path.hasPrefix("/") else {
            throw EndpointError("key_file \(printable(given)): give an absolute path or ~/…")
        }
        let text: String?
        do throws(FileProblem) {
            text = try TextFile.read(path, maximum: Self.maximumBytes, privacy: .ownerOnly)
        } catch {
            throw EndpointError("key_file \(error)")
        }
        guard let text else { throw EndpointError("key_file \(printable(path)): there is no such file") }
        return try secret(text, "key_file \(printable(path))")
    }

    private func secret(_ text: String, _ name: String) throws(EndpointError) -> Secret {
        guard let key = Secret(text) else { throw EndpointError("\(name): holds no key of one line") }
        return key
    }

    private func command(_ words: [String]) throws(EndpointError) -> Secret {
        let name = "key_command \(printable(words.first ?? ""))"
        guard words.allSatisfy({ !$0.utf8.contains(0) }) else { throw EndpointError("\(name): holds a zero byte") }
        var pipes: [Int32] = [-1, -1]
        guard pipe(&pipes) == 0 else { throw EndpointError("\(name): \(TextFile.reason(errno))") }
        _ = fcntl(pipes[0], F_SETFD, FD_CLOEXEC)
        _ = fcntl(pipes[1], F_SETFD, FD_CLOEXEC)
        defer { close(pipes[0]) }
        let (child, failure) = spawn(words, output: pipes[1])
        close(pipes[1])
        guard failure == 0 else { throw EndpointError("\(name): \(TextFile.reason(failure))") }
        let output = Self.collect(pipes[0])
        if output == nil { kill(child, SIGKILL) }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        guard let output else {
            throw EndpointError("\(name): gave no end within \(Self.patience / 1000) s or more than 64 KiB")
        }
        guard status == 0 else {
            let how = status & 0x7F == 0 ? "exit code \((status >> 8) & 0xFF)" : "signal \(status & 0x7F)"
            throw EndpointError("\(name): ended with \(how)")
        }
        return try secret(String(decoding: output, as: UTF8.self), name)
    }

    /// Starts a program found on the path, without a shell: its output goes to the pipe, it reads nothing, its errors show.
    /// It gets the environment without keys.
    private func spawn(_ words: [String], output: Int32) -> (child: pid_t, failure: Int32) {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
        #else
            var actions = posix_spawn_file_actions_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        defer { for argument in arguments { free(argument) } }
        arguments.append(nil)
        let kept = KeylessEnvironment.of(environment)
        var variables: [UnsafeMutablePointer<CChar>?] = kept.map { strdup("\($0.key)=\($0.value)") }
        defer { for variable in variables { free(variable) } }
        variables.append(nil)
        var child: pid_t = 0
        // The child must see Ctrl-C, whatever this process blocks.
        #if canImport(Darwin)
            var attributes: posix_spawnattr_t?
        #else
            var attributes = posix_spawnattr_t()
        #endif
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let failure = posix_spawnp(&child, words.first ?? "", &actions, &attributes, arguments, variables)
        return (child, failure)
    }

    /// Everything that comes through the pipe; nil when it does not end in time or is too much.
    private static func collect(_ pipe: Int32) -> [UInt8]? {
        let deadline = ContinuousClock.now + .milliseconds(Int(patience))
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.count <= maximumBytes {
            let left = (deadline - ContinuousClock.now).components
            guard left.seconds >= 0 else { return nil }
            var entry = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
            let ready = poll(&entry, 1, Int32(left.seconds) * 1000 + Int32(left.attoseconds / 1_000_000_000_000_000))
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else { return nil }
            let count = read(pipe, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count == 0 ? bytes : nil }
            bytes += buffer.prefix(count)
        }
        return nil
    }
}
