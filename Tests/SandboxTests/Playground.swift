import Foundation
import FunctionTools
import TestSupport
import Testing

@testable import Sandbox

/// A small machine in a folder: a home with keys, a working folder with traps, something outside. All secrets hold the
/// canary.
final class Playground: Sendable {
    /// Who runs the programs.
    enum User: String, CaseIterable, Sendable {
        /// Whoever runs the tests.
        case own
        /// uid 65534; only root can become that.
        case nobody

        /// Those whose processes the system limits.
        static var limited: [User] { possible.filter { $0 == .nobody || geteuid() != 0 } }

        static var possible: [User] { geteuid() == 0 && access("/usr/bin/setpriv", X_OK) == 0 ? allCases : [.own] }
    }

    let root: String
    let home: String
    let work: String
    let outside: String
    /// Beside a key of ours, and holding another.
    let tools: String
    let canary = "tt-canary-" + String(UInt64.random(in: .min ... .max), radix: 36)
    /// In the command line of what attacks leave running: digits, so that it can be a number of seconds.
    let marker = String(Int.random(in: 1_000_000_000..<9_000_000_000))
    let sandbox: Sandbox

    init(
        as user: User = .own, isSandboxed: Bool = true, allowsUnsandboxed: Bool = true, showsTools: Bool = false,
        isBehindLink: Bool = false
    ) throws {
        let name = "sandbox-test-" + String(UInt64.random(in: .min ... .max), radix: 36)
        root = ResolvedPath.of(FileManager.default.temporaryDirectory.path) + "/" + name
        (home, work, outside) = (root + "/me", root + "/me/src/project", root + "/outside")
        tools = home + "/.config/tickertape/tools"
        var environment = ProcessInfo.processInfo.environment
        environment["HOME"] = home
        environment["OPENAI_API_KEY"] = canary
        environment["SSH_AUTH_SOCK"] = "/tmp/" + canary
        environment["https_proxy"] = "http://user:\(canary)@proxy.example"
        if user == .nobody { environment["PATH"] = "/usr/bin:/bin" }
        sandbox = Sandbox(
            environment: environment, workingFolder: work,
            hidden: [home + "/.config/tickertape", work + "/own-keys", tools + "/key"],
            visible: showsTools ? [tools] : [], allowsUnsandboxed: allowsUnsandboxed,
            launcher: isSandboxed ? Self.launcher(user) : nil)
        try fill()
        try fillTools(isBehindLink: isBehindLink)
        if user == .nobody {
            for path in try everything() { chown(path, 65534, 65534) }
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    private static func launcher(_ user: User) -> [String] {
        user == .own ? [] : ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    }

    private static let secrets = [
        "me/.config/tickertape/key", "me/.config/tickertape/config.toml", "me/.ssh/id_ed25519", "me/.aws/credentials",
        "me/.netrc", "me/notes.txt",
        "me/src/other/.env", "me/src/project/.env", "me/src/project/.env.local", "me/src/project/own-keys/key",
        "outside/key",
    ]

    private func fill() throws {
        for secret in Self.secrets { try write(canary + "\n", to: secret) }
        try write("[remote \"origin\"]\n\turl = https://me:\(canary)@git.example/x\n", to: "me/src/project/.git/config")
        try write("#!/bin/sh\nexit 0\n", to: "me/src/project/.git/hooks/pre-commit")
        try write("hello\n", to: "me/src/project/readme.txt")
        symlink(home + "/.ssh/id_ed25519", work + "/link-out")
        symlink("../../.aws", work + "/folder-out")
    }

    private func fillTools(isBehindLink: Bool) throws {
        let folder = isBehindLink ? "me/dotfiles/tools" : "me/.config/tickertape/tools"
        if isBehindLink {
            try write(canary + "\n", to: "me/dotfiles/key")
            symlink("../../dotfiles/tools", tools)
        }
        try write(canary + "\n", to: folder + "/key")
        try write("lies beside\n", to: folder + "/data.txt")
        let script =
            "#!/bin/sh\necho counted\ncat \"$1/data.txt\"\ncat \"$1/key\" \"$1/../key\" \"$1\"/../*.toml \"$HOME\"/dotfiles/key\n"
            + "ls -R \"$1/..\" \"$HOME\"\ntrue\n"
        try write(script, to: folder + "/count.sh")
        chmod(root + "/" + folder + "/count.sh", 0o755)
    }

    private func write(_ text: String, to name: String) throws {
        let path = root + "/" + name
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        // Readable for everyone: it is the sandbox that has to keep them secret.
        chmod(path, 0o644)
    }

    private func everything() throws -> [String] {
        [root] + (try FileManager.default.subpathsOfDirectory(atPath: root)).map { root + "/" + $0 }
    }

    /// Everything in the folder as text: names, kinds, rights, owners, contents.
    func snapshot() throws -> [String] {
        try everything().sorted().map { path in
            var status = stat()
            lstat(path, &status)
            let content = status.st_mode & S_IFMT == S_IFREG ? try String(contentsOfFile: path, encoding: .utf8) : ""
            return "\(path) \(status.st_mode) \(status.st_uid) \(status.st_nlink) \(content)"
        }
    }

    /// A shell script; `$1` is the marker, then come home, working folder and the others that are given.
    func script(_ text: String, _ arguments: [String] = [], limits: CommandLimits = CommandLimits()) -> Command {
        Command(["/bin/sh", "-c", text, "sh", marker, home, work] + arguments, limits: limits)
    }

    /// How many processes hold the marker now.
    func processes() -> Int { marked().count }

    private func marked() -> [String] {
        (Files.names(in: "/proc") ?? []).filter { Int($0) != nil }.compactMap { process -> String? in
            let line = Files.text(of: "/proc/\(process)/cmdline", limit: 1 << 16) ?? ""
            return line.contains(marker) ? line.replacingOccurrences(of: "\0", with: " ") : nil
        }
    }

    /// Command lines of this machine that hold the marker, after waiting for at most three seconds until there are
    /// none.
    func leftBehind() -> [String] {
        let deadline = ContinuousClock.now + .seconds(3)
        while true {
            let found = marked()
            if found.isEmpty || ContinuousClock.now >= deadline { return found }
            poll(nil, 0, 10)
        }
    }
}

/// Whether bubblewrap works on this machine; says so loudly when it does not.
let hasBubblewrap: Bool = {
    guard
        case .none(let reason) = Sandbox(environment: ProcessInfo.processInfo.environment, workingFolder: "/").isolation
    else { return true }
    FileHandle.standardError.write(Data("\n!!! NO SANDBOX: ITS TESTS ARE SKIPPED. \(reason)\n\n".utf8))
    return false
}()

extension CommandOutcome {
    /// The output as text.
    var text: String { output.text() }
}

/// A process with a secret in its environment, which stands for the program that runs the tools.
final class Victim: Sendable {
    let process: pid_t
    private let child = ChildProcess()
    private let input = Pipe()

    init(secret: String) throws {
        child.executableURL = URL(fileURLWithPath: "/bin/cat")
        child.environment = ["KEY": secret]
        child.standardInput = input
        child.standardOutput = FileHandle.nullDevice
        try child.run()
        process = child.processIdentifier
    }

    // The test process blocks SIGTERM, and its children inherit that.
    deinit { kill(process, SIGKILL) }

    var isRunning: Bool { child.isRunning }
}

/// A socket of this machine that counts who connects.
final class Listener: Sendable {
    let port: UInt16
    private let descriptor: Int32

    /// On loopback, or at a path.
    init(path: String? = nil) throws {
        let socket = Glibc.socket(path == nil ? AF_INET : AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        descriptor = socket
        port = try #require(path.map { Self.listen(socket, at: $0) } ?? Self.listen(socket))
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    private static func listen(_ descriptor: Int32, at path: String) -> UInt16? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let isOpen = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) == 0 }
        }
        return isOpen && Glibc.listen(descriptor, 16) == 0 ? 0 : nil
    }

    private static func listen(_ descriptor: Int32) -> UInt16? {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isOpen = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) == 0 && Glibc.listen(descriptor, 16) == 0
                    && getsockname(descriptor, address, &length) == 0
            }
        }
        return isOpen ? UInt16(bigEndian: address.sin_port) : nil
    }

    deinit { close(descriptor) }

    /// Connections that came since the last call.
    func connections() -> Int {
        var count = 0
        while case let connection = accept(descriptor, nil, nil), connection >= 0 {
            close(connection)
            count += 1
        }
        return count
    }
}
