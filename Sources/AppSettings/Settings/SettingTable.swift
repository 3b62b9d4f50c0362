/// Values by path, each with where it came from.
struct SettingTable: Sendable, Hashable {
    struct Entry: Sendable, Hashable {
        var value: SettingValue
        var origin: SettingOrigin
    }

    let fields: [SettingField]
    private(set) var entries: [String: Entry] = [:]

    init(_ fields: [SettingField]) { self.fields = fields }

    /// The value that holds: the one that was set, else the default.
    subscript(_ path: String) -> SettingValue? {
        entries[path]?.value ?? fields.first { $0.path == path }?.standard
    }

    func origin(_ path: String) -> SettingOrigin { entries[path]?.origin ?? .builtIn }

    mutating func set(_ path: String, _ value: SettingValue, _ origin: SettingOrigin) {
        entries[path] = Entry(value: value, origin: origin)
    }

    func text(_ path: String) -> String? { if case .text(let text) = self[path] { text } else { nil } }
    func texts(_ path: String) -> [String]? { if case .texts(let texts) = self[path] { texts } else { nil } }
    func integer(_ path: String) -> Int? { if case .integer(let number) = self[path] { number } else { nil } }
    func number(_ path: String) -> Double? { if case .number(let number) = self[path] { number } else { nil } }
    func flag(_ path: String) -> Bool { self[path] == .flag(true) }
    func pairs(_ path: String) -> [String: String]? { if case .pairs(let pairs) = self[path] { pairs } else { nil } }

    /// Takes the values of a TOML table that the fields describe. What does not fit becomes an error, what no field
    /// describes a warning. `prefix` is the table's own path.
    mutating func take(
        _ table: [String: TOMLNode], of document: TOMLDocument, prefix: [String] = [], except: Set<String> = [],
        _ report: inout SettingsReport
    ) {
        take(table, of: document, prefix: prefix, inner: [], except: except, &report)
    }

    private mutating func take(
        _ table: [String: TOMLNode], of document: TOMLDocument, prefix: [String], inner: [String], except: Set<String>,
        _ report: inout SettingsReport
    ) {
        for (key, node) in table.sorted(by: { $0.key < $1.key }) where !(inner.isEmpty && except.contains(key)) {
            let path = inner + [key]
            let name = path.joined(separator: ".")
            if let field = fields.first(where: { $0.path == name }) {
                read(field, node, at: prefix + path, of: document, &report)
            } else if !fields.contains(where: { $0.path.hasPrefix(name + ".") }) {
                report.warnings.append(document.problem(prefix + path, unknown(name, key)))
            } else if case .table(let members) = node {
                take(members, of: document, prefix: prefix, inner: path, except: except, &report)
            } else {
                report.errors.append(document.problem(prefix + path, "\(name) is a table, not \(node.kind)"))
            }
        }
    }

    private mutating func read(
        _ field: SettingField, _ node: TOMLNode, at path: [String], of document: TOMLDocument,
        _ report: inout SettingsReport
    ) {
        do throws(SettingType.Mismatch) {
            let value = try field.type.read(node)
            set(field.path, value, .file(document.file ?? "", line: document.position(path)?.line))
        } catch {
            let place = path + (error.member.map { [$0] } ?? [])
            report.errors.append(document.problem(place, "\(field.path) \(error.message)"))
        }
    }

    /// The nearest names, also of settings that stand in another table.
    private func unknown(_ name: String, _ key: String) -> String {
        let elsewhere = fields.filter { $0.path.split(separator: ".").last.map(String.init) == key }.map(\.path)
        let hint =
            elsewhere.isEmpty
            ? NearName.hint(for: name, among: fields.map(\.path))
            : ", did you mean \(elsewhere.joined(separator: " or "))?"
        return "there is no setting \(quoted(name))\(hint.isEmpty ? "; it is ignored" : hint)"
    }
}

/// What was found while reading settings.
struct SettingsReport {
    var errors: [FileProblem] = []
    var warnings: [FileProblem] = []
}
