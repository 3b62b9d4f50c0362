/// A pattern that tells what it matched, in time linear in the text whatever the pattern. What a pattern may have is told at
/// `BoundedPattern`.
///
/// Of several matches at one place it takes the one that a backtracking engine would: the first alternative, as much as
/// possible for greedy quantifiers, as little as possible for lazy ones. Matches of nothing are passed over.
public struct PatternSearch: Sendable, Hashable {
    /// What was found.
    public struct Found: Sendable, Hashable {
        /// The whole match; never empty.
        public var text: String
        /// What the first group matched; nil when there is none, it took no part, or it stands in a look-around.
        public var group: String?

        /// A match.
        public init(text: String, group: String? = nil) {
            self.text = text
            self.group = group
        }
    }

    /// Matches so intertwined that following them all would not be linear.
    public struct TooIntertwined: Error, Sendable, Hashable, CustomStringConvertible {
        /// In words.
        public var description: String { "the pattern's matches take too long to follow in this text" }
    }

    /// The pattern's text.
    public let source: String
    private let program: PatternProgram
    private let looks: [PatternProgram]

    /// Reads a pattern. Throws what is wrong with it, or that it is too large.
    public init(_ source: String) throws(PatternProblem) {
        self.source = source
        var parser = PatternParser(source)
        let tree = try parser.whole()
        looks = try PatternPrograms(tree, looks: parser.looks, end: parser.position).looks
        program = PatternProgram(tree, isForward: true, marksGroup: true)
    }

    /// How many steps it has: a search takes time proportional to this times the length of the text, at worst.
    public var size: Int { looks.reduce(program.steps.count) { $0 + $1.steps.count } }

    /// The first match; nil = there is none.
    public func first(in text: String) throws(TooIntertwined) -> Found? {
        var walk = PatternWalk(program, PatternMatcher(text, looks: looks))
        return try walk.next().map { Self.found($0, walk.text) }
    }

    /// The last of the matches that follow each other from the start of the text on; nil = there is none.
    public func last(in text: String) throws(TooIntertwined) -> Found? {
        var walk = PatternWalk(program, PatternMatcher(text, looks: looks))
        var last: PatternWalk.Span?
        while let span = try walk.next() { last = span }
        return last.map { Self.found($0, walk.text) }
    }

    private static func found(_ span: PatternWalk.Span, _ text: [UInt32]) -> Found {
        Found(text: string(text[span.whole]), group: span.group.map { string(text[$0]) })
    }

    private static func string(_ scalars: ArraySlice<UInt32>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars.lazy.compactMap { Unicode.Scalar($0) })
        return String(text)
    }

    /// Patterns are equal when their texts are.
    public static func == (left: PatternSearch, right: PatternSearch) -> Bool { left.source == right.source }

    /// Hashes the text.
    public func hash(into hasher: inout Hasher) { hasher.combine(source) }
}

/// A walk from match to match. All ways are followed at once, in the order in which a backtracking engine would try them.
struct PatternWalk {
    struct Span {
        var whole: Range<Int>
        var group: Range<Int>?
    }

    private struct Thread {
        var step: Int
        var start: Int
        var groupStart: Int?
        var groupEnd: Int?
    }

    private let program: PatternProgram
    private let matcher: PatternMatcher
    private var position = 0
    private var marks: [Int]
    private var round = 0
    private var stack: [Thread] = []
    private var best: Thread?
    private var bestEnd = 0
    /// Steps that may still be followed: a search for one match takes at most an eighth of all.
    private var budget: Int

    init(_ program: PatternProgram, _ matcher: PatternMatcher) {
        self.program = program
        self.matcher = matcher
        marks = Array(repeating: 0, count: program.steps.count)
        budget = 16 * (matcher.text.count + 64) * (program.steps.count + 1)
    }

    var text: [UInt32] { matcher.text }

    /// The next match that is not empty.
    mutating func next() throws(PatternSearch.TooIntertwined) -> Span? {
        while position <= text.count {
            try search()
            guard let best else { return nil }
            position = max(bestEnd, position)
            if bestEnd > best.start {
                let group = best.groupStart.flatMap { start in best.groupEnd.map { min(start, $0)..<$0 } }
                return Span(whole: best.start..<bestEnd, group: group)
            }
            position = bestEnd + 1
        }
        return nil
    }

    private mutating func search() throws(PatternSearch.TooIntertwined) {
        best = nil
        guard position == 0 || !program.isAnchored else { return }
        var active: [Thread] = []
        var reached: [Thread] = []
        round += 1
        for place in position...text.count {
            // A match that begins later is tried last, and not at all once one is found.
            if best == nil, place == position || !program.isAnchored {
                _ = follow(Thread(step: 0, start: place), at: place, into: &active)
            }
            if place == text.count || (active.isEmpty && (best != nil || program.isAnchored)) { return }
            guard budget > 0 else { throw PatternSearch.TooIntertwined() }
            round += 1
            reached.removeAll(keepingCapacity: true)
            for var thread in active {
                budget -= 1
                guard case .scalar(let set) = program.steps[thread.step], program.sets[set].contains(text[place])
                else { continue }
                thread.step += 1
                if follow(thread, at: place + 1, into: &reached) { break }
            }
            swap(&active, &reached)
        }
    }

    /// Adds a thread and all that it leads to without a character. True when it came to a match: what comes after it counts
    /// less and is dropped.
    private mutating func follow(_ thread: Thread, at place: Int, into list: inout [Thread]) -> Bool {
        stack.removeAll(keepingCapacity: true)
        stack.append(thread)
        while var thread = stack.popLast() {
            guard marks[thread.step] != round else { continue }
            marks[thread.step] = round
            budget -= 1
            switch program.steps[thread.step] {
            case .scalar:
                list.append(thread)
                continue
            case .match:
                (best, bestEnd) = (thread, place)
                return true
            case .split(let one, let other):
                thread.step = other
                stack.append(thread)
                thread.step = one
            case .jump(let target): thread.step = target
            case .assertion(let assertion):
                guard matcher.holds(assertion, at: place) else { continue }
                thread.step += 1
            case .look(let number, let isNegated):
                guard matcher.found[number][place] != isNegated else { continue }
                thread.step += 1
            case .mark(let isEnd):
                if isEnd { thread.groupEnd = place } else { (thread.groupStart, thread.groupEnd) = (place, nil) }
                thread.step += 1
            }
            stack.append(thread)
        }
        return false
    }
}
