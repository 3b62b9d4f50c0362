import TerminalKit

/// What one theme file says, before inheritance.
///
/// Scopes are keys at the top: a colour for the foreground, or a table of `fg`, `bg` and `modifiers`. `meter` may have a
/// `gradient` of three colours. `[palette]` names colours, `[16]` and `[mono]` replace looks at fewer colours, `inherits`
/// names a theme to start from, `background` tells whether a terminal's own background is meant to be dark or light. What
/// cannot be understood is left out with a warning.
struct ThemeFile: Sendable {
    /// The look of one scope; nil = not told.
    struct Look: Sendable, Hashable {
        var foreground: String?
        var background: String?
        var modifiers: Modifiers = []
        /// Where it stands.
        var problemPath: [String] = []
        /// The file it stands in, by its place in the chain of inheritance.
        var file = 0
    }

    /// The largest theme file that is read, in bytes.
    static let maximumBytes = 256 << 10
    /// The most scopes and palette names of a file.
    static let maximumEntries = 1000

    private(set) var inherits: String?
    private(set) var isLight: Bool?
    private(set) var palette: [String: Color] = [:]
    private(set) var looks: [String: Look] = [:]
    private(set) var looks16: [String: Look] = [:]
    private(set) var looksMono: [String: Look] = [:]
    /// Whether `meter` has a gradient.
    private(set) var hasGradient = false
    private(set) var warnings: [FileProblem] = []
    let document: TOMLDocument

    /// Parses a theme file. Throws `FileProblem` when it is no TOML.
    init(_ text: String, file: String) throws(FileProblem) {
        document = try TOMLDocument(text, file: file)
        guard document.root.count <= Self.maximumEntries else {
            throw FileProblem(file: file, "has more than \(Self.maximumEntries) entries")
        }
        if case .table(let colors)? = document.root["palette"] { takePalette(colors) }
        for (key, node) in document.root.sorted(by: { $0.key < $1.key }) {
            switch key {
            case "palette": if case .table = node {} else { warn([key], "palette is a table of colours") }
            case "inherits": takeInherits(node)
            case "background": takeBackground(node)
            case "16", "mono": takeDepth(key, node)
            default: takeScope(key, node, path: [key], into: \.looks)
            }
        }
    }

    private mutating func warn(_ path: [String], _ message: String) {
        guard warnings.count < 100 else { return }
        warnings.append(document.problem(path, message))
    }

    private mutating func takePalette(_ colors: [String: TOMLNode]) {
        for (name, node) in colors.sorted(by: { $0.key < $1.key }).prefix(Self.maximumEntries) {
            let path = ["palette", name]
            guard ThemeName.isValid(name) else {
                warn(path, "\(quoted(name)) cannot name a colour; use a-z, 0-9, - and _")
                continue
            }
            guard name != "default" else {
                warn(path, "default always is the terminal's own colour")
                continue
            }
            guard let spelt = Self.spelling(node), let color = ThemeColor.parse(spelt) else {
                warn(path, "\(name) is no colour; use #rrggbb, #rgb, 0 to 255, one of the 16 names or default")
                continue
            }
            palette[name] = color
        }
    }

    private mutating func takeInherits(_ node: TOMLNode) {
        guard case .string(let name) = node, ThemeName.isValid(name) else {
            return warn(["inherits"], "inherits takes the name of a theme; it is ignored")
        }
        inherits = name
    }

    private mutating func takeBackground(_ node: TOMLNode) {
        guard case .string(let word) = node, ["dark", "light"].contains(word) else {
            return warn(["background"], "background takes dark or light; it is ignored")
        }
        isLight = word == "light"
    }

    private mutating func takeDepth(_ key: String, _ node: TOMLNode) {
        guard case .table(let scopes) = node else { return warn([key], "[\(key)] is a table of scopes; it is ignored") }
        let target = key == "16" ? \ThemeFile.looks16 : \ThemeFile.looksMono
        for (scope, node) in scopes.sorted(by: { $0.key < $1.key }).prefix(Self.maximumEntries) {
            takeScope(scope, node, path: [key, scope], into: target)
        }
    }

    private mutating func takeScope(
        _ scope: String, _ node: TOMLNode, path: [String], into target: WritableKeyPath<ThemeFile, [String: Look]>
    ) {
        if case .table(let members) = node, !members.isEmpty, Set(members.keys).isDisjoint(with: Self.lookKeys) {
            // Dotted keys without quotes make nested tables: the same scopes.
            for (part, inner) in members.sorted(by: { $0.key < $1.key }) {
                takeScope(scope + "." + part, inner, path: path + [part], into: target)
            }
            return
        }
        guard ThemeScopes.known.contains(scope) else {
            let hint = NearName.hint(for: scope, among: ThemeScopes.known)
            return warn(path, "there is no scope \(quoted(scope))\(hint.isEmpty ? "; it is ignored" : hint)")
        }
        if let spelt = Self.spelling(node) {
            guard check(spelt, path) else { return }
            self[keyPath: target][scope] = Look(foreground: spelt, problemPath: path)
        } else if case .table(let members) = node {
            takeLook(scope, members, path: path, into: target)
        } else {
            warn(path, "\(scope) takes a colour or a table of fg, bg and modifiers, not \(node.kind)")
        }
    }

    private static let lookKeys: Set<String> = ["fg", "bg", "modifiers", "gradient"]

    private mutating func takeLook(
        _ scope: String, _ members: [String: TOMLNode], path: [String],
        into target: WritableKeyPath<ThemeFile, [String: Look]>
    ) {
        var look = Look(problemPath: path)
        for (key, node) in members.sorted(by: { $0.key < $1.key }) {
            switch key {
            case "fg": look.foreground = color(node, path + [key])
            case "bg": look.background = color(node, path + [key])
            case "modifiers": look.modifiers = modifiers(node, path + [key])
            case "gradient": takeGradient(scope, node, path: path + [key], into: target)
            default:
                let hint = NearName.hint(for: key, among: Self.lookKeys)
                warn(path + [key], "a look has no \(quoted(key))\(hint)")
            }
        }
        if members.keys.contains(where: { $0 != "gradient" }) { self[keyPath: target][scope] = look }
    }

    private mutating func takeGradient(
        _ scope: String, _ node: TOMLNode, path: [String], into target: WritableKeyPath<ThemeFile, [String: Look]>
    ) {
        guard scope == "meter", case .array(let stops) = node, stops.count == 3 else {
            return warn(path, "only meter has a gradient, of three colours")
        }
        if target == \.looks { hasGradient = true }
        for (name, stop) in zip(["low", "mid", "high"], stops) {
            guard let spelt = color(stop, path) else { continue }
            self[keyPath: target]["meter." + name] = Look(foreground: spelt, problemPath: path)
        }
    }

    /// The spelling of a colour that is one, else nil with a warning.
    private mutating func color(_ node: TOMLNode, _ path: [String]) -> String? {
        guard let spelt = Self.spelling(node) else {
            warn(path, "a colour is text or a number, not \(node.kind)")
            return nil
        }
        return check(spelt, path) ? spelt : nil
    }

    /// Names that this file's palette lacks may be in an inherited one, so they are looked up later.
    private mutating func check(_ spelt: String, _ path: [String]) -> Bool {
        if palette[spelt] != nil || ThemeColor.parse(spelt) != nil || (inheritsSomething && ThemeName.isValid(spelt)) {
            return true
        }
        warn(
            path,
            "there is no colour \(quoted(spelt))" + NearName.hint(for: spelt, among: palette.keys)
                + "; the line is ignored")
        return false
    }

    private var inheritsSomething: Bool { document.root["inherits"] != nil }

    private mutating func modifiers(_ node: TOMLNode, _ path: [String]) -> Modifiers {
        guard case .array(let words) = node else {
            warn(path, "modifiers is a list, such as [\"bold\"]")
            return []
        }
        var modifiers: Modifiers = []
        for word in words {
            guard case .string(let text) = word, let modifier = ThemeScopes.modifiers[text] else {
                let shown = Self.spelling(word) ?? word.kind
                warn(
                    path,
                    "there is no modifier \(quoted(shown)) (known: \(ThemeScopes.modifiers.keys.sorted().joined(separator: ", ")))"
                )
                continue
            }
            modifiers.insert(modifier)
        }
        return modifiers
    }

    private static func spelling(_ node: TOMLNode) -> String? {
        switch node {
        case .string(let text): text
        case .integer(let number): String(number)
        default: nil
        }
    }
}

/// Names of themes and palette colours: they become file names and stand in messages.
enum ThemeName {
    /// Whether a text is a name: `[a-z0-9_-]{1,64}`.
    static func isValid(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
                default: false
                }
            }
    }
}

/// The words of theme files.
enum ThemeScopes {
    /// Every scope: those of roles, their prefixes, and those that no role uses yet.
    static let known: Set<String> = {
        var known: Set<String> = ["cursor"]
        for role in ThemeRole.allCases { known.formUnion(prefixes(of: role.rawValue)) }
        return known
    }()

    static let modifiers: [String: Modifiers] = [
        "bold": .bold, "dim": .dim, "italic": .italic, "underline": .underline, "reverse": .reverse, "strike": .strike,
    ]

    /// Whether a role stands on the background of a code block.
    static func isInCode(_ role: ThemeRole) -> Bool { role.rawValue.hasPrefix("code.") }

    /// A scope and what it falls back to, longest first: `md.code.block`, `md.code`, `md`.
    static func prefixes(of scope: String) -> [String] {
        var parts = scope.split(separator: ".")
        var prefixes: [String] = []
        while !parts.isEmpty {
            prefixes.append(parts.joined(separator: "."))
            parts.removeLast()
        }
        return prefixes
    }
}
