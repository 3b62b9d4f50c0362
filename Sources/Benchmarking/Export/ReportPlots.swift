import ProviderCore
import Statistics

/// Plots of a report as SVG inside of a page. Nil where there is nothing to draw.
struct ReportPlots {
    private let cells: [CellReport]
    private static let width = 900.0
    private static let label = 280.0
    private static let row = 24.0
    private static let right = 20.0

    init(_ cells: [CellReport]) { self.cells = cells }

    private static func name(_ cell: CellReport) -> String {
        let name = "\(cell.task) \(cell.subject)"
        return ExportText.markup(name.count > 42 ? name.prefix(41) + "…" : name)
    }

    private static func number(_ value: Double) -> String { ExportText.fixed(value, 1) }

    // MARK: Rows

    /// Accuracy with intervals.
    var accuracy: String? {
        let rows = cells.compactMap { cell -> (CellReport, Double)? in
            cell.accuracy?.accuracy.map { (cell, $0) }
        }
        return Self.rows(rows.map(\.0), Axis(0, 1, "accuracy")) { place, y, axis in
            let (cell, value) = rows[place]
            let x = axis.x(value)
            var text = ""
            if let interval = cell.interval {
                text += Self.line(axis.x(interval.lower), y, axis.x(interval.upper), y)
            }
            let interval = cell.interval.map { ", \(ReportWords.interval($0))" } ?? ""
            let title = "\(Self.name(cell)): \(ExportText.figure(value))\(interval)"
            return text
                + "<circle class=\"dot\" cx=\"\(Self.number(x))\" cy=\"\(Self.number(y))\" r=\"5\"><title>\(title)</title></circle>"
        }
    }

    /// The distribution of the time to first token.
    var firstToken: String? {
        let rows = cells.compactMap { cell -> (CellReport, SortedSample)? in
            let values = cell.speed.timeToFirstToken?.values.filter(\.isFinite) ?? []
            return values.isEmpty ? nil : (try? SortedSample(values)).map { (cell, $0) }
        }
        let most = rows.compactMap { $0.1.quantile(Self.tails($0.1).upper) }.max() ?? 0
        guard most > 0 else { return nil }
        return Self.rows(rows.map(\.0), Axis(0, Self.round(most), "seconds")) { place, y, axis in
            let (cell, sample) = rows[place]
            func x(_ probability: Double) -> Double { axis.x(sample.quantile(probability) ?? 0) }
            let (low, high, middle) = (x(0.25), x(0.75), x(0.5))
            let title =
                "\(Self.name(cell)): median \(ExportText.figure(sample.quantile(0.5))) s of \(sample.values.count)"
            let tails = Self.tails(sample)
            return Self.line(x(tails.lower), y, x(tails.upper), y)
                + "<rect class=\"box\" x=\"\(Self.number(low))\" y=\"\(Self.number(y - 7))\" "
                + "width=\"\(Self.number(max(1, high - low)))\" height=\"14\"><title>\(title)</title></rect>"
                + Self.line(middle, y - 7, middle, y + 7)
        }
    }

    /// Which percentiles a line ends at: the outermost answers where there are too few for p5 and p95.
    private static func tails(_ sample: SortedSample) -> (lower: Double, upper: Double) {
        if case .supported = sample.estimate(0.95) { return (0.05, 0.95) }
        return (0, 1)
    }

    /// The next number above whose quarters are short.
    private static func round(_ value: Double) -> Double {
        var unit = 0.001
        while unit * 10 < value { unit *= 10 }
        return [1, 2, 4, 6, 8, 10].map { $0 * unit }.first { $0 >= value } ?? value
    }

    /// A horizontal axis from one value to another.
    private struct Axis {
        let low: Double
        let high: Double
        let name: String

        init(_ low: Double, _ high: Double, _ name: String) { (self.low, self.high, self.name) = (low, high, name) }

        func x(_ value: Double) -> Double {
            let share = min(1, max(0, (value - low) / (high - low)))
            return ReportPlots.label + share * (ReportPlots.width - ReportPlots.label - ReportPlots.right)
        }

        var ticks: [Double] { (0...4).map { low + (high - low) * Double($0) / 4 } }
    }

    private static func rows(
        _ cells: [CellReport], _ axis: Axis, _ draw: (_ place: Int, _ y: Double, _ axis: Axis) -> String
    ) -> String? {
        guard !cells.isEmpty else { return nil }
        let bottom = Double(cells.count) * row + 8
        var text = svg(height: bottom + 36, axis.name)
        for tick in axis.ticks {
            let x = axis.x(tick)
            text += "<line class=\"axis\" x1=\"\(number(x))\" y1=\"4\" x2=\"\(number(x))\" y2=\"\(number(bottom))\"/>"
            text += "<text class=\"soft\" x=\"\(number(x))\" y=\"\(number(bottom + 16))\" text-anchor=\"middle\">"
            text += "\(ExportText.fixed(tick, axis.high < 0.1 ? 4 : axis.high < 1 ? 3 : 2))</text>\n"
        }
        for (place, cell) in cells.enumerated() {
            let y = (Double(place) + 0.5) * row + 4
            text += "<text x=\"\(number(label - 12))\" y=\"\(number(y + 4))\" text-anchor=\"end\">\(name(cell))</text>"
            text += draw(place, y, axis) + "\n"
        }
        return text + "</svg>"
    }

    private static func svg(height: Double, _ name: String) -> String {
        "<svg viewBox=\"0 0 \(number(width)) \(number(height))\" width=\"\(number(width))\" height=\"\(number(height))\" "
            + "role=\"img\" aria-label=\"\(ExportText.markup(name))\">\n"
    }

    private static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> String {
        "<line class=\"mark\" x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\"/>"
    }

    // MARK: Cost

    /// Cost of a hundred trials against accuracy.
    var cost: String? {
        let points = cells.compactMap { cell -> (cell: CellReport, cost: Double, accuracy: Double)? in
            guard let money = cell.costPerHundred, money > .zero, let accuracy = cell.accuracy?.accuracy else {
                return nil
            }
            return (cell, Double(money.picodollars) / 1e12, accuracy)
        }
        guard let most = points.map(\.cost).max() else { return nil }
        let (left, bottom, high) = (60.0, 320.0, 300.0)
        let wide = Self.width - left - 240
        var text = Self.svg(height: bottom + 44, "cost and accuracy")
        for step in 0...4 {
            let share = Double(step) / 4
            let (x, y) = (left + share * wide, bottom - share * high)
            text +=
                "<line class=\"axis\" x1=\"\(left)\" y1=\"\(Self.number(y))\" x2=\"\(left + wide)\" y2=\"\(Self.number(y))\"/>"
            text +=
                "<text class=\"soft\" x=\"\(left - 8)\" y=\"\(Self.number(y + 4))\" text-anchor=\"end\">\(ExportText.fixed(share, 2))</text>"
            text += "<text class=\"soft\" x=\"\(Self.number(x))\" y=\"\(bottom + 18)\" text-anchor=\"middle\">"
            text += "\(ExportText.fixed(share * most, 4))</text>\n"
        }
        text +=
            "<text class=\"soft\" x=\"\(left + wide)\" y=\"\(bottom + 36)\" text-anchor=\"end\">dollars for a hundred trials</text>\n"
        for point in points {
            let (x, y) = (left + point.cost / most * wide, bottom - point.accuracy * high)
            let title =
                "\(Self.name(point.cell)): \(ExportText.figure(point.accuracy)), $\(ExportText.fixed(point.cost, 6))"
            text +=
                "<circle class=\"dot\" cx=\"\(Self.number(x))\" cy=\"\(Self.number(y))\" r=\"5\"><title>\(title)</title></circle>"
            text += "<text x=\"\(Self.number(x + 9))\" y=\"\(Self.number(y + 4))\">\(Self.name(point.cell))</text>\n"
        }
        return text + "</svg>"
    }
}
