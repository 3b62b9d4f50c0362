import TerminalKit

/// A theme with all it inherits, laid over each other.
struct ThemeBuilder: Sendable {
    private typealias Looks = [String: ThemeFile.Look]

    private var palette: [String: Color] = [:]
    private var looks: Looks = [:]
    private var looks16: Looks = [:]
    private var looksMono: Looks = [:]
    private(set) var isLight: Bool?
    private(set) var warnings: [FileProblem] = []

    /// Lays files over each other, the ancestor first. A file's own palette wins over an inherited one everywhere.
    init(_ files: [ThemeFile]) {
        for file in files {
            palette.merge(file.palette) { $1 }
            isLight = file.isLight ?? isLight
            warnings += file.warnings
        }
        for file in files {
            lay(file.looks, over: \.looks, file)
            lay(file.looks16, over: \.looks16, file)
            lay(file.looksMono, over: \.looksMono, file)
        }
    }

    /// The finished theme.
    func theme(name: String) -> Theme {
        var theme = Theme(name: name, styles: [:])
        let text = style(looks["text"], base: ThemeStyle())
        let text16 = looks16["text"].map { style($0, base: ThemeStyle()) } ?? text
        for role in ThemeRole.allCases {
            let prefixes = ThemeScopes.prefixes(of: role.rawValue)
            let scope = prefixes.first { looks[$0] != nil }
            theme.styles[role] = scope.map { style(looks[$0], base: text) } ?? text
            if let own = override(in: looks16, prefixes, unlessBelow: scope) {
                theme.styles16[role] = style(own, base: text16)
            }
            if let own = override(in: looksMono, prefixes, unlessBelow: scope) {
                theme.stylesMono[role] = ThemeStyle(modifiers: own.modifiers)
            }
        }
        return theme
    }

    /// Whether anything is said of body text or of a role; without it the role has no look at all.
    func isResolvable(_ role: ThemeRole) -> Bool {
        looks["text"] != nil || ThemeScopes.prefixes(of: role.rawValue).contains { looks[$0] != nil }
    }

    private mutating func lay(_ layer: Looks, over target: WritableKeyPath<ThemeBuilder, Looks>, _ file: ThemeFile) {
        for (scope, look) in layer.sorted(by: { $0.key < $1.key }) {
            let unknown = [look.foreground, look.background].compactMap { $0 }.filter { color($0) == nil }
            guard unknown.isEmpty else {
                let hint = NearName.hint(for: unknown[0], among: palette.keys)
                warnings.append(
                    file.document.problem(
                        look.problemPath, "there is no colour \(quoted(unknown[0]))\(hint); the line is ignored"))
                continue
            }
            self[keyPath: target][scope] = look
        }
    }

    private func color(_ spelt: String) -> Color? { palette[spelt] ?? ThemeColor.parse(spelt) }

    private func style(_ look: ThemeFile.Look?, base: ThemeStyle) -> ThemeStyle {
        ThemeStyle(
            foreground: look?.foreground.flatMap(color) ?? base.foreground,
            background: look?.background.flatMap(color) ?? base.background, modifiers: look?.modifiers ?? [])
    }

    /// The look for fewer colours, unless the look for many is told for a narrower scope.
    private func override(in looks: Looks, _ prefixes: [String], unlessBelow scope: String?) -> ThemeFile.Look? {
        for prefix in prefixes {
            if let look = looks[prefix] { return look }
            if prefix == scope { return nil }
        }
        return scope == nil ? looks["text"] : nil
    }
}
