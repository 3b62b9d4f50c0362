internal import CSpawn

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// An open descriptor, closed once: when it is told to, or with its last owner. -1 when closed.
final class Descriptor {
    private(set) var number: Int32

    init(_ number: Int32) { self.number = number }

    deinit { end() }

    func end() {
        if number >= 0 { close(number) }
        number = -1
    }
}

/// A pipe that no program inherits but by its number.
struct PipeEnds {
    let reading: Descriptor
    let writing: Descriptor

    /// Nil when there are no descriptors left.
    init?() {
        var ends: [Int32] = [-1, -1]
        guard cs_pipe(&ends) == 0 else { return nil }
        reading = Descriptor(ends[0])
        writing = Descriptor(ends[1])
    }
}

/// What joins us with a program.
struct ProgramPipes {
    /// What the program reads.
    let input: Descriptor
    /// Where we write that; closed when it reads nothing.
    let feed: Descriptor
    let output: PipeEnds
    let report: PipeEnds
    let wake: PipeEnds

    /// Nil when there are no descriptors left.
    init?(hasInput: Bool) {
        guard let output = PipeEnds(), let report = PipeEnds(), let wake = PipeEnds() else { return nil }
        (self.output, self.report, self.wake) = (output, report, wake)
        if hasInput {
            guard let pipe = PipeEnds() else { return nil }
            (input, feed) = (pipe.reading, pipe.writing)
        } else {
            (input, feed) = (Descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC)), Descriptor(-1))
            guard input.number >= 0 else { return nil }
        }
        for descriptor in [feed, output.reading, report.reading] where descriptor.number >= 0 {
            cs_unblock(descriptor.number)
        }
        cs_widen(output.writing.number)
    }

    /// The program has its ends; ours would keep the pipes open.
    func closeEndsOfProgram() {
        for descriptor in [input, output.writing, report.writing] { descriptor.end() }
    }
}
