import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What `openssl` is needed for: certificates of every kind, and a server that serves them.
enum OpenSSL {
    /// Whether a usable `openssl` is there; LibreSSL's has other options.
    static let isThere = (try? run(["version"]).hasPrefix("OpenSSL ")) ?? false

    /// Runs it to its end and returns what it printed. Throws when it fails.
    @discardableResult
    static func run(_ arguments: [String]) throws -> String {
        let process = try ChildProcess("openssl", arguments)
        process.closeInput()
        let output = process.readToEnd()
        guard process.waitForExit() == 0 else { throw Failure(description: "openssl \(arguments): \(output)") }
        return output
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }
}

/// Runs what blocks on a thread of its own: those of the tests are few, and others measure time on them.
func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(with: Result(catching: work)) }
    }
}

/// A folder with an authority of our own and the certificates it signs. Removed with the last reference.
final class TestAuthority: Sendable {
    /// What a certificate is to be like.
    struct Certificate: Sendable {
        var host = "IP:127.0.0.1"
        var days = 30
        /// Signed by itself instead of the authority.
        var isSelfSigned = false
    }

    private let folder: String
    /// The authority's certificate, for `SSL_CERT_FILE`.
    var file: String { folder + "/ca.pem" }
    private static let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]

    init() throws {
        var template = Array("/tmp/test-authority-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw OpenSSL.Failure(description: "no temporary folder") }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        try OpenSSL.run(
            ["req", "-x509", "-keyout", folder + "/ca.key", "-out", file, "-days", "30", "-subj", "/CN=Test authority"]
                + Self.key)
    }

    deinit {
        for name in ["ca.pem", "ca.key", "leaf.pem", "leaf.key", "leaf.csr", "names"] { unlink(folder + "/" + name) }
        rmdir(folder)
    }

    /// Makes a certificate; the paths of it and of its key.
    func make(_ certificate: Certificate) throws -> (file: String, key: String) {
        let (leaf, key, request, names) = (
            folder + "/leaf.pem", folder + "/leaf.key", folder + "/leaf.csr", folder + "/names"
        )
        try put("subjectAltName=\(certificate.host)\n", to: names)
        try OpenSSL.run(["req", "-new", "-keyout", key, "-out", request, "-subj", "/CN=Test server"] + Self.key)
        let signer = certificate.isSelfSigned ? ["-signkey", key] : ["-CA", file, "-CAkey", folder + "/ca.key"]
        try OpenSSL.run(
            ["x509", "-req", "-in", request, "-out", leaf, "-set_serial", "7", "-extfile", names, "-days"]
                + ["\(certificate.days)"] + signer)
        return (leaf, key)
    }

    private func put(_ text: String, to path: String) throws {
        guard let file = fopen(path, "w") else { throw OpenSSL.Failure(description: "cannot write \(path)") }
        defer { fclose(file) }
        fputs(text, file)
    }
}

/// `openssl s_server` on a free port of 127.0.0.1. It sends its answer as soon as a handshake succeeds, and then waits.
final class TLSServer: Sendable {
    /// The port it listens on.
    let port: UInt16
    private let process: ChildProcess

    var url: String { "https://127.0.0.1:\(port)/v1" }

    init(
        _ authority: TestAuthority, _ certificate: TestAuthority.Certificate = .init(), options: [String] = [],
        answer: String = ""
    ) throws {
        let (file, key) = try authority.make(certificate)
        process = try ChildProcess(
            "openssl", ["s_server", "-accept", "127.0.0.1:0", "-cert", file, "-key", key] + options)
        // "ACCEPT 127.0.0.1:41234"
        let line = process.readLine { $0.hasPrefix("ACCEPT ") }
        guard let port = line.split(separator: ":").last.flatMap({ UInt16($0) }) else {
            throw OpenSSL.Failure(description: "openssl s_server does not tell its port: \(line)")
        }
        self.port = port
        process.send(answer)
    }

    /// Waits for a line of what it received; false when it ended before. It answers without waiting for the request.
    func receives(_ line: String) -> Bool {
        !process.readLine { $0 == line || $0 == line + "\r" }.isEmpty
    }

    /// Ends it without a goodbye to whoever is connected, and tells all that it printed: what it received, too.
    func cut() -> String {
        process.end()
        defer { _ = process.waitForExit() }
        return process.readToEnd()
    }
}

/// A program with pipes for input and output, found on the PATH.
final class ChildProcess: Sendable {
    private let id: pid_t
    private let input: Mutex<Int32>
    private let output: Int32

    init(_ program: String, _ arguments: [String]) throws {
        var (toChild, fromChild): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
        guard pipe(&toChild) == 0, pipe(&fromChild) == 0 else { throw OpenSSL.Failure(description: "no pipe") }
        for end in toChild + fromChild { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer {
            close(toChild[0])
            close(fromChild[1])
        }
        #if canImport(Glibc)
            var actions = posix_spawn_file_actions_t()
        #else
            var actions: posix_spawn_file_actions_t?
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, toChild[0], 0)
        posix_spawn_file_actions_adddup2(&actions, fromChild[1], 1)
        posix_spawn_file_actions_adddup2(&actions, fromChild[1], 2)
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var id = pid_t()
        guard posix_spawnp(&id, program, &actions, nil, &words, environ) == 0 else {
            throw OpenSSL.Failure(description: "\(program) cannot be started")
        }
        self.id = id
        input = Mutex(toChild[1])
        output = fromChild[0]
    }

    deinit {
        closeInput()
        close(output)
    }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        input.withLock { _ = write($0, bytes, bytes.count) }
    }

    func closeInput() {
        input.withLock { input in
            if input >= 0 { close(input) }
            input = -1
        }
    }

    func end() { kill(id, SIGKILL) }

    /// The exit status; minus the signal that ended it.
    func waitForExit() -> Int32 {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
    }

    /// The first line that is wanted; "" when the output ends before. Reads byte by byte, so as to take no more.
    func readLine(where isWanted: (String) -> Bool) -> String {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while read(output, &byte, 1) == 1 {
            guard byte == UInt8(ascii: "\n") else {
                line.append(byte)
                continue
            }
            let text = String(decoding: line, as: UTF8.self)
            if isWanted(text) { return text }
            line = []
        }
        return ""
    }

    func readToEnd() -> String {
        var all: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(output, &block, block.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return String(decoding: all, as: UTF8.self) }
            all += block.prefix(count)
        }
    }
}
