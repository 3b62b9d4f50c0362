import Tokenization

/// Figures of the token counter from inside, for `.ci/bench_tokens.py`.
///
///     token-bench load ENCODING             milliseconds until the vocabulary is there
///     token-bench speed ENCODING            reads lines `FILE`; prints count, CPU seconds of one pass (mean of many)
///     token-bench stream ENCODING FILE N    appends N characters at a time; prints the mean and p99 in nanoseconds
///     token-bench count ENCODING FILE       counts a file in chunks
///     token-bench ids ENCODING              reads texts (4 bytes of length each); writes their ids, a text per line
///     token-bench steps ENCODING SEED       the same, streamed in random pieces; writes what differs from the whole
@main
enum TokenBench {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3, let encoding = TokenEncoding(name: arguments[2]) else {
            give(up: "usage: token-bench load|speed|stream|count|ids|steps ENCODING …")
        }
        switch (arguments[1], arguments.count) {
        case ("load", 3): load(encoding)
        case ("speed", 3): speed(encoding)
        case ("stream", 5): stream(encoding, arguments[3], Int(arguments[4]) ?? 4)
        case ("count", 4): count(encoding, arguments[3])
        case ("ids", 3): ids(encoding)
        case ("steps", 4): steps(encoding, UInt64(arguments[3]) ?? 1)
        default: give(up: "unknown measure \(arguments[1])")
        }
    }

    static func load(_ encoding: TokenEncoding) {
        let start = cpuSeconds()
        let count = Vocabulary.shared(encoding).tokenCount
        print("tokens \(count)")
        print("load_ms \((cpuSeconds() - start) * 1e3)")
    }

    /// A text that is already a string in memory, as tiktoken gets it; for about as long as tiktoken needs for it once.
    static func speed(_ encoding: TokenEncoding) {
        let counter = TokenCounter(encoding)
        while let path = readLine() {
            let text = String(decoding: readFile(path), as: UTF8.self)
            let start = cpuSeconds()
            var (count, passes, seconds) = (0, 0, 0.0)
            while seconds < 0.1 {
                count = counter.count(text)
                passes += 1
                seconds = cpuSeconds() - start
            }
            print("\(count) \(seconds / Double(passes))", flush: true)
        }
    }

    static func stream(_ encoding: TokenEncoding, _ path: String, _ length: Int) {
        let text = String(decoding: readFile(path), as: UTF8.self)
        var deltas: [String] = []
        var delta = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            delta.append(scalar)
            if delta.count == length {
                deltas.append(String(delta))
                delta = .init()
            }
        }
        let shared = TokenCounter(encoding)
        var counter = StreamingTokenCounter(shared)
        var times: [Double] = []
        times.reserveCapacity(deltas.count)
        for delta in deltas {
            let start = cpuSeconds()
            counter.append(delta)
            times.append(cpuSeconds() - start)
        }
        var again = StreamingTokenCounter(shared)
        let start = cpuSeconds()
        for delta in deltas { again.append(delta) }
        let mean = (cpuSeconds() - start) / Double(max(deltas.count, 1))
        times.sort()
        print("count \(again.count)")
        print("mean_ns \(mean * 1e9)")
        print("p99_ns \((times.isEmpty ? 0 : times[times.count * 99 / 100]) * 1e9)")
    }

    static func count(_ encoding: TokenEncoding, _ path: String) {
        var counter = StreamingTokenCounter(encoding)
        let start = cpuSeconds()
        readChunks(of: path, size: 1 << 16) { counter.append(utf8: $0) }
        counter.finish()
        print("count \(counter.count)")
        print("cpu_seconds \(cpuSeconds() - start)")
    }
}
