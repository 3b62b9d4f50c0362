extension ScreenEmulator {
    mutating func control(_ byte: UInt8) {
        switch byte {
        case 0x0A, 0x0B, 0x0C: lineFeed()
        case 0x0D: move(toX: 0, y: y)
        case 0x08: move(toX: x - 1, y: y)
        case 0x09: move(toX: (x / 8 + 1) * 8, y: y)
        case 0x0E: drawsLines = true
        case 0x0F: drawsLines = false
        case 0x07, 0x00: break
        default: unknown.append("control \(byte)")
        }
    }

    mutating func escape(_ text: String) {
        switch text {
        case "7": saved = (x, y)
        case "8": move(toX: saved.x, y: saved.y)
        case "M": if y == top { scrollDown(1) } else { move(toX: x, y: y - 1) }
        case "D": lineFeed()
        case "E":
            x = 0
            lineFeed()
        case "(0": drawsLines = true
        case "(B": drawsLines = false
        case "=": modes.insert(66)
        case ">": modes.remove(66)
        case ")0", ")B": break
        default: unknown.append("ESC \(text)")
        }
    }

    mutating func perform(_ sequence: EscapeParser.Sequence) {
        if sequence.mark != nil { return performPrivate(sequence) }
        if sequence.final == "c" { return answerAttributes() }
        let count = sequence.parameter(0)
        switch sequence.final {
        case "H", "f": move(toX: sequence.parameter(1) - 1, y: sequence.parameter(0) - 1)
        case "A": move(toX: x, y: y - count)
        case "B": move(toX: x, y: y + count)
        case "C": move(toX: x + count, y: y)
        case "D": move(toX: x - count, y: y)
        case "G": move(toX: count - 1, y: y)
        case "d": move(toX: x, y: count - 1)
        case "J": eraseScreen(sequence.parameter(0, default: 0))
        case "K": eraseLine(sequence.parameter(0, default: 0))
        case "X": erase(x..<min(x + count, width))
        case "m": style(sequence)
        case "r": setRegion(sequence)
        case "b": for _ in 0..<count { put(lastCluster) }
        default: edit(sequence, count)
        }
    }

    private mutating func edit(_ sequence: EscapeParser.Sequence, _ count: Int) {
        switch sequence.final {
        case "@":
            for _ in 0..<min(count, width - x) {
                cells[y].insert(Cell(), at: x)
                cells[y].removeLast()
            }
        case "P":
            for _ in 0..<min(count, width - x) {
                cells[y].remove(at: x)
                cells[y].append(Cell())
            }
        case "L", "M":
            let before = top
            top = y
            if sequence.final == "L" { scrollDown(count) } else { scrollUp(count) }
            top = before
        case "S": scrollUp(count)
        case "T": scrollDown(count)
        case "I": move(toX: (x / 8 + count) * 8, y: y)
        case "Z": move(toX: max(0, (x - 1) / 8) * 8, y: y)
        case "h", "l", "g", "t": break
        default: unknown.append("CSI \(sequence.raw)")
        }
    }

    private mutating func move(toX newX: Int, y newY: Int) {
        wrapIsPending = false
        x = min(max(newX, 0), width - 1)
        y = min(max(newY, 0), height - 1)
    }

    private mutating func setRegion(_ sequence: EscapeParser.Sequence) {
        top = min(sequence.parameter(0), height) - 1
        bottom = min(sequence.parameter(1, default: height), height) - 1
        move(toX: 0, y: 0)
    }

    private mutating func erase(_ columns: Range<Int>) {
        for column in columns {
            var cell = pen
            cell.text = " "
            cells[y][column] = cell
        }
    }

    private mutating func eraseLine(_ mode: Int) {
        switch mode {
        case 0: erase(x..<width)
        case 1: erase(0..<min(x + 1, width))
        default: erase(0..<width)
        }
    }

    private mutating func eraseScreen(_ mode: Int) {
        let row = y
        for line in 0..<height where mode == 2 || (mode == 0 ? line > row : line < row) {
            y = line
            erase(0..<width)
        }
        y = row
        if mode != 2 { eraseLine(mode) }
    }

    private mutating func answerAttributes() { if answersQueries { answers += Array("\u{1B}[?62;22c".utf8) } }

    /// Sequences with a private mark: modes, the keyboard's protocols.
    private mutating func performPrivate(_ sequence: EscapeParser.Sequence) {
        switch (sequence.mark, sequence.final) {
        case ("?", "h"), ("?", "l"): setModes(sequence)
        case ("?", "s"): savedModes = Set(sequence.parameters).intersection(modes)
        case ("?", "r"):
            modes.subtract(sequence.parameters)
            modes.formUnion(savedModes.intersection(sequence.parameters))
        // The Linux console's cursor shape.
        case ("?", "c"): break
        case ("?", "u"):
            if keyboard == .kitty { answers += Array("\u{1B}[?\(keyboardFlags.last ?? 0)u".utf8) }
        case (">", "u"): if keyboard == .kitty { keyboardFlags.append(sequence.parameter(0)) }
        case ("<", "u"): if keyboard == .kitty { _ = keyboardFlags.popLast() }
        case (">", "m") where sequence.parameter(0) == 4: otherKeys = sequence.parameter(1, default: 0)
        default: unknown.append("CSI \(sequence.raw)")
        }
    }

    private mutating func setModes(_ sequence: EscapeParser.Sequence) {
        for mode in sequence.parameters {
            if mode == 1049, sequence.final == "h", !modes.contains(1049) {
                mainScreen = cells
                clearScreen()
            } else if mode == 1049, sequence.final == "l", modes.contains(1049) {
                let kept = mainScreen
                clearScreen()
                for (row, line) in kept.prefix(height).enumerated() {
                    for (column, cell) in line.prefix(width).enumerated() { cells[row][column] = cell }
                }
            }
            if sequence.final == "h" { modes.insert(mode) } else { modes.remove(mode) }
        }
    }

    private mutating func style(_ sequence: EscapeParser.Sequence) {
        var rest = (sequence.parameters.isEmpty ? [0] : sequence.parameters)[...]
        while let parameter = rest.popFirst() {
            switch parameter {
            case 0: pen = Cell()
            case 1: pen.isBold = true
            case 7: pen.isReversed = true
            case 22: pen.isBold = false
            case 27: pen.isReversed = false
            case 30...37, 90...97: pen.foreground = String(parameter)
            case 40...47, 100...107: pen.background = String(parameter)
            case 39: pen.foreground = ""
            case 49: pen.background = ""
            case 38, 48:
                let count = rest.first == 2 ? 4 : 2
                let color = ([parameter] + rest.prefix(count)).map(String.init).joined(separator: ";")
                rest = rest.dropFirst(count)
                if parameter == 38 { pen.foreground = color } else { pen.background = color }
            default: break
            }
        }
    }
}
