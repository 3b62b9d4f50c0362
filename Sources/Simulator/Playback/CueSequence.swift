/// The cues of one response, made only as they are asked for, so that an endless answer needs no memory.
struct CueSequence: IteratorProtocol {
    private var beats: BeatSequence?
    private var encoder: (any BeatEncoder)?
    /// Nothing that is due later is played, and nothing hangs.
    private var end = Int64.max
    private var bytes: ByteStage
    private var encoded: [Cue] = []
    private var ready: [Cue] = []
    private var nextReady = 0

    /// A streamed answer, which ends early if it is to stop at a time in nanoseconds.
    init(_ beats: BeatSequence, encoder: any BeatEncoder, stage: ByteStage, until end: Int64 = .max) {
        self.beats = beats
        self.encoder = encoder
        self.end = end
        bytes = stage
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
            guard let beat = beats?.next(), beat.due <= end else { return nil }
            if beat.event == .hang, end < .max { return nil }
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
