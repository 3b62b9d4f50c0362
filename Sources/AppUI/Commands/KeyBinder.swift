import ProviderCore
import TerminalKit

/// Lays a user's bindings over a table of keys, one by one.
struct KeyBinder {
    private let before: Keymap
    private var keymap: Keymap
    private var problems: [KeyProblem] = []
    /// Who has a key by a binding of the user's.
    private var owners: [Slot: (target: BindingTarget, place: String)] = [:]
    /// Where a command's keys of a scope were given.
    private var places: [Holder: String] = [:]
    /// Where a command lost a key to another one.
    private var losses: [BindingTarget: String] = [:]

    private struct Slot: Hashable {
        let scope: KeyScope
        let keys: [KeyChord]
    }

    private struct Holder: Hashable {
        let scope: KeyScope
        let target: BindingTarget
    }

    init(_ keymap: Keymap) {
        before = keymap
        self.keymap = keymap
    }

    /// Takes a binding over, or says why not.
    mutating func bind(_ binding: UserBinding) {
        guard let scope = KeyScope(name: binding.scope) else {
            let names = KeyScope.allCases.map(\.name)
            return tell(binding, "there is no [keys.\(clean(binding.scope))]" + Self.hint(binding.scope, among: names))
        }
        guard let target = target(binding, in: scope) else { return }
        let holder = Holder(scope: scope, target: target)
        if let place = places[holder] {
            return tell(binding, "\(target.name) has its keys from \(place); these are left out")
        }
        guard !binding.chords.isEmpty else {
            places[holder] = binding.place
            losses[target] = binding.place
            return give([], to: target, in: scope, binding.place)
        }
        let slots = binding.chords.compactMap { slot(for: $0, of: target, in: scope, binding) }
        guard !slots.isEmpty else { return }
        losses[target] = binding.place
        for group in KeyScope.allCases where group == scope || slots.contains(where: { $0.scope == group }) {
            let keys = slots.filter { $0.scope == group }.map(\.keys)
            places[Holder(scope: group, target: target)] = binding.place
            for key in keys { take(key, from: group, for: target, binding.place) }
            give(keys, to: target, in: group, binding.place)
        }
    }

    /// The table, after a last look at all of it.
    mutating func finish() -> (keymap: Keymap, problems: [KeyProblem]) {
        tellOfHidden()
        tellOfPrefixes()
        tellOfDisplaced()
        tellOfLost()
        return (keymap, problems)
    }

    // MARK: One binding

    private mutating func target(_ binding: UserBinding, in scope: KeyScope) -> BindingTarget? {
        if scope == .config { return configTarget(binding) }
        let editing = before.editing.first { $0.name == binding.command.lowercased() }
        if let command = Command(bindingName: binding.command), editing == nil || scope != .pane(.prompt) {
            if command == .leader, scope != .global {
                tell(binding, "the leader is a key of [keys.global]")
                return nil
            }
            return .command(command)
        }
        if let editing {
            if scope == .pane(.prompt) { return .editing(editing.name) }
            tell(binding, "\(editing.name) edits the prompt: it is bound in [keys.prompt]")
            return nil
        }
        let names = Command.allCases.map(\.slashName) + (scope == .pane(.prompt) ? before.editing.map(\.name) : [])
        tell(binding, "there is no command \"\(clean(binding.command))\"" + Self.hint(binding.command, among: names))
        return nil
    }

    private mutating func configTarget(_ binding: UserBinding) -> BindingTarget? {
        let names = before.config.map(\.name)
        if let name = names.first(where: { $0 == binding.command.lowercased() }) { return .config(name) }
        let hint = Self.hint(binding.command, among: names)
        tell(
            binding,
            "the config editor has no \"\(clean(binding.command))\""
                + (hint.isEmpty ? "; it has \(names.joined(separator: ", "))" : hint))
        return nil
    }

    /// Where keys come to stand; nil, and told, when they cannot be used there.
    private mutating func slot(
        for keys: [KeyChord], of target: BindingTarget, in scope: KeyScope, _ binding: UserBinding
    ) -> Slot? {
        guard let first = keys.first else { return nil }
        var slot = Slot(scope: scope, keys: keys)
        if keys.count > 1, isLeader(first), scope == .global || scope == .leader {
            slot = Slot(scope: .leader, keys: Array(keys.dropFirst()))
        }
        if let objection = objection(to: slot, of: target) {
            tell(binding, "\(target.name): \(objection)")
            return nil
        }
        if let owner = owners[slot] {
            guard owner.target != target else { return nil }
            tell(
                binding,
                "\(keymap.shown(slot.keys, in: slot.scope)) is \(owner.target.name) already, by \(owner.place); "
                    + "it is left out of \(target.name)")
            return nil
        }
        owners[slot] = (target, binding.place)
        return slot
    }

    private func isLeader(_ chord: KeyChord) -> Bool { keymap.command(for: chord, in: .global) == .leader }

    /// Why a key of a scope would never reach a command; nil = it does.
    private func objection(to slot: Slot, of target: BindingTarget) -> String? {
        let first = slot.keys[0]
        let name = first.longLabel
        if slot.scope == .config { return configObjection(to: slot, of: target) }
        if slot.scope == .leader {
            if slot.keys.contains(KeyChord(.escape)) { return "Esc leaves the menu of the leader" }
            return isLeader(first) ? "\(name) is the leader itself" : nil
        }
        if slot.keys.count > 1 {
            return "keys one after the other begin with the leader, \(keymap.label(of: .leader)), in [keys.global]"
        }
        if target == .command(.leader) {
            return first.isText ? "\(name) could not be typed any more" : nil
        }
        if isLeader(first) { return "\(name) is the leader, which takes it first" }
        if slot.scope == .pane(.prompt), first.isText { return "\(name) is typed in the prompt" }
        return nil
    }

    private func configObjection(to slot: Slot, of target: BindingTarget) -> String? {
        let name = slot.keys[0].longLabel
        if slot.keys.count > 1 { return "the config editor takes one key, not several one after the other" }
        if slot.keys[0] == KeyChord(.escape), target != .config(ConfigAction.leave.rawValue) {
            return "\(name) leaves the config editor"
        }
        if case .character(let character) = slot.keys[0].key, slot.keys[0].isText,
            character.isNumber || character == "-" || character == "."
        {
            return "\(name) begins typing a number"
        }
        return nil
    }

    /// Takes a key from whatever had it in a scope.
    private mutating func take(_ keys: [KeyChord], from scope: KeyScope, for target: BindingTarget, _ place: String) {
        for index in keymap.bindings.indices where keymap.bindings[index].scope == scope {
            let other = BindingTarget.command(keymap.bindings[index].command)
            guard other != target, keymap.bindings[index].keys.contains(keys) else { continue }
            keymap.bindings[index].keys.removeAll { $0 == keys }
            losses[other] = losses[other] ?? place
        }
        guard keys.count == 1 else { return }
        for index in keymap.config.indices where scope == .config && keymap.config[index].chords.contains(keys[0]) {
            let other = BindingTarget.config(keymap.config[index].name)
            guard other != target else { continue }
            keymap.config[index].chords.removeAll { $0 == keys[0] }
            losses[other] = losses[other] ?? place
        }
        guard scope == .pane(.prompt) else { return }
        for index in keymap.editing.indices where keymap.editing[index].chords.contains(keys[0]) {
            let other = BindingTarget.editing(keymap.editing[index].name)
            guard other != target else { continue }
            keymap.editing[index].chords.removeAll { $0 == keys[0] }
            losses[other] = losses[other] ?? place
        }
    }

    private mutating func give(_ keys: [[KeyChord]], to target: BindingTarget, in scope: KeyScope, _ place: String) {
        switch target {
        case .editing(let name):
            guard let index = keymap.editing.firstIndex(where: { $0.name == name }) else { return }
            keymap.editing[index].chords = keys.compactMap(\.first)
            keymap.editing[index].place = place
        case .config(let name):
            guard let index = keymap.config.firstIndex(where: { $0.name == name }) else { return }
            keymap.config[index].chords = keys.compactMap(\.first)
            keymap.config[index].place = place
        case .command(let command):
            let own = { (binding: KeyBinding) in binding.scope == scope && binding.command == command }
            let index = keymap.bindings.firstIndex(where: own)
            var others = keymap.bindings
            let binding = KeyBinding(scope, keys: keys, command, place: place)
            if let index {
                others[index] = binding
            } else {
                others.append(binding)
            }
            keymap.bindings = others
        }
    }

    // MARK: The whole table

    /// Keys of everywhere that some pane takes first.
    private mutating func tellOfHidden() {
        for binding in keymap.bindings where binding.scope == .global {
            guard let place = binding.place, binding.command != .leader else { continue }
            for keys in binding.keys {
                let panes = hiding(keys[0])
                guard !panes.isEmpty else { continue }
                let list = panes.map { "\($0.name) in [keys.\($0.pane.rawValue)]" }.joined(separator: ", ")
                note(place, "\(keys.longLabel) is also \(list): there it is not \(binding.command.slashName)")
            }
        }
    }

    private func hiding(_ chord: KeyChord) -> [(name: String, pane: Pane)] {
        Pane.tabOrder.compactMap { pane in
            if let command = keymap.command(for: chord, in: .pane(pane)) { return (command.slashName, pane) }
            guard pane == .prompt else { return nil }
            if chord.isText { return ("typed", pane) }
            return keymap.editingKey(for: chord).map { ($0.name, pane) }
        }
    }

    /// Keys after the leader that begin like a shorter binding are never reached.
    private mutating func tellOfPrefixes() {
        let all = keymap.bindings(in: .leader).flatMap { binding in binding.keys.map { (binding: binding, keys: $0) } }
        for long in all where long.keys.count > 1 {
            let short = all.first { $0.keys.count < long.keys.count && long.keys.starts(with: $0.keys) }
            guard let short, let place = long.binding.place ?? short.binding.place else { continue }
            let other = short.binding.place.map { ", by \($0)" } ?? ""
            let message =
                "\(keymap.shown(long.keys, in: .leader)) is never reached: \(keymap.shown(short.keys, in: .leader)) is "
                + "\(short.binding.command.slashName)\(other)"
            problems.append(KeyProblem(place: place, message: message, isNote: false))
        }
    }

    /// Keys of ours that went over to another command, whose own command has others left. Who binds a command anew means its
    /// keys to change.
    private mutating func tellOfDisplaced() {
        for binding in before.bindings {
            let own = BindingTarget.command(binding.command)
            guard places[Holder(scope: binding.scope, target: own)] == nil, keymap.hasKey(binding.command) else {
                continue
            }
            for keys in binding.keys {
                guard let owner = owners[Slot(scope: binding.scope, keys: keys)], owner.target != own else { continue }
                let shown = keymap.shown(keys, in: binding.scope)
                let place =
                    binding.scope == .global || binding.scope == .leader ? "" : " in [keys.\(binding.scope.name)]"
                let rest = keymap.label(of: binding.command)
                note(
                    owner.place, "\(shown)\(place) is \(owner.target.name) now, no more \(own.name), which has \(rest)",
                    isLoss: true)
            }
        }
        tellOfDisplacedEditing()
        tellOfShadowed()
    }

    /// The same of keys that edit, and of those of the config editor.
    private mutating func tellOfDisplacedEditing() {
        let editing = zip(before.editing, keymap.editing).map { ours, now in
            (KeyScope.pane(.prompt), BindingTarget.editing(ours.name), ours.chords, now.chords)
        }
        let config = zip(before.config, keymap.config).map { ours, now in
            (KeyScope.config, BindingTarget.config(ours.name), ours.chords, now.chords)
        }
        for (scope, own, ours, now) in editing + config where !now.isEmpty {
            guard places[Holder(scope: scope, target: own)] == nil else { continue }
            for chord in ours {
                guard let owner = owners[Slot(scope: scope, keys: [chord])], owner.target != own else { continue }
                let name = "\(chord.longLabel) in [keys.\(scope.name)]"
                note(owner.place, "\(name) is \(owner.target.name) now, no more \(own.name)", isLoss: true)
            }
        }
    }

    /// Keys of everywhere that a binding of a pane takes first, and none of ours took there before.
    private mutating func tellOfShadowed() {
        for binding in keymap.bindings {
            guard let place = binding.place, case .pane(let pane) = binding.scope else { continue }
            for keys in binding.keys where keys.count == 1 {
                guard let hidden = keymap.command(for: keys, in: .global), hidden != binding.command,
                    before.command(for: keys, in: binding.scope) == nil,
                    pane != .prompt || before.editingKey(for: keys[0]) == nil
                else { continue }
                let message =
                    "\(keys.longLabel) in [keys.\(pane.rawValue)] is \(binding.command.slashName): there it is not "
                note(place, message + hidden.slashName, isLoss: true)
            }
        }
    }

    /// Commands that had a key and have none now.
    private mutating func tellOfLost() {
        let typed = Set(SlashLine.offered.map(\.command))
        for command in Command.allCases where before.hasKey(command) && !keymap.hasKey(command) {
            guard let place = losses[.command(command)] else { continue }
            let rest = typed.contains(command) ? "/\(command.slashName) and the palette have it" : "nothing reaches it"
            note(place, "\(command.slashName) has no key left; \(rest)", isLoss: true)
        }
        for key in keymap.editing where key.chords.isEmpty {
            guard let place = losses[.editing(key.name)] else { continue }
            note(place, "\(key.name) has no key left", isLoss: true)
        }
        for key in keymap.config where key.chords.isEmpty {
            guard let place = losses[.config(key.name)] else { continue }
            note(place, "\(key.name) of the config editor has no key left", isLoss: true)
        }
    }

    private mutating func tell(_ binding: UserBinding, _ message: String) {
        problems.append(KeyProblem(place: binding.place, message: message, isNote: false))
    }

    private mutating func note(_ place: String, _ message: String, isLoss: Bool = false) {
        problems.append(KeyProblem(place: place, message: message, isNote: true, isLoss: isLoss))
    }

    private func clean(_ name: String) -> String { TextGate.gate(name, allowNewlines: false).text }

    /// `; do you mean palette?`, when a name is nearly one of these.
    private static func hint(_ name: String, among names: [String]) -> String {
        let wanted = Array(name.lowercased().unicodeScalars.prefix(64))
        let near = names.map { ($0, EditDistance.between(wanted, Array($0.unicodeScalars))) }
            .min { $0.1 < $1.1 }
        guard let near, near.1 <= max(1, wanted.count / 3) else { return "" }
        return "; do you mean \(near.0)?"
    }
}
