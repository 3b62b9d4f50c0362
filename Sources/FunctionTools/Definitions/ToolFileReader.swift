internal import ProviderCore

/// The state of reading one file: tools and mistakes by their places in the document, which become lines and columns at the end.
struct ToolFileReader {
    /// A mistake whose line is not known yet.
    private struct Note {
        var severity: ToolDiagnostic.Severity
        var path: JSONPointer
        var isAtName: Bool
        var message: String
        /// A place whose line the message ends with.
        var other: JSONPointer?
    }

    /// What other formats of definitions call the same.
    private static let otherWords = [
        "input_schema": "parameters", "inputSchema": "parameters",
    ]

    let origin: Tool.Origin
    private var tools: [(path: JSONPointer, tool: Tool)] = []
    private var notes: [Note] = []
    /// Errors so far, those that are not noted included.
    private var errors = 0
    /// What could not be noted any more.
    private var left: Set<ToolDiagnostic.Severity> = []
    private var names: [ExactName: JSONPointer] = [:]

    init(origin: Tool.Origin) { self.origin = origin }

    // MARK: Mistakes

    /// A mistake of the value at a place.
    mutating func error(_ path: JSONPointer, _ message: String) { note(.error, path, false, message) }

    /// A mistake of the name of the member at a place.
    mutating func error(named path: JSONPointer, _ message: String) { note(.error, path, true, message) }

    /// What may be meant otherwise at a place.
    mutating func warning(_ path: JSONPointer, _ message: String) { note(.warning, path, false, message) }

    /// As `warning`, of the name of the member.
    mutating func warning(named path: JSONPointer, _ message: String) { note(.warning, path, true, message) }

    private mutating func note(
        _ severity: ToolDiagnostic.Severity, _ path: JSONPointer, _ isAtName: Bool, _ message: String,
        other: JSONPointer? = nil
    ) {
        if severity == .error { errors += 1 }
        guard notes.count < ToolFile.mostDiagnostics else {
            left.insert(severity)
            return
        }
        notes.append(Note(severity: severity, path: path, isAtName: isAtName, message: message, other: other))
    }

    /// Warns of names that mean nothing here, and of names that are there twice. A name that is near one of `vital` is a mistake:
    /// what it asked for must not be dropped.
    mutating func checkNames(_ value: JSONValue, _ path: JSONPointer, known: [String], vital: [String] = []) {
        var seen: Set<ExactName> = []
        for member in value.objectValue ?? [] {
            let place = path.appending(member.key)
            if !seen.insert(ExactName(member.key)).inserted {
                warning(named: place, "\(Words.quoted(member.key)) is here twice; only this one counts")
            }
            guard !known.contains(where: { ExactText.equal($0, member.key) }) else { continue }
            let nearest =
                Self.otherWords[member.key].flatMap { known.contains($0) ? $0 : nil }
                ?? Spelling.nearest(to: member.key, among: known)
            let message =
                "\(Words.quoted(member.key)) means nothing here"
                + (nearest.map { "; did you mean \(Words.quoted($0))?" } ?? "")
            if let nearest, vital.contains(nearest) {
                error(named: place, message)
            } else {
                warning(named: place, message)
            }
        }
    }

    // MARK: The document

    /// Reads the whole document.
    mutating func read(_ root: JSONValue) {
        let top = JSONPointer()
        switch root {
        case .array(let entries): readAll(entries, top)
        case .object where root["tools"] != nil && root["function"] == nil && root["name"] == nil:
            checkNames(root, top, known: ["tools"])
            guard let entries = root["tools"]?.arrayValue else {
                return error(top.appending("tools"), "\"tools\" must be an array of tools")
            }
            readAll(entries, top.appending("tools"))
        case .object: readEntry(root, top)
        default: error(top, "expected a tool, an array of tools, or an object with \"tools\"")
        }
    }

    private mutating func readAll(_ entries: [JSONValue], _ path: JSONPointer) {
        if entries.isEmpty { error(path, "the list of tools is empty") }
        if entries.count > ToolFile.mostTools {
            error(
                path.appending(String(ToolFile.mostTools)),
                "this is one tool too many: a request takes at most \(ToolFile.mostTools), and here are \(entries.count)"
            )
        }
        for (index, entry) in entries.prefix(ToolFile.mostTools).enumerated() {
            readEntry(entry, path.appending(String(index)))
        }
    }

    private mutating func readEntry(_ entry: JSONValue, _ path: JSONPointer) {
        let before = errors
        guard let tool = tool(entry, path), errors == before else { return }
        tools.append((path, tool))
    }

    /// Notes a name, which no other tool of the file may have.
    mutating func claim(_ name: String, _ path: JSONPointer) {
        if let first = names[ExactName(name)] {
            note(.error, path, false, "\(Words.quoted(name)) is defined twice; first on line", other: first)
        } else {
            names[ExactName(name)] = path
        }
    }

    // MARK: The result

    /// The tools, and the mistakes with their lines.
    func reading(of bytes: [UInt8], name file: String) -> ToolFileReading {
        let paths = tools.map(\.path) + notes.flatMap { [$0.path] + ($0.other.map { [$0] } ?? []) }
        let places = JSONPlaces.find(paths, in: bytes)
        let positions = TextPosition.of(places.values.flatMap { [$0.value, $0.name ?? $0.value] }, in: bytes)
        func position(_ path: JSONPointer, isAtName: Bool = false) -> TextPosition {
            let place = places[path]
            return (isAtName ? place?.name ?? place?.value : place?.value).flatMap { positions[$0] }
                ?? TextPosition(line: 1, column: 1)
        }
        var found = notes.map { note in
            let place = position(note.path, isAtName: note.isAtName)
            let other = note.other.map { " \(position($0).line)" } ?? ""
            return ToolDiagnostic(
                note.severity, file: file, line: place.line, column: place.column, message: note.message + other)
        }
        found = found.enumerated().sorted {
            ($0.element.line, $0.element.column, $0.offset) < ($1.element.line, $1.element.column, $1.offset)
        }.map(\.element)
        if let last = found.last, !left.isEmpty {
            found.append(
                ToolDiagnostic(
                    left.contains(.error) ? .error : .warning, file: file, line: last.line, column: last.column,
                    message: "more mistakes are not shown"))
        }
        return ToolFileReading(
            tools: tools.map { path, tool in
                var tool = tool
                let place = position(path)
                tool.place = "\(file):\(place.line):\(place.column)"
                return tool
            }, diagnostics: found)
    }
}
