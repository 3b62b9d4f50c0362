import ProviderCore
import TerminalKit

/// A row of the ledger as scripts get it: names and values, the same in JSON and CSV.
struct UsageRecord {
    let members: [JSONMember]

    init(_ row: UsageRow, _ grouping: UsageQuery.Grouping) {
        func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
        func count(_ value: Int?) -> JSONValue { value.map(JSONValue.int) ?? .null }
        var members: [JSONMember] = []
        if let detail = row.detail {
            members = [
                JSONMember("id", .int(Int(detail.id))), JSONMember("time", .string(row.key)),
                JSONMember("state", .string(detail.state.rawValue)), JSONMember("purpose", .string(detail.purpose)),
                JSONMember("model", .string(detail.model)), JSONMember("answered_by", text(detail.answeredBy)),
                JSONMember("endpoint", .string(detail.endpoint)), JSONMember("conversation", text(detail.conversation)),
                JSONMember("run", text(detail.run)), JSONMember("attempt", .int(detail.attempt)),
                JSONMember("service_tier", text(detail.tier)), JSONMember("request_id", text(detail.requestID)),
                JSONMember("error", text(detail.error)), JSONMember("price_source", text(detail.priceSource)),
                JSONMember("duration_ms", count(detail.milliseconds)),
            ]
        } else if grouping != .total {
            members = [JSONMember(grouping.rawValue, .string(row.key))]
        }
        members.append(JSONMember("demo", .bool(row.isDemo)))
        if row.detail == nil {
            members.append(JSONMember("requests", .int(row.requests)))
            for state in [LedgerState.settled, .estimated, .refused, .unknown] {
                members.append(JSONMember(state.rawValue, .int(row.states[state] ?? 0)))
            }
            members.append(JSONMember("running", .int((row.states[.intent] ?? 0) + (row.states[.open] ?? 0))))
            members.append(JSONMember("unpriced", .int(row.unpriced)))
        }
        let usage = row.usage
        members += [
            JSONMember("input_tokens", count(usage.inputTokens)),
            JSONMember("cached_input_tokens", count(usage.cachedInputTokens)),
            JSONMember("cache_write_tokens", count(usage.cacheWriteTokens)),
            JSONMember("output_tokens", count(usage.outputTokens)),
            JSONMember("reasoning_tokens", count(usage.reasoningTokens)),
        ]
        let cost = row.cost
        members.append(
            JSONMember(
                "cost",
                .object([
                    JSONMember("usd", text(cost.amount?.exact)), JSONMember("state", .string(cost.state.rawValue)),
                    JSONMember("max_usd", .string((row.spent + row.held).exact)),
                ])))
        self.members = members
    }

    /// The row as an object.
    var json: JSONValue { .object(members) }

    /// All rows after RFC 4180, a heading first; members of `cost` stand as `cost_usd`…
    static func csv(_ rows: [UsageRow], _ grouping: UsageQuery.Grouping) -> [String] {
        let records = rows.map { UsageRecord($0, grouping).flat }
        var empty = UsageRow(key: "", isDemo: false)
        if grouping == .request {
            empty.detail = UsageDetail(id: 0, state: .intent, purpose: "", model: "", endpoint: "", attempt: 1)
        }
        let heading = UsageRecord(empty, grouping).flat.map(\.key)
        return [heading.joined(separator: ",")] + records.map { $0.map { field($0.value) }.joined(separator: ",") }
    }

    private var flat: [JSONMember] {
        members.flatMap { member in
            guard case .object(let inner) = member.value else { return [member] }
            return inner.map { JSONMember(member.key + "_" + $0.key, $0.value) }
        }
    }

    private static func field(_ value: JSONValue) -> String {
        switch value {
        case .null: return ""
        case .string(let text):
            // A spreadsheet takes a text that begins so for a formula.
            let isFormula = text.first.map { "=+-@\t".contains($0) } ?? false
            let safe = isFormula ? "'" + text : text
            let needsQuotes = safe.contains { ",\"\n\r".contains($0) }
            return needsQuotes ? "\"" + safe.replacing("\"", with: "\"\"") + "\"" : safe
        default: return JSONWriter.string(value)
        }
    }
}

/// Rows of the ledger as a table for people, with a line for all.
enum UsageTable {
    static func lines(_ rows: [UsageRow], _ grouping: UsageQuery.Grouping) -> [String] {
        if grouping == .request { return single(rows) }
        var cells = [
            [grouping == .total ? "" : grouping.rawValue.uppercased(), "REQUESTS", "IN", "CACHED", "OUT", "COST"]
        ]
        cells += rows.map { row in
            let name = grouping == .total ? "total" : gate(row.key)
            return [name + (row.isDemo ? " (demo)" : "")] + figures(row)
        }
        if rows.count > 1, grouping != .total {
            for isDemo in [false, true] {
                let part = rows.filter { $0.isDemo == isDemo }
                guard part.count > 1 || (part.count == 1 && rows.count > 1 && !isDemo) else { continue }
                cells.append([isDemo ? "demo in all" : "in all"] + figures(sum(part, isDemo)))
            }
        }
        return Table.lines(cells) { _, column, _ in column > 0 }
    }

    private static func single(_ rows: [UsageRow]) -> [String] {
        var cells = [["TIME", "FOR", "MODEL", "ENDPOINT", "STATE", "IN", "OUT", "COST"]]
        cells += rows.map { row in
            let detail = row.detail
            let error = detail?.error.map { " (\($0))" } ?? ""
            return [
                row.key, detail?.purpose ?? "", gate(detail?.answeredBy ?? detail?.model ?? ""),
                gate(detail?.endpoint ?? ""), (detail?.state.rawValue ?? "") + error, count(row.usage.inputTokens),
                count(row.usage.outputTokens), row.display,
            ]
        }
        return Table.lines(cells) { _, column, _ in column > 4 }
    }

    private static func figures(_ row: UsageRow) -> [String] {
        [
            String(row.requests), count(row.usage.inputTokens), count(row.usage.cachedInputTokens),
            count(row.usage.outputTokens), row.display,
        ]
    }

    private static func sum(_ rows: [UsageRow], _ isDemo: Bool) -> UsageRow {
        rows.reduce(into: UsageRow(key: "", isDemo: isDemo)) { $0.add($1) }
    }

    private static func count(_ value: Int?) -> String { value.map(String.init) ?? "–" }

    private static func gate(_ text: String) -> String { TextGate.gate(text, allowNewlines: false).text }
}
