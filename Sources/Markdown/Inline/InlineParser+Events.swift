// What was read, in order.
extension InlineParser {
    /// Calls `body` with each piece. To be asked after `read`.
    func forEach(_ body: (InlineEvent) -> Void) {
        for node in nodes {
            let range = node.range
            switch node.kind {
            case .text: body(.text(range))
            case .decoded(let text): body(.decoded(text, range))
            case .softBreak: body(.softBreak(range.lowerBound))
            case .hardBreak: body(.hardBreak(range.lowerBound))
            case .code: body(.code(range))
            case .html: body(.html(range))
            case .delimiter(let index): forEach(delimiters[index], range, body)
            case .openLink(let index): body(.openLink(targets[index], at: range.lowerBound))
            case .closeLink(let index): body(.closeLink(targets[index], at: range.lowerBound))
            case .openImage(let index): body(.openImage(targets[index], at: range.lowerBound))
            case .closeImage(let index): body(.closeImage(targets[index], at: range.lowerBound))
            case .autolink(let index): body(.autolink(targets[index], range))
            }
        }
    }

    private func forEach(_ run: DelimiterRun, _ range: Range<Int>, _ body: (InlineEvent) -> Void) {
        for mark in run.closes { body(.close(mark)) }
        if run.left > 0 { body(.text(range.lowerBound..<range.lowerBound + run.left)) }
        for mark in run.opens.reversed() { body(.open(mark)) }
    }
}
