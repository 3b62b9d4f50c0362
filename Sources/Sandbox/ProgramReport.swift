#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// What bubblewrap or the keeper tells about a program.
struct ProgramReport {
    private let wrapper: Launch.Wrapper
    private var bytes: [UInt8] = []
    private var isClosed = false

    init(from wrapper: Launch.Wrapper) { self.wrapper = wrapper }

    /// Reads what has come; closes the descriptor at its end.
    mutating func read(_ descriptor: Descriptor) {
        guard !isClosed else { return }
        var buffer = [UInt8](repeating: 0, count: 1024)
        while true {
            #if canImport(Glibc)
                let count = Glibc.read(descriptor.number, &buffer, buffer.count)
            #elseif canImport(Musl)
                let count = Musl.read(descriptor.number, &buffer, buffer.count)
            #else
                let count = Darwin.read(descriptor.number, &buffer, buffer.count)
            #endif
            if count > 0 {
                bytes += buffer[..<count]
            } else {
                if count < 0 && (errno == EAGAIN || errno == EINTR) { return }
                isClosed = true
                descriptor.end()
                return
            }
        }
    }

    /// Whether the program has ended. With bubblewrap everything that it started has, too.
    var hasEnded: Bool { isClosed || (wrapper == .keeper && bytes.count >= 8) }

    /// The process whose descendants are the program and what it started; nil when not known yet.
    var root: pid_t? { wrapper == .bubblewrap ? number("child-pid").map { pid_t($0) } : nil }

    /// The process of the program, when the keeper has told it.
    var program: pid_t? { wrapper == .keeper ? word(0) : nil }

    /// How the program ended: as the system says it, or as a shell says it, where a signal is its number and 128. Nil
    /// when it never ran.
    var status: Int32? {
        switch wrapper {
        case .keeper: word(1)
        case .bubblewrap: number("exit-code").map { Int32($0) }
        }
    }

    private func word(_ index: Int) -> Int32? {
        guard bytes.count >= index * 4 + 4 else { return nil }
        return bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: index * 4, as: Int32.self) }
    }

    /// A number of bubblewrap's JSON, which is as flat as this.
    private func number(_ name: String) -> Int? {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let range = text.firstRange(of: "\"\(name)\":") else { return nil }
        return Int(text[range.upperBound...].drop { $0 == " " }.prefix { $0.isNumber })
    }
}
