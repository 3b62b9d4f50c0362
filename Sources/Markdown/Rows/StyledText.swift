import TerminalKit

/// A run of a styled text.
struct StyledRun {
    /// Where it begins in the text.
    var start: Int
    /// Where that came from in the content of the leaf.
    var content: Int
    /// Whether byte follows byte in both.
    var isLinear: Bool
    var style: Style
    /// Index of the link's target; -1 = none.
    var target: Int
    /// Whether no mark and no link is open.
    var isNeutral: Bool
}

/// The text of a leaf as it is drawn, before it is broken into rows. A newline in it begins a row.
struct StyledText {
    private(set) var bytes: [UInt8] = []
    private(set) var runs: [StyledRun] = []
    private(set) var targets: [String] = []
    private let base: Style
    private var emphasis = 0
    private var strong = 0
    private var strike = 0
    /// Where the open link's text begins, and its target.
    private var link: (start: Int, target: Int)?
    private var linkDepth = 0

    /// An empty text.
    init(base: Style) { self.base = base }

    /// Text of our own, or taken as it is.
    mutating func add(
        _ text: some Sequence<UInt8>, _ style: Style, from content: Int, isLinear: Bool = false, link: Int = -1
    ) {
        let start = bytes.count
        bytes.append(contentsOf: text)
        guard bytes.count > start else { return }
        runs.append(
            StyledRun(
                start: start, content: content, isLinear: isLinear, style: style, target: link,
                isNeutral: emphasis + strong + strike + linkDepth == 0 && style.role != .markdownCode))
    }

    /// Adds what an inline parser found in `content`.
    mutating func add(_ parser: InlineParser) {
        parser.forEach { add($0, parser.bytes) }
    }

    private mutating func add(_ event: InlineEvent, _ content: Bytes) {
        switch event {
        case .text(let range), .html(let range): addText(content[range], from: range.lowerBound)
        case .decoded(let text, let range): add(text.utf8, style, from: range.lowerBound, link: link?.target ?? -1)
        case .softBreak(let place), .hardBreak(let place): add(CollectionOfOne(UInt8.newline), base, from: place)
        case .code(let range):
            let code = content[range].lazy.map { $0 == .newline || $0 == .tab ? .space : $0 }
            var style = style
            style.role = .markdownCode
            add(code, style, from: range.lowerBound, isLinear: true, link: link?.target ?? -1)
        case .open(let mark): change(mark, by: 1)
        case .close(let mark): change(mark, by: -1)
        case .openLink(let target, _): open(target.address)
        case .closeLink(let target, let place): close(target.address, place)
        case .openImage(let target, let place):
            add("[image: ".utf8, Style(.textDim), from: place)
            if linkDepth == 0 { open(target.address) } else { linkDepth += 1 }
        case .closeImage(let target, let place):
            linkDepth -= 1
            add("]".utf8, Style(.textDim), from: place)
            if linkDepth == 0 {
                link = nil
                addTarget(target.address, from: place, misleads: false)
            }
        case .autolink(let target, let range):
            let isOpen = link != nil
            if !isOpen { open(target.address) }
            addText(content[range], from: range.lowerBound)
            if !isOpen { close(target.address, range.upperBound) }
        }
    }

    private mutating func addText(_ text: Slice<Bytes>, from place: Int) {
        let target = link?.target ?? -1
        if text.contains(.tab) {
            add(text.lazy.map { $0 == .tab ? .space : $0 }, style, from: place, isLinear: true, link: target)
        } else {
            add(text, style, from: place, isLinear: true, link: target)
        }
    }

    private mutating func change(_ mark: InlineMark, by step: Int) {
        switch mark {
        case .emphasis: emphasis += step
        case .strong: strong += step
        case .strike: strike += step
        }
    }

    private var style: Style {
        var style = base
        if emphasis > 0 { style.modifiers.insert(.italic) }
        if strong > 0 { style.modifiers.insert(.bold) }
        if strike > 0 { style.modifiers.insert(.strike) }
        if link != nil {
            style.role = .markdownLink
            style.modifiers.insert(.underline)
        } else if base.role == .text {
            if strong > 0 { style.role = .markdownStrong } else if emphasis > 0 { style.role = .markdownEmphasis }
        }
        return style
    }

    private mutating func open(_ address: String) {
        linkDepth += 1
        link = (bytes.count, add(target: address))
    }

    /// Keeps a target; returns its index.
    mutating func add(target: String) -> Int {
        targets.append(target)
        return targets.count - 1
    }

    private mutating func close(_ address: String, _ place: Int) {
        linkDepth -= 1
        guard let opened = link else { return }
        link = nil
        let text = String(decoding: bytes[opened.start...], as: UTF8.self)
        if text.isEmpty || !LinkCheck.isSame(text, address) {
            addTarget(address, from: place, misleads: LinkCheck.misleads(text, address))
        }
    }

    /// The address behind a link's text. One that is not what the text says is marked.
    private mutating func addTarget(_ address: String, from place: Int, misleads: Bool) {
        let shown = String(address.map { $0 == "\n" || $0 == "\t" ? " " : $0 })
        if misleads {
            add(" ⚠ (\(shown))".utf8, Style(.warning, .bold), from: place)
        } else if !shown.isEmpty {
            add(" (\(shown))".utf8, Style(.textDim, .dim), from: place)
        }
    }

    /// Where a byte of the text came from in the content.
    func content(_ offset: Int) -> Int {
        let index = run(at: offset)
        guard index >= 0 else { return 0 }
        return runs[index].isLinear ? runs[index].content + offset - runs[index].start : runs[index].content
    }

    /// The run that holds a byte; -1 when there is none.
    func run(at offset: Int) -> Int {
        var low = 0
        var high = runs.count
        while low < high {
            let middle = (low + high) >> 1
            if runs[middle].start <= offset { low = middle + 1 } else { high = middle }
        }
        return low - 1
    }

    /// The runs of a part, as they are drawn.
    func spans(_ range: Range<Int>) -> [MarkdownSpan] {
        var spans: [MarkdownSpan] = []
        var index = max(0, run(at: range.lowerBound))
        while index < runs.count, runs[index].start < range.upperBound {
            let start = max(range.lowerBound, runs[index].start)
            let end = min(range.upperBound, index + 1 < runs.count ? runs[index + 1].start : bytes.count)
            let run = runs[index]
            let target = run.target >= 0 ? targets[run.target] : nil
            if start < end {
                let text = String(decoding: bytes[start..<end], as: UTF8.self)
                if let last = spans.last, last.style == run.style, last.target == target {
                    spans[spans.count - 1].text += text
                } else {
                    spans.append(MarkdownSpan(text, run.style, target: target))
                }
            }
            index += 1
        }
        return spans
    }

    /// A row: its bytes without the blanks that a wrap swallows, and where the next one begins.
    struct Row {
        var range: Range<Int>
        var next: Int
        var isContinuation: Bool
    }

    /// Breaks the text into rows.
    func rows(width: Int) -> [Row] {
        let breaker = RowBreaker(width: max(1, width), tabWidth: 1, cutsAnywhere: false)
        var rows: [Row] = []
        bytes.withUnsafeBufferPointer { bytes in
            var start = 0
            var isContinuation = false
            repeat {
                let limit = bytes[start...].firstIndex(of: .newline) ?? bytes.count
                while let next = breaker.nextRow(in: bytes, from: start, limit: limit) {
                    let end = bytes.droppingBlanks(from: start, to: next)
                    rows.append(Row(range: start..<end, next: next, isContinuation: isContinuation))
                    (start, isContinuation) = (next, true)
                }
                rows.append(
                    Row(
                        range: start..<bytes.droppingBlanks(from: start, to: limit), next: limit,
                        isContinuation: isContinuation))
                isContinuation = false
                start = limit + 1
            } while start < bytes.count
        }
        return rows
    }
}
