/// Sees in the timing of keys what no key is: a paste into a terminal that does not mark pastes, and the wheel of one that
/// sends arrow keys for it. Pure: the time is handed in.
///
/// More than three characters within 5 ms, a newline among them, are a paste. In a terminal that marks pastes only three lines in
/// one read are: what another program types into it is not marked, and one or two lines may have been typed ahead. Three equal arrows up or down in one read
/// are a wheel: held down, a key repeats every 20 ms or slower.
public struct InputBurst: Sendable {
    /// Characters that come this close are no typing.
    public static let interval = Duration.milliseconds(5)
    private static let fewestOfPaste = 4
    private static let fewestOfWheel = 3
    private static let fewestLines = 3

    /// Whether to look for pastes; off where the terminal marks them, as typing ahead looks the same.
    public var findsPastes: Bool
    private var held: [Input] = []
    private var last: ContinuousClock.Instant?

    /// Nothing seen so far.
    public init(findsPastes: Bool) { self.findsPastes = findsPastes }

    /// When `flush` must be called; nil while nothing is held back.
    public var deadline: ContinuousClock.Instant? { held.isEmpty ? nil : last.map { $0 + Self.interval } }

    /// What came in one read. Text that may become a paste is held back until `deadline`.
    public mutating func take(_ inputs: [Input], at now: ContinuousClock.Instant) -> [Input] {
        let inputs = Self.wheels(in: inputs)
        guard findsPastes else { return flushAll() + Self.lines(in: inputs) }
        guard !inputs.isEmpty else { return [] }
        defer { last = now }
        var result: [Input] = []
        if let last, now - last > Self.interval { result = flushAll() }
        let isAlone = inputs.count == 1 && held.isEmpty && last.map { now - $0 > Self.interval } ?? true
        for input in inputs {
            if case .paste = input { findsPastes = false }
            if Self.text(of: input) != nil, !isAlone {
                held.append(input)
            } else {
                result += flushAll()
                result.append(input)
            }
        }
        return result
    }

    /// What was held back, when nothing followed in time.
    public mutating func flush(at now: ContinuousClock.Instant) -> [Input] {
        deadline.map { $0 <= now } ?? false ? flushAll() : []
    }

    private mutating func flushAll() -> [Input] {
        defer { held = [] }
        guard held.count >= Self.fewestOfPaste else { return held }
        let text = held.reduce(into: "") { $0 += Self.text(of: $1) ?? "" }
        return text.contains("\n") ? [.paste(text)] : held
    }

    private static func text(of input: Input) -> String? {
        switch input {
        case .key(KeyChord(.enter)), .key(.control("j")): return "\n"
        case .key(KeyChord(.tab)): return "\t"
        case .key(let chord):
            guard case .character(let character) = chord.key, chord.modifiers.isEmpty else { return nil }
            return String(character)
        default: return nil
        }
    }

    /// Text of several lines that came in one read, as a paste.
    private static func lines(in inputs: [Input]) -> [Input] {
        guard inputs.count > fewestLines else { return inputs }
        var result: [Input] = []
        var place = 0
        while place < inputs.count {
            let end = inputs[place...].firstIndex { text(of: $0) == nil } ?? inputs.count
            let run = inputs[place..<end]
            if run.count(where: { $0 == .key(KeyChord(.enter)) }) >= fewestLines {
                result.append(.paste(run.compactMap(text).joined()))
            } else {
                result += run
            }
            if end < inputs.count { result.append(inputs[end]) }
            place = end + 1
        }
        return result
    }

    private static func wheels(in inputs: [Input]) -> [Input] {
        guard inputs.count >= fewestOfWheel else { return inputs }
        var result: [Input] = []
        var place = 0
        while place < inputs.count {
            var end = place + 1
            while end < inputs.count, inputs[end] == inputs[place] { end += 1 }
            let count = end - place
            switch inputs[place] {
            case .key(KeyChord(.up)) where count >= fewestOfWheel:
                result.append(.mouse(MouseEvent(.wheel(rows: -count), at: nil)))
            case .key(KeyChord(.down)) where count >= fewestOfWheel:
                result.append(.mouse(MouseEvent(.wheel(rows: count), at: nil)))
            default: result += inputs[place..<end]
            }
            place = end
        }
        return result
    }
}
