import TerminalKit

/// A theme with all it inherits, laid over each other.
struct ThemeBuilder: Sendable {
    typealias Looks = [String: ThemeFile.Look]

    private var palette: [String: Color] = [:]
    private(set) var looks: Looks = [:]
    private(set) var looks16: Looks = [:]
    private(set) var looksMono: Looks = [:]
    private let files: [ThemeFile]
    private var hasGradient = false
    private(set) var isLight: Bool?
    private(set) var warnings: [FileProblem] = []

    /// Lays files over each other, the ancestor first. A file's own palette wins over an inherited one everywhere.
    init(_ files: [ThemeFile]) {
        self.files = files
        for file in files {
            hasGradient = hasGradient || file.hasGradient
            palette.merge(file.palette) { $1 }
            isLight = file.isLight ?? isLight
            warnings += file.warnings
        }
        for place in files.indices {
            lay(files[place].looks, over: \.looks, place)
            lay(files[place].looks16, over: \.looks16, place)
            lay(files[place].looksMono, over: \.looksMono, place)
        }
    }

    /// The finished theme.
    func theme(name: String) -> Theme {
        var theme = Theme(name: name, styles: [:])
        for role in ThemeRole.allCases {
            let prefixes = ThemeScopes.prefixes(of: role.rawValue)
            let scope = prefixes.first { looks[$0] != nil }
            let base = self.base(of: role, in: looks)
            theme.styles[role] = scope.map { style(looks[$0], base: base) } ?? base
            if let own = override(in: looks16, prefixes, unlessBelow: scope) {
                theme.styles16[role] = style(own, base: self.base(of: role, in: looks16))
            } else if scope == nil, ThemeScopes.isInCode(role), looks16["md.code.block"] != nil {
                theme.styles16[role] = self.base(of: role, in: looks16)
            }
            if let own = override(in: looksMono, prefixes, unlessBelow: scope) {
                theme.stylesMono[role] = ThemeStyle(modifiers: own.modifiers)
            }
        }
        if hasGradient {
            theme.gradients["meter"] = [ThemeRole.meterLow, .meterMid, .meterHigh].map {
                theme.style($0, colors: 256).foreground
            }
        }
        return theme
    }

    /// What a look starts from: that of a code block for what stands in one, else that of body text.
    private func base(of role: ThemeRole, in layer: Looks) -> ThemeStyle {
        let text = style(layer["text"] ?? looks["text"], base: ThemeStyle())
        guard ThemeScopes.isInCode(role) else { return text }
        let block = ThemeScopes.prefixes(of: ThemeRole.markdownCodeBlock.rawValue).first { layer[$0] != nil }
        return block.map { style(layer[$0], base: text) } ?? text
    }

    /// A problem at the place where a role got its look, or at none when it has no look of its own.
    func problem(_ role: ThemeRole, _ message: String, in layer: KeyPath<ThemeBuilder, Looks> = \.looks) -> FileProblem
    {
        let scopes = ThemeScopes.prefixes(of: role.rawValue) + ["text"]
        let message = "\(role.rawValue)\(message.hasPrefix("and ") ? "" : ":") \(message)"
        guard let look = scopes.lazy.compactMap({ self[keyPath: layer][$0] ?? looks[$0] }).first else {
            return FileProblem(file: files.last?.document.file, message)
        }
        return files[look.file].document.problem(look.problemPath, message)
    }

    /// Whether anything is said of body text or of a role; without it the role has no look at all.
    func isResolvable(_ role: ThemeRole) -> Bool {
        looks["text"] != nil || ThemeScopes.prefixes(of: role.rawValue).contains { looks[$0] != nil }
    }

    private mutating func lay(_ layer: Looks, over target: WritableKeyPath<ThemeBuilder, Looks>, _ place: Int) {
        for (scope, var look) in layer.sorted(by: { $0.key < $1.key }) {
            let unknown = [look.foreground, look.background].compactMap { $0 }.filter { color($0) == nil }
            guard unknown.isEmpty else {
                let hint = NearName.hint(for: unknown[0], among: palette.keys)
                warnings.append(
                    files[place].document.problem(
                        look.problemPath, "there is no colour \(quoted(unknown[0]))\(hint); the line is ignored"))
                continue
            }
            look.file = place
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
