import TerminalKit
import Testing

@Suite struct ThemeColorTests {
    private let theme = Theme(
        name: "t",
        styles: [
            .meterLow: ThemeStyle(foreground: .rgb(0, 255, 0)), .meterMid: ThemeStyle(foreground: .rgb(255, 255, 0)),
            .meterHigh: ThemeStyle(foreground: .rgb(255, 0, 0), modifiers: .bold),
        ],
        styles16: [.meterLow: ThemeStyle(foreground: .ansi(2)), .meterHigh: ThemeStyle(foreground: .ansi(1))],
        gradients: ["meter": [.rgb(0, 255, 0), .rgb(255, 255, 0), .rgb(255, 0, 0)]])

    @Test(
        arguments: [
            (0, .rgb(0, 255, 0)), (0.5, .rgb(255, 255, 0)), (1, .rgb(255, 0, 0)), (-3, .rgb(0, 255, 0)),
            (7, .rgb(255, 0, 0)), (.nan, .rgb(0, 255, 0)), (.infinity, .rgb(255, 0, 0)),
        ] as [(Double, Color)])
    func stopsOfAGradient(share: Double, expected: Color) {
        #expect(theme.color(ofMeter: share, colors: 1 << 24) == expected)
        #expect(theme.color(ofMeter: share, colors: 256) == expected)
    }

    @Test func everyStepDiffers() {
        let colors = (0...100).map { theme.color(ofMeter: Double($0) / 100, colors: 1 << 24) }
        #expect(Set(colors).count == 101)
    }

    @Test(
        arguments: [(0.1, 16, .ansi(2)), (0.95, 16, .ansi(1)), (0.95, 8, .ansi(1)), (0.5, 0, .default)]
            as [(Double, Int, Color)])
    func fewColoursHaveRoles(share: Double, colors: Int, expected: Color) {
        #expect(theme.color(ofMeter: share, colors: colors) == expected)
    }

    @Test func namedStopsAreTheTerminals() {
        var named = theme
        named.gradients["meter"] = [.ansi(2), .ansi(3), .ansi(1)]
        #expect(named.color(ofMeter: 0.3, colors: 256) == .rgb(0, 255, 0))
        named.gradients = [:]
        #expect(named.color(ofMeter: 0.95, colors: 256) == .rgb(255, 0, 0))
    }

    @Test func aCellOfAMeter() {
        #expect(Style.meter(0.5).role == .meterLow)
        #expect(Style.meter(0.7).role == .meterMid)
        #expect(Style.meter(0.9, .bold) != Style(.meterHigh, .bold))
        #expect(Style.meter(.nan) == Style.meter(0) && Style.meter(9) == Style.meter(1))
        #expect(Style.meter(0.333).share == 0.33 && Style(.text).share == nil)
        #expect(
            theme.style(Style.meter(1, .underline), colors: 256)
                == ThemeStyle(
                    foreground: .rgb(255, 0, 0), modifiers: [.bold, .underline]))
        #expect(theme.style(Style.meter(1), colors: 0) == ThemeStyle(modifiers: .bold))
        var chosen = Style.meter(0.5)
        chosen.role = .selection
        #expect(chosen == Style(.selection))
        #expect(MemoryLayout<Style>.size <= 4)
    }

    @Test(
        arguments: [
            ((255, 0, 0), (0, 0, 255), 0.5, (140, 83, 162)), ((0, 0, 0), (255, 255, 255), 0.5, (99, 99, 99)),
            ((12, 200, 77), (255, 1, 2), 0, (12, 200, 77)), ((12, 200, 77), (255, 1, 2), 1, (255, 1, 2)),
        ] as [((UInt8, UInt8, UInt8), (UInt8, UInt8, UInt8), Double, (UInt8, UInt8, UInt8))])
    func mixing(
        one: (UInt8, UInt8, UInt8), other: (UInt8, UInt8, UInt8), share: Double, expected: (UInt8, UInt8, UInt8)
    ) {
        let mixed = ColorMapping.mixed((one.0, one.1, one.2), (other.0, other.1, other.2), share: share)
        #expect((mixed.red, mixed.green, mixed.blue) == expected)
    }

    @Test(
        arguments: [
            (.auto, ["TERM": "xterm-256color"], true, 256), (.auto, ["TERM": "xterm-256color"], false, nil),
            (.auto, ["TERM": "xterm-256color", "COLORTERM": "truecolor"], true, 1 << 24),
            (.auto, ["TERM": "xterm-256color", "NO_COLOR": "1"], true, 0),
            (.auto, ["TERM": "xterm-256color", "NO_COLOR": ""], true, 256), (.auto, ["TERM": "dumb"], true, nil),
            (.auto, [:], true, nil), (.auto, ["TERM": "vt100"], true, 0), (.auto, ["TERM": "linux"], true, 16),
            (.always, ["TERM": "xterm-256color", "NO_COLOR": "1"], false, 256), (.always, [:], false, 16),
            (.never, ["TERM": "xterm-256color"], true, 0), (.never, ["TERM": "xterm-256color"], false, nil),
            (.trueColor, ["NO_COLOR": "1"], false, 1 << 24), (.indexed, [:], true, 256), (.sixteen, [:], true, 16),
        ] as [(ColorChoice, [String: String], Bool, Int?)])
    func depthOfAStream(choice: ColorChoice, environment: [String: String], isTerminal: Bool, expected: Int?) {
        #expect(choice.colors(environment: environment, isTerminal: isTerminal) == expected)
    }

    @Test(
        arguments: [
            (.auto, 256, false, 256), (.auto, 256, true, 0), (.always, 256, true, 256), (.never, 256, false, 0),
            (.sixteen, 256, true, 16), (.sixteen, 8, false, 8), (.indexed, 1 << 24, false, 256),
            (.trueColor, 256, true, 256),
        ] as [(ColorChoice, Int, Bool, Int)])
    func depthOfTheScreen(choice: ColorChoice, available: Int, isColorless: Bool, expected: Int) {
        #expect(choice.colors(available: available, isColorless: isColorless) == expected)
    }

    @Test(
        arguments: [
            (ThemeStyle(), 256, ""), (ThemeStyle(modifiers: [.bold, .reverse]), 0, "\u{1B}[1;7m"),
            (ThemeStyle(foreground: .ansi(9), background: .ansi(4)), 16, "\u{1B}[91;44m"),
            (ThemeStyle(foreground: .rgb(255, 0, 0)), 1 << 24, "\u{1B}[38;2;255;0;0m"),
            (ThemeStyle(foreground: .rgb(255, 0, 0)), 256, "\u{1B}[38;5;196m"),
            (ThemeStyle(foreground: .rgb(255, 0, 0)), 16, "\u{1B}[91m"),
            (ThemeStyle(foreground: .rgb(255, 0, 0)), 0, ""),
            (ThemeStyle(background: .indexed(231), modifiers: .strike), 256, "\u{1B}[9;48;5;231m"),
            (ThemeStyle(background: .indexed(231)), 16, "\u{1B}[107m"),
        ] as [(ThemeStyle, Int, String)])
    func sequences(style: ThemeStyle, colors: Int, expected: String) {
        #expect(SGR.begin(style, colors: colors) == expected)
    }
}
