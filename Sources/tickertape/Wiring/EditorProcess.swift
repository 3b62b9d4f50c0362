import AppSettings

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The person's own editor, on the terminal.
enum EditorProcess {
    /// The words of the editor's command: `VISUAL`, then `EDITOR`, then `vi`. Split as a shell would, without one.
    static func words(_ environment: [String: String]) throws -> [String] {
        for name in ["VISUAL", "EDITOR"] {
            guard let text = environment[name], text.contains(where: { !$0.isWhitespace }) else { continue }
            do { return try CommandWords.split(text) } catch {
                throw Failure("\(name) \(error)", code: Exit.settings)
            }
        }
        return ["vi"]
    }

    /// Opens files in the editor and waits for its end. Throws a failure when it cannot be started or does not end well.
    static func run(_ words: [String], _ files: [String]) throws {
        var arguments: [UnsafeMutablePointer<CChar>?] = (words + files).map { strdup($0) }
        defer { for argument in arguments { free(argument) } }
        arguments.append(nil)
        let environment = ProcessInfo.processInfo.environment.filter {
            $0.key != "OPENAI_API_KEY" && $0.key != "OPENAI_ADMIN_KEY"
        }
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") }
        defer { for variable in variables { free(variable) } }
        variables.append(nil)
        #if canImport(Darwin)
            var attributes: posix_spawnattr_t?
        #else
            var attributes = posix_spawnattr_t()
        #endif
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // It must see its signals, whatever this process blocks or ignores.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var standard = sigset_t()
        sigemptyset(&standard)
        sigaddset(&standard, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &standard)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
        var child: pid_t = 0
        let program = words.first ?? "vi"
        let failure = posix_spawnp(&child, program, nil, &attributes, arguments, variables)
        guard failure == 0 else {
            throw Failure("the editor \(program): \(String(cString: strerror(failure)))", code: Exit.settings)
        }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        guard status == 0 else {
            let how = status & 0x7F == 0 ? "exit code \((status >> 8) & 0xFF)" : "signal \(status & 0x7F)"
            throw Failure("the editor \(program) ended with \(how)", code: Exit.settings)
        }
    }
}
