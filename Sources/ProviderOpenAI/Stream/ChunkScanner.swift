import ProviderCore

/// What is known of the answer, as bytes to compare with.
struct KnownMetadata: Sendable {
    private(set) var hasID = false
    private(set) var model: [UInt8] = []
    private(set) var tier: [UInt8] = []
    private(set) var fingerprint: [UInt8] = []
    /// How chunks that tell nothing new look. Depends on the rest, and is forgotten with it.
    var pattern = ChunkPattern()

    init(_ metadata: ResponseMetadata = ResponseMetadata()) {
        hasID = metadata.id != nil
        model = Array((metadata.model ?? "").utf8)
        tier = Array((metadata.serviceTier ?? "").utf8)
        fingerprint = Array((metadata.systemFingerprint ?? "").utf8)
    }
}

/// Recognises the chunk that makes up nearly all of a stream: one choice with a piece of text or reasoning and nothing
/// else that is new. Whatever differs is left to the full parser, so that there is one place that knows the protocol.
struct ChunkScanner {
    /// The pieces, as places in the bytes.
    struct Finding {
        var choice = 0
        var content = ByteSpan()
        var reasoning = ByteSpan()
    }

    private let bytes: UnsafeRawBufferPointer
    private var scanner: ByteScanner
    private var finding = Finding()
    private var hasChoice = false
    private var hasIndex = false
    private var hasDelta = false
    private var otherReasoning = ByteSpan()
    private var hasDetails = false

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        scanner = ByteScanner(bytes)
    }

    /// The pieces of the chunk; nil when it is not of the usual kind.
    mutating func chunk(_ known: inout KnownMetadata) -> Finding? {
        if let finding = known.pattern.match(&scanner) { return finding }
        guard let finding = scan(known) else { return nil }
        known.pattern.learn(bytes, finding)
        return finding
    }

    private mutating func scan(_ known: KnownMetadata) -> Finding? {
        guard object({ $0.member($1, known) }), hasDelta, scanner.isAtEnd() else { return nil }
        if finding.reasoning.isEmpty { finding.reasoning = otherReasoning }
        if hasDetails, finding.reasoning.isEmpty { return nil }
        return finding
    }

    /// The text of a place; nil when it holds half a surrogate pair.
    func text(_ span: ByteSpan) -> String? { scanner.text(span) }

    private mutating func object(_ member: (inout ChunkScanner, ByteSpan) -> Bool) -> Bool {
        guard scanner.take(UInt8(ascii: "{")) else { return false }
        if scanner.take(UInt8(ascii: "}")) { return true }
        repeat {
            guard let name = scanner.string(), !name.isEscaped, scanner.take(UInt8(ascii: ":")), member(&self, name)
            else { return false }
        } while scanner.take(UInt8(ascii: ","))
        return scanner.take(UInt8(ascii: "}"))
    }

    private mutating func member(_ name: ByteSpan, _ known: KnownMetadata) -> Bool {
        if scanner.equals(name, "choices") { return choices() }
        if scanner.null() { return true }
        if scanner.equals(name, "id") { return id(isKnown: known.hasID) }
        if scanner.equals(name, "model") { return repeats(known.model) }
        if scanner.equals(name, "system_fingerprint") { return repeats(known.fingerprint) }
        if scanner.equals(name, "service_tier") { return repeats(known.tier) }
        if scanner.equals(name, "error") || scanner.equals(name, "usage") || scanner.equals(name, "x_groq") {
            return false
        }
        return scanner.skipValue()
    }

    private mutating func id(isKnown: Bool) -> Bool {
        guard let value = scanner.string() else { return false }
        return isKnown || value.isEmpty
    }

    /// A string that tells nothing new.
    private mutating func repeats(_ known: [UInt8]) -> Bool {
        guard let value = scanner.string() else { return false }
        return value.isEmpty || scanner.equals(value, known)
    }

    private mutating func choices() -> Bool {
        guard !hasChoice, scanner.take(UInt8(ascii: "[")) else { return false }
        hasChoice = true
        return object { $0.choiceMember($1) } && scanner.take(UInt8(ascii: "]"))
    }

    private mutating func choiceMember(_ name: ByteSpan) -> Bool {
        if scanner.equals(name, "delta") {
            guard !hasDelta else { return false }
            hasDelta = true
            return object { $0.deltaMember($1) }
        }
        if scanner.equals(name, "index") {
            guard !hasIndex, let index = scanner.wholeNumber() else { return false }
            hasIndex = true
            finding.choice = index
            return true
        }
        if scanner.null() { return true }
        let isNews =
            scanner.equals(name, "finish_reason") || scanner.equals(name, "logprobs") || scanner.equals(name, "message")
            || scanner.equals(name, "text") || scanner.equals(name, "error") || scanner.equals(name, "usage")
        return !isNews && scanner.skipValue()
    }

    private mutating func deltaMember(_ name: ByteSpan) -> Bool {
        if scanner.equals(name, "content") {
            guard let piece = piece() else { return false }
            finding.content = piece
            return true
        }
        if scanner.equals(name, "reasoning_content") {
            guard let piece = piece() else { return false }
            finding.reasoning = piece
            return true
        }
        if scanner.equals(name, "reasoning") {
            guard let piece = piece() else { return false }
            otherReasoning = piece
            return true
        }
        if scanner.null() { return true }
        if scanner.equals(name, "reasoning_details") { hasDetails = true }
        let isNews =
            scanner.equals(name, "refusal") || scanner.equals(name, "tool_calls")
            || scanner.equals(name, "function_call")
        return !isNews && scanner.skipValue()
    }

    /// A string, or null, which counts as empty; nil for other values.
    private mutating func piece() -> ByteSpan? { scanner.null() ? ByteSpan() : scanner.string() }
}
