import FunctionTools
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Whether bubblewrap works here. Found out once, by running a program with it: whether the system allows it cannot be
/// read anywhere.
final class BubblewrapProbe: Sendable {
    /// bubblewrap, or why there is none, in words for a person.
    enum Answer: Sendable {
        case works(Bubblewrap)
        case none(String)
    }

    private let answer = Mutex<Answer?>(nil)

    /// The answer; takes some milliseconds the first time.
    func answer(_ find: () -> Answer) -> Answer {
        answer.withLock { answer in
            if let answer { return answer }
            let found = find()
            answer = found
            return found
        }
    }
}

extension Bubblewrap {
    /// Where it is: in a folder of `PATH` or where systems put it. Not where the working folder could bring its own.
    static func find(in folders: [String], workingFolder: String) -> BubblewrapProbe.Answer {
        #if os(Linux)
            let workingFolder = ResolvedPath.of(workingFolder)
            var refused: String?
            let ofSystem = ["/usr/local/bin", "/usr/bin", "/bin"]
            for folder in folders + ofSystem {
                let path = ResolvedPath.of(folder + "/bwrap")
                guard Files.isProgram(path) else { continue }
                if Files.isTrusted(path), ofSystem.contains(folder) || !path.isPath(within: workingFolder) {
                    return .works(Bubblewrap(path: path, means: []))
                }
                refused = path
            }
            if let refused {
                return .none(
                    "\(refused) is not used: it is in the working folder, or others than you and root can change it")
            }
            return .none("bubblewrap is not installed; install the package bubblewrap")
        #else
            return .none("bubblewrap, which makes it, is for Linux only")
        #endif
    }

    /// The same with the means that work. `launch` makes a launch of a command line of ours.
    func tried(_ launch: (Bubblewrap, [String], CommandLimits) -> Launch) -> BubblewrapProbe.Answer {
        let known = knownMeans(launch)
        var problem: String?
        for missing: Means in [
            [], .processLimit, .noNesting, [.noNesting, .processLimit], [.noNesting, .processes],
            [.noNesting, .processes, .processLimit],
        ] where missing.isSubset(of: known) {
            let candidate = Bubblewrap(path: path, means: known.subtracting(missing))
            // Two processes at once: more than one, fewer than its user has on the whole machine.
            let limits = CommandLimits(time: .seconds(5), processes: 2)
            let outcome = Self.run(launch(candidate, ["/bin/sh", "-c", "(exit 7); exit $?"], limits))
            if outcome.end == .exited(7) { return .works(candidate) }
            if problem == nil { problem = Self.words(outcome) }
        }
        return .none(
            "bubblewrap does not work on this system, which most likely forbids user namespaces (\(problem ?? "")). "
                + "Ubuntu allows them with an AppArmor profile for \(path), a container with more rights")
    }

    private func knownMeans(_ launch: (Bubblewrap, [String], CommandLimits) -> Launch) -> Means {
        var help = launch(self, [], CommandLimits(time: .seconds(5)))
        help.arguments = [path, "--help"]
        help.wrapper = .keeper
        let text = Self.run(help).output.text()
        var means: Means = [.processes, .processLimit]
        if text.contains("--size ") { means.insert(.sizes) }
        if text.contains("--disable-userns") { means.insert(.noNesting) }
        return means
    }

    private static func run(_ launch: Launch) -> CommandOutcome {
        var outcome = CommandOutcome(end: .notStarted(""))
        ProgramRun.perform(launch, stop: StopSignal()) { outcome = $0 }
        return outcome
    }

    private static func words(_ outcome: CommandOutcome) -> String {
        switch outcome.end {
        case .notStarted(let reason): reason
        case .exited, .signalled, .timedOut, .cancelled:
            "a trial ended otherwise than it should: \(outcome.end) \(outcome.output.text(limit: 200))"
        }
    }
}
