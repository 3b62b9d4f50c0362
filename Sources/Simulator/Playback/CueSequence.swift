/// The cues of one response, made only as they are asked for, so that an endless answer needs no memory.
struct CueSequence: IteratorProtocol {
    private var beats: BeatSequence?
    private var encoder: ChunkEncoder?
    private var bytes: ByteStage
    private var encoded: [Cue] = []
    private var ready: [Cue] = []
    private var nextReady = 0

    /// A streamed answer.
    init(streaming scenario: Scenario, options: BeatSequence.Options, context: AnswerContext) {
        beats = BeatSequence(scenario, options: options)
        encoder = ChunkEncoder(context)
        bytes = ByteStage(scenario)
    }

    /// An answer that is known in whole.
    init(_ cues: [Cue], stage: ByteStage = ByteStage()) {
        bytes = stage
        for cue in cues { bytes.process(cue, into: &ready) }
    }

    mutating func next() -> Cue? {
        while nextReady >= ready.count {
            ready.removeAll(keepingCapacity: true)
            nextReady = 0
            guard let beat = beats?.next() else { return nil }
            encoder?.encode(beat, into: &encoded)
            if bytes.isIdle {
                swap(&ready, &encoded)
            } else {
                for cue in encoded { bytes.process(cue, into: &ready) }
            }
            encoded.removeAll(keepingCapacity: true)
        }
        nextReady += 1
        return ready[nextReady - 1]
    }
}
