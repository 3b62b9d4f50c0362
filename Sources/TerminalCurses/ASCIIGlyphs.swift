/// Look-alikes of the same width for terminals that can only draw ASCII.
enum ASCIIGlyphs {
    /// The look-alike of a scalar beyond ASCII.
    static func replacement(for scalar: Unicode.Scalar) -> UInt32 {
        switch scalar {
        case "─", "–", "—", "‐", "‑": 0x2D
        case "│", "┃", "▌", "▏": 0x7C
        case "┌", "┐", "└", "┘", "├", "┤", "┬", "┴", "┼", "╭", "╮", "╯", "╰": 0x2B
        case "█", "▓", "▒", "━", "●": 0x23
        case "░", "…", "·", "•", "▁": 0x2E
        // A line of bars: the ramp of a plain-text plot.
        case "▂": 0x3A
        case "▃": 0x2D
        case "▄": 0x3D
        case "▅": 0x2B
        case "▆": 0x2A
        case "▇": 0x25
        case "▸", "›", "→", "»", "↪": 0x3E
        case "▾", "↓": 0x76
        case "↑": 0x5E
        case "‹", "←", "«": 0x3C
        case "✓": 0x2A
        case "✗", "×": 0x78
        case "Σ": 0x53
        case "≥": 0x3E
        case "⚠": 0x21
        case "“", "”": 0x22
        case "‘", "’": 0x27
        case "\u{A0}": 0x20
        case "\u{2400}"..."\u{241F}": scalar.value - 0x2400 + 0x40
        default: 0x3F
        }
    }
}
