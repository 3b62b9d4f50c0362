import Conversations
import ProviderCore
import TerminalKit

/// What is looked for in the transcript.
struct FindState: Sendable {
    /// A place where it stands.
    struct Hit: Sendable, Hashable {
        /// The entry.
        let entry: Int
        /// Which one of the entry's places, from 0.
        let number: Int
    }

    var editor = LineEditor()
    /// Whether keys go to what is looked for.
    var isTyping = true
    /// All places, in the order of the transcript.
    private(set) var hits: [Hit] = []
    /// The place at hand.
    private(set) var current: Int?
    /// What was looked through: something else is looked through again.
    private var looked = Looked()

    /// The path of a conversation, as far as it matters whether it changed.
    private struct Looked: Sendable, Hashable {
        var conversation = ""
        var head: MessageTree.ID?
        var entries = 0
        /// Bytes of the last answer, which may grow.
        var lastAnswer = 0

        init() {}

        init(_ conversation: Conversation) {
            self.conversation = conversation.id
            head = conversation.tree.head
            entries = conversation.entries.count
            lastAnswer = conversation.lastAnswer.map { ($0.response.refusal ?? $0.response.text).utf8.count } ?? 0
        }
    }

    var query: String { editor.text }

    /// The place at hand.
    var hit: Hit? { current.map { hits[$0] } }

    /// Looks the whole conversation through. The place at hand becomes the first one at or after `from`, else the last one.
    mutating func search(_ conversation: Conversation, from entry: Int) {
        hits = []
        looked = Looked(conversation)
        let search = TextSearch(query)
        for (index, entry) in conversation.entries.enumerated() {
            hits += (0..<search.count(in: entry.searchedText)).map { Hit(entry: index, number: $0) }
        }
        current = hits.isEmpty ? nil : hits.firstIndex { $0.entry >= entry } ?? hits.count - 1
    }

    /// Looks again when the conversation changed: through the last answer when only that grew, else through all of it.
    mutating func refresh(_ conversation: Conversation) {
        let present = Looked(conversation)
        guard present != looked, !query.isEmpty else { return }
        var before = looked
        before.lastAnswer = present.lastAnswer
        let here = hit
        if before == present, let index = conversation.lastAnswerIndex {
            looked = present
            let count = TextSearch(query).count(in: conversation.entries[index].searchedText)
            let place = hits.firstIndex { $0.entry >= index } ?? hits.count
            let next = hits[place...].firstIndex { $0.entry > index } ?? hits.count
            hits.replaceSubrange(place..<next, with: (0..<count).map { Hit(entry: index, number: $0) })
            current = here.flatMap { hits.firstIndex(of: $0) } ?? (hits.isEmpty ? nil : min(place, hits.count - 1))
        } else {
            search(conversation, from: here?.entry ?? 0)
            if let here, let same = hits.firstIndex(of: here) { current = same }
        }
    }

    /// Goes to another place, round the ends.
    mutating func move(by step: Int) {
        guard let here = current else { return }
        current = (here + step + hits.count) % hits.count
    }

    /// `/word  3/17`.
    var note: String {
        if query.isEmpty { return "/" }
        return "/\(query)  " + (current.map { "\($0 + 1)/\(hits.count)" } ?? "not found")
    }
}

/// Finds a text in others: case does not matter unless the query has upper case.
struct TextSearch: Sendable {
    private let query: [UInt8]
    private let isExact: Bool

    init(_ query: String) {
        isExact = query.contains(where: \.isUppercase)
        self.query = Array(query.utf8)
    }

    /// How often it stands in a text.
    func count(in text: String) -> Int { places(in: text).count }

    /// Where it stands, UTF-8 offsets; places do not overlap. Cost: linear in the text for most queries.
    func places(in text: String) -> [Int] {
        guard let first = query.first else { return [] }
        var text = text
        return text.withUTF8 { bytes in
            var places: [Int] = []
            var index = 0
            let last = bytes.count - query.count
            let folded = fold(first)
            while index <= last {
                if fold(bytes[index]) == folded, matches(bytes, at: index) {
                    places.append(index)
                    index += query.count
                } else {
                    index += 1
                }
            }
            return places
        }
    }

    /// How many bytes it has.
    var length: Int { query.count }

    private func matches(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
        for offset in query.indices where fold(bytes[start + offset]) != fold(query[offset]) { return false }
        return true
    }

    private func fold(_ byte: UInt8) -> UInt8 {
        !isExact && byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
    }
}

extension Entry {
    /// What a search looks through.
    var searchedText: String {
        switch self {
        case .user(let message): message.text
        case .answer(let answer): answer.response.refusal ?? answer.response.text
        case .kept(let kept): kept.message.text
        case .toolResult(_, let display): display.source
        case .notice, .vacant: ""
        }
    }
}

extension AppModel {
    /// Begins to look for something in the transcript.
    mutating func openFind() {
        focus = .output
        find = FindState()
    }

    /// A key while something is looked for; nil: it has its usual meaning.
    mutating func takeInFind(_ chord: KeyChord) -> [AppEffect]? {
        guard var state = find, focus == .output else { return nil }
        guard state.isTyping else {
            guard DialogKey.close ~= chord else { return nil }
            find = nil
            return []
        }
        guard !closes(chord) else {
            find = nil
            return []
        }
        switch chord {
        case DialogKey.take: state.isTyping = false
        case DialogKey.previous: state.move(by: -1)
        case DialogKey.next: state.move(by: 1)
        default:
            let before = state.query
            guard state.editor.handle(chord) else { return [] }
            if state.query != before { state.search(conversation, from: transcript.topEntry ?? 0) }
        }
        find = state
        revealHit()
        return []
    }

    /// What is pasted while something is looked for.
    mutating func pasteIntoFind(_ text: String) {
        find?.editor.insert(text.replacing("\n", with: " "))
        find?.search(conversation, from: transcript.topEntry ?? 0)
        revealHit()
    }

    /// Goes to the next place of what was looked for, or to the one before.
    mutating func moveInFind(by step: Int) {
        guard var state = find, !state.query.isEmpty else {
            flash = Flash(text: "Nothing is looked for: \(keys.label(of: .find, in: .output)) begins.", level: .info)
            return
        }
        let here = state.hit
        state.search(conversation, from: here?.entry ?? 0)
        while let hit = state.hit, let here, hit.entry == here.entry, hit.number < here.number { state.move(by: 1) }
        state.move(by: step)
        find = state
        revealHit()
    }

    /// Finds what is looked for in what came since.
    mutating func refreshFind() { find?.refresh(conversation) }

    private mutating func revealHit() {
        guard let hit = find?.hit else { return }
        transcript.reveal(entry: hit.entry, number: hit.number)
    }
}
