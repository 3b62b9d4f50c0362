internal import CSpawn
import FunctionTools

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// A program that is ready to be started.
struct Launch: Sendable {
    /// What stands between us and the program.
    enum Wrapper: Sendable {
        /// bubblewrap; ends everything with itself.
        case bubblewrap
        /// A process of ours, which adopts what the program leaves behind.
        case keeper
    }

    /// The program by its absolute path, and its arguments.
    var arguments: [String]
    /// `NAME=VALUE`.
    var environment: [String]
    var workingFolder: String?
    var wrapper: Wrapper
    /// What the program reads; nil = nothing.
    var input: [UInt8]?
    var limits: CommandLimits
}

/// Why a program could not be started.
struct LaunchError: Error {
    let reason: String
}

extension Launch {
    /// Starts it. `report` is where the wrapper tells about the program.
    func start(input: Int32, output: Int32, report: Int32) throws(LaunchError) -> pid_t {
        guard !(arguments + environment).contains(where: { $0.utf8.contains(0) }) else {
            throw LaunchError(reason: "an argument holds a NUL character, which no program can get")
        }
        let descriptors = [input, output, output] + (wrapper == .bubblewrap ? [report] : [])
        var failure = cs_failure()
        let process = withCStrings(arguments) { arguments in
            withCStrings(environment) { environment in
                systemLimits.withUnsafeBufferPointer { limits in
                    descriptors.withUnsafeBufferPointer { descriptors in
                        spawn(arguments, environment, descriptors, limits, report, &failure)
                    }
                }
            }
        }
        guard process < 0 else { return process }
        throw LaunchError(reason: words(failure))
    }

    private func spawn(
        _ arguments: UnsafePointer<UnsafeMutablePointer<CChar>?>,
        _ environment: UnsafePointer<UnsafeMutablePointer<CChar>?>,
        _ descriptors: UnsafeBufferPointer<Int32>, _ limits: UnsafeBufferPointer<cs_limit>, _ report: Int32,
        _ failure: inout cs_failure
    ) -> pid_t {
        var program = cs_program()
        program.path = UnsafePointer(arguments[0])
        program.arguments = arguments
        program.environment = environment
        program.descriptors = descriptors.baseAddress
        program.descriptor_count = Int32(descriptors.count)
        program.limits = limits.baseAddress
        program.limit_count = Int32(limits.count)
        program.gains_no_privileges = wrapper == .keeper
        program.report = wrapper == .keeper ? report : -1
        guard let workingFolder else { return cs_spawn(&program, &failure) }
        return workingFolder.withCString { folder in
            program.folder = folder
            return cs_spawn(&program, &failure)
        }
    }

    private func words(_ failure: cs_failure) -> String {
        let problem = String(cString: strerror(failure.number))
        if failure.is_folder { return "the working folder \(workingFolder ?? "") cannot be entered: \(problem)" }
        if failure.number == E2BIG { return "its arguments are too long for the system" }
        return "\(arguments.first ?? "") cannot be started: \(problem)"
    }

    private var systemLimits: [cs_limit] {
        let seconds = UInt64(max(1, limits.cpuSeconds))
        var wanted = [
            // SIGXCPU first; one second later it is killed.
            cs_limit(resource: cs_limit_cpu(), soft: seconds, hard: seconds + 1),
            Self.limit(cs_limit_memory(), limits.memory), Self.limit(cs_limit_file_size(), limits.fileSize),
            Self.limit(cs_limit_descriptors(), 256), Self.limit(cs_limit_core(), 0),
        ]
        // All processes of the user count outside of a name space. Those of the machine are an upper bound for them.
        if wrapper == .keeper, let others = ProcessTree.allTasks {
            wanted.append(Self.limit(cs_limit_processes(), others + max(1, limits.processes)))
        }
        return wanted
    }

    private static func limit(_ resource: Int32, _ value: Int) -> cs_limit {
        cs_limit(resource: resource, soft: UInt64(max(0, value)), hard: UInt64(max(0, value)))
    }
}

/// The strings as C wants them: a list that ends with NULL.
func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var pointers = strings.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    pointers.append(nil)
    return body(pointers)
}
