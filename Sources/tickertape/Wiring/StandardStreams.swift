import TerminalKit

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Standard output and error, written without buffers in between.
enum Terminal {
    /// Whether a descriptor is a terminal.
    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// Columns of the terminal that a descriptor is; nil = it is none, or does not say.
    static func columns(_ descriptor: Int32) -> Int? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// Writes all bytes. False when nobody reads any more (EPIPE) or the disk is full.
    static func write(_ bytes: some Sequence<UInt8>, to descriptor: Int32) -> Bool {
        let array = ContiguousArray(bytes)
        return array.withUnsafeBytes { write($0, to: descriptor) }
    }

    /// Writes all bytes of a buffer.
    static func write(_ buffer: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
        guard let base = buffer.baseAddress else { return true }
        var sent = 0
        while sent < buffer.count {
            #if canImport(Glibc)
                let count = Glibc.write(descriptor, base + sent, buffer.count - sent)
            #else
                let count = Darwin.write(descriptor, base + sent, buffer.count - sent)
            #endif
            if count > 0 {
                sent += count
            } else if errno == EAGAIN {
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&ready, 1, -1)
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }

    /// Writes results. Throws `OutputClosed` when nobody reads any more, a failure when they cannot be stored.
    static func put(_ bytes: [UInt8]) throws {
        guard !bytes.withUnsafeBytes({ write($0, to: STDOUT_FILENO) }) else { return }
        let cause = errno
        if cause == EPIPE { throw OutputClosed() }
        throw Failure("standard output cannot be written: \(String(cString: strerror(cause)))", code: Exit.storage)
    }

    /// Prints a line of results for programs, as it is; ends the program, quietly when nobody reads.
    static func say(_ line: String) {
        do {
            try put(Array((line + "\n").utf8))
        } catch let failure as Failure {
            complain(failure.message)
            exit(failure.code)
        } catch {
            exit(0)
        }
    }

    /// Prints a line of results for a person, foreign text in it gated: nothing of a model or a server reaches the terminal as
    /// a command.
    static func tell(_ line: String) { say(TextGate.gate(line, allowNewlines: true).text) }

    /// Prints a line for a person on stderr, foreign text in it gated.
    static func complain(_ line: String) {
        _ = write(("tickertape: " + TextGate.gate(line, allowNewlines: true).text + "\n").utf8, to: STDERR_FILENO)
    }

    /// All of standard input.
    static func readInput(limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(STDIN_FILENO, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw Failure("standard input cannot be read: \(String(cString: strerror(errno)))", code: Exit.storage)
            }
            bytes += chunk[..<count]
            guard bytes.count <= limit else {
                throw Failure("standard input is larger than \(limit >> 20) MiB", code: Exit.usage)
            }
        }
    }
}

/// Ends the process; a name of its own, since commands have an `exit` of theirs.
func endProcess(_ code: Int32) -> Never { exit(code) }
