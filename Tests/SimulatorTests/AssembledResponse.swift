import Foundation
import Testing

/// What a client makes of the events of a streamed response, and whether they come in the order of the protocol.
struct AssembledResponse {
    var types: [String] = []
    var text = ""
    var refusal = ""
    var reasoning = ""
    var calls: [(id: String, callID: String, name: String, arguments: String)] = []
    var logprobs: [[String: Any]] = []
    /// The response object of the last event.
    var final: [String: Any]?
    /// The first and the last number.
    var numbers: (first: Int, last: Int)?

    /// An item that was added and is not done.
    private struct Open {
        var item: [String: Any]
        var part = ""
        var hasPart: Bool

        var isCall: Bool { item["type"] as? String == "function_call" }
    }

    /// What is open, by position; only calls may be open side by side.
    private var open: [Int: Open] = [:]
    /// What is done; nil while it is open.
    private var items: [NSDictionary?] = []

    /// - Parameter isWhole: the stream begins with the first event.
    init(_ response: RawClient.Response, isWhole: Bool = true) throws {
        for (name, data) in response.namedEvents {
            let event = try json(data)
            #expect(event["type"] as? String == name)
            let number = try #require(event["sequence_number"] as? Int)
            if let numbers { #expect(number == numbers.last + 1) } else if isWhole { #expect(number == 0) }
            numbers = (numbers?.first ?? number, number)
            #expect(final == nil, "\(name) after the last event")
            types.append(name)
            if isWhole { try check(name, event) }
            try collect(name, event)
        }
        if isWhole, let final {
            #expect(
                final["output"] as? [NSDictionary?] == items, "the last event must have the items as they were sent")
        }
    }

    /// The status of the response at its end.
    var status: String? { final?["status"] as? String }
    var usage: [String: Any]? { final?["usage"] as? [String: Any] }

    /// Checks that what an event is about is open, and that what it repeats is what was sent.
    private mutating func check(_ name: String, _ event: [String: Any]) throws {
        let kind = name.split(separator: ".").dropFirst().joined(separator: ".")
        switch kind {
        case "output_item.added": return try add(event)
        case "completed", "incomplete", "failed": return #expect(open.isEmpty)
        default: break
        }
        guard let position = event["output_index"] as? Int else { return }
        var current = try #require(open[position], "\(name) of an item not open")
        if let id = event["item_id"] as? String { #expect(id == current.item["id"] as? String, "\(name)") }
        switch kind {
        case "content_part.added", "reasoning_summary_part.added":
            #expect(!current.hasPart)
            (current.part, current.hasPart) = ("", true)
        case _ where kind.hasSuffix(".delta"):
            #expect(current.hasPart)
            current.part += try #require(event["delta"] as? String)
        case "output_text.done", "reasoning_summary_text.done": #expect(event["text"] as? String == current.part)
        case "refusal.done": #expect(event["refusal"] as? String == current.part)
        case "function_call_arguments.done":
            #expect(event["arguments"] as? String == current.part)
            current.hasPart = false
        case "content_part.done", "reasoning_summary_part.done":
            let whole = try #require(event["part"] as? [String: Any])
            #expect((whole["text"] ?? whole["refusal"]) as? String == current.part)
            current.hasPart = false
        case "output_item.done":
            let item = try #require(event["item"] as? NSDictionary)
            #expect(!current.hasPart && item["id"] as? String == current.item["id"] as? String)
            items[position] = item
            open[position] = nil
            return
        default: break
        }
        open[position] = current
    }

    private mutating func add(_ event: [String: Any]) throws {
        let item = try #require(event["item"] as? [String: Any])
        let new = Open(item: item, hasPart: item["type"] as? String == "function_call")
        #expect(event["output_index"] as? Int == items.count)
        #expect(open.isEmpty || (new.isCall && open.values.allSatisfy(\.isCall)))
        open[items.count] = new
        items.append(nil)
    }

    private mutating func collect(_ name: String, _ event: [String: Any]) throws {
        let delta = event["delta"] as? String ?? ""
        switch name {
        case "response.output_text.delta":
            text += delta
            logprobs += try #require(event["logprobs"] as? [[String: Any]])
        case "response.refusal.delta": refusal += delta
        case "response.reasoning_summary_text.delta": reasoning += delta
        case "response.output_item.done":
            guard let item = event["item"] as? [String: Any], item["type"] as? String == "function_call" else { return }
            calls.append(
                try (
                    #require(item["id"] as? String), #require(item["call_id"] as? String),
                    item["name"] as? String ?? "", #require(item["arguments"] as? String)
                ))
        case "response.completed", "response.incomplete", "response.failed":
            final = try #require(event["response"] as? [String: Any])
        default: break
        }
    }
}

/// The text of the messages of a response object.
func outputText(of response: [String: Any]) -> String {
    (response["output"] as? [[String: Any]] ?? []).flatMap { $0["content"] as? [[String: Any]] ?? [] }
        .compactMap { $0["text"] as? String }.joined()
}
