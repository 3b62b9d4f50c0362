/// An answer in the form of the Responses API, as far as it has been played.
struct ResponseDraft: Sendable {
    enum Status: String, Sendable {
        case queued
        case inProgress = "in_progress"
        case completed
        case incomplete
        case failed
        case cancelled

        /// Whether nothing more will come.
        var isFinal: Bool { self != .queued && self != .inProgress }
    }

    /// One entry of `output`.
    struct Item: Sendable {
        enum Kind: Sendable, Equatable {
            case message
            case reasoning
            case call(id: String?, name: String?)
        }
        var kind: Kind
        var parts: [Part] = []
        var status = Status.inProgress
        /// The position that its events tell in place of the true one.
        var toldPosition: Int?
    }

    /// A text within an item. A reasoning item has one summary, a call its arguments.
    struct Part: Sendable {
        enum Kind: Sendable {
            case text
            case refusal
            case summary
            case arguments
        }
        var kind: Kind
        var bytes: [UInt8] = []
        var tokens: [ScoredToken] = []
    }

    /// What a beat brought about; streams have an event, or two, for each.
    enum Change: Sendable {
        case itemAdded(Int)
        case partAdded(Int, Int)
        case delta(Int, Int, ArraySlice<UInt8>, ScoredToken?)
        case partDone(Int, Int)
        case itemDone(Int)
        /// The response has its last status.
        case ended
        /// The stream breaks off with an error.
        case broke(ErrorObject)
    }

    var status: Status
    private(set) var items: [Item] = []
    /// From here on items may be open: more than one when calls are played together.
    private var firstOpen = 0
    /// The last open call of each index that the script gave.
    private var openCalls: [Int: Int] = [:]
    private(set) var error: ErrorObject?
    private(set) var incompleteReason: String?
    private(set) var counts: TokenCounts?
    /// Seconds from the start to the end.
    private(set) var seconds = 0
    /// About how much memory it takes.
    private(set) var byteCount = 0

    init(status: Status = .inProgress) {
        self.status = status
    }

    /// Takes in a beat and appends what changed.
    mutating func play(_ beat: Beat, into changes: inout [Change]) {
        switch beat.event {
        case .text(let kind, let text): append(text, to: Part.Kind(kind), &changes)
        case .token(let token): append(ArraySlice(token.chosen.text.utf8), token, to: .text, &changes)
        case .callStarted(let call): open(call, &changes)
        case .arguments(let index, let text): append(text, toCall: index, &changes)
        case .finish(let reason, let counts): finish(reason, counts, after: beat.due, &changes)
        case .failed(let error):
            closeItems(.incomplete, &changes)
            end(.failed, after: beat.due)
            self.error = error
            changes.append(.ended)
        case .error(let error):
            end(.failed, after: beat.due)
            self.error = error
            changes.append(.broke(error))
        case .headers, .delta, .data, .comment, .raw, .body, .usage, .done, .hang, .cut, .reset: break
        }
    }

    private mutating func finish(
        _ reason: String, _ counts: TokenCounts, after due: Int64, _ changes: inout [Change]
    ) {
        incompleteReason = Self.incompleteReasons[reason]
        closeItems(incompleteReason == nil ? .completed : .incomplete, &changes)
        end(incompleteReason == nil ? .completed : .incomplete, after: due)
        self.counts = counts
        changes.append(.ended)
    }

    /// The finish reasons that leave a response incomplete, in the words of both APIs.
    private static let incompleteReasons = [
        "length": "max_output_tokens", "max_output_tokens": "max_output_tokens", "content_filter": "content_filter",
    ]

    private mutating func end(_ status: Status, after due: Int64) {
        self.status = status
        seconds = Int(due / 1_000_000_000)
    }

    private mutating func append(
        _ text: ArraySlice<UInt8>, _ token: ScoredToken? = nil, to kind: Part.Kind, _ changes: inout [Change]
    ) {
        continuePart(kind, &changes)
        append(text, token, toItem: items.count - 1, &changes)
    }

    private mutating func append(_ text: ArraySlice<UInt8>, toCall index: Int, _ changes: inout [Change]) {
        guard let item = openCalls[index] else { return append(text, to: .arguments, &changes) }
        append(text, nil, toItem: item, &changes)
    }

    /// Appends to the last part of an item.
    private mutating func append(
        _ text: ArraySlice<UInt8>, _ token: ScoredToken?, toItem item: Int, _ changes: inout [Change]
    ) {
        guard items.indices.contains(item), let part = items[item].parts.indices.last else { return }
        items[item].parts[part].bytes += text
        byteCount += text.count
        if let token {
            items[item].parts[part].tokens.append(token)
            byteCount += 64 * (1 + token.alternatives.count)
        }
        changes.append(.delta(item, part, text, token))
    }

    /// Makes the last part one of this kind, in an item that is still open.
    private mutating func continuePart(_ kind: Part.Kind, _ changes: inout [Change]) {
        if let item = items.last, item.status == .inProgress, let part = item.parts.last {
            if part.kind == kind { return }
            // A message may go on with a refusal; everything else is an item of its own.
            if item.kind == .message, kind == .text || kind == .refusal {
                changes.append(.partDone(items.count - 1, item.parts.count - 1))
                return openPart(kind, &changes)
            }
            closeItems(.completed, &changes)
        }
        switch kind {
        case .text, .refusal: openItem(.message, &changes)
        case .summary: openItem(.reasoning, &changes)
        case .arguments: openItem(.call(id: nil, name: nil), &changes)
        }
        openPart(kind, &changes)
    }

    private mutating func openItem(_ kind: Item.Kind, at position: Int? = nil, _ changes: inout [Change]) {
        byteCount += 256
        items.append(Item(kind: kind, toldPosition: position))
        changes.append(.itemAdded(items.count - 1))
    }

    private mutating func openPart(_ kind: Part.Kind, _ changes: inout [Change]) {
        let item = items.count - 1
        items[item].parts.append(Part(kind: kind))
        changes.append(.partAdded(item, items[item].parts.count - 1))
    }

    private mutating func open(_ call: Beat.Call, _ changes: inout [Change]) {
        if call.isAlone { closeItems(.completed, &changes) }
        openItem(.call(id: call.id, name: call.name), at: call.isPlaced ? call.index : nil, &changes)
        openPart(.arguments, &changes)
        openCalls[call.index] = items.count - 1
    }

    /// Ends the items that are open.
    private mutating func closeItems(_ status: Status, _ changes: inout [Change]) {
        for item in firstOpen..<items.count where items[item].status == .inProgress {
            items[item].status = status
            if let part = items[item].parts.indices.last { changes.append(.partDone(item, part)) }
            changes.append(.itemDone(item))
        }
        firstOpen = items.count
        openCalls = [:]
    }
}

extension ResponseDraft.Part.Kind {
    init(_ kind: TextKind) {
        switch kind {
        case .reply: self = .text
        case .refusal: self = .refusal
        case .reasoning: self = .summary
        }
    }
}
