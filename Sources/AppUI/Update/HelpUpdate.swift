import TerminalKit

extension AppModel {
    /// A key in help. Nil: it closes it.
    mutating func take(_ chord: KeyChord, in open: HelpScreen) -> [AppEffect]? {
        var screen = open
        if screen.isFinding {
            switch chord {
            case DialogKey.close: screen.clear()
            case DialogKey.take: screen.endFinding()
            case DialogKey.previous, DialogKey.next, DialogKey.pageUp, DialogKey.pageDown:
                screen.scroll = scrolled(screen.scroll, by: chord) ?? screen.scroll
            default:
                if closes(chord) { return nil }
                screen.edit(chord)
            }
        } else if DialogKey.find ~= chord {
            screen.startFinding()
        } else if DialogKey.close ~= chord, !screen.wanted.isEmpty {
            screen.clear()
        } else if DialogKey.bottom ~= chord {
            screen.scroll = screen.mostScroll
        } else if let scroll = scrolled(screen.scroll, by: chord) {
            screen.scroll = scroll
        } else if closes(chord) || DialogKey.leave ~= chord || isHelpKey(chord) {
            overlay = nil
            return []
        }
        screen.scroll = min(screen.scroll, screen.mostScroll)
        overlay = .help(screen)
        return []
    }

    private func isHelpKey(_ chord: KeyChord) -> Bool {
        keys.command(for: chord, in: .pane(focus)) == .help || keys.command(for: chord, in: .global) == .help
    }
}

extension HelpScreen {
    /// A key in help of a screen of its own. False: it closes it. `page`: the rows of a page.
    mutating func take(_ chord: KeyChord, isHelpKey: Bool, page: Int) -> Bool {
        if isFinding {
            switch chord {
            case DialogKey.close: clear()
            case DialogKey.take: endFinding()
            default: edit(chord)
            }
            return true
        }
        switch chord {
        case DialogKey.find: startFinding()
        case DialogKey.close where !wanted.isEmpty: clear()
        case DialogKey.bottom: scroll = mostScroll
        case DialogKey.top: scroll = 0
        case DialogKey.rowUp: scroll -= 1
        case DialogKey.rowDown: scroll += 1
        case DialogKey.viewUp: scroll -= page
        case DialogKey.viewDown: scroll += page
        default: return !(DialogKey.close ~= chord || DialogKey.leave ~= chord || isHelpKey)
        }
        scroll = max(0, min(scroll, mostScroll))
        return true
    }
}
