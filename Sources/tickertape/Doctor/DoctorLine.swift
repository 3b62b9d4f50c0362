import AppSettings
import ProviderCore
import TerminalKit

/// One thing that `doctor` looked at.
struct DoctorLine: Sendable, Hashable {
    typealias Outcome = EndpointCheck.Outcome

    /// What it belongs to: terminal, settings, files, endpoint, tools.
    let area: String
    /// What was looked at.
    let subject: String
    let outcome: Outcome
    /// What was found.
    let detail: String
    /// What to do; nil = nothing.
    var advice: String?
    /// The exit code that a failure of it gives.
    var code: Int32 = Exit.settings

    init(
        _ area: String, _ subject: String, _ outcome: Outcome, _ detail: String, advice: String? = nil,
        code: Int32 = Exit.settings
    ) {
        self.area = area
        self.subject = subject
        self.outcome = outcome
        self.detail = detail
        self.advice = advice
        self.code = code
    }

    /// As a line for a person, what to do on a line of its own.
    var text: [String] {
        let mark =
            switch outcome {
            case .ok: "ok      "
            case .warning: "warning "
            case .failed: "FAILED  "
            case .skipped: "skipped "
            }
        let line = mark + area + ": " + subject + ": " + detail
        return [line] + (advice.map { ["        -> " + $0] } ?? [])
    }

    var json: JSONValue {
        .object([
            JSONMember("area", .string(area)), JSONMember("check", .string(subject)),
            JSONMember("outcome", .string(outcome.rawValue)), JSONMember("detail", .string(detail)),
            JSONMember("advice", advice.map(JSONValue.string) ?? .null),
        ])
    }

    /// The same without what a report that is pasted somewhere should not tell: the home folder stands as `~`.
    func redacted(home: String?) -> DoctorLine {
        func clean(_ text: String) -> String {
            let gated = TextGate.gate(text, allowNewlines: false).text
            guard let home, home.count > 1 else { return gated }
            return gated.replacing(home + "/", with: "~/").replacing(home, with: "~")
        }
        return DoctorLine(
            area, clean(subject), outcome, clean(detail), advice: advice.map(clean), code: code)
    }
}

extension EndpointCheck.Report {
    /// As a line of `doctor`.
    var line: DoctorLine {
        let code: Int32
        switch kind {
        case .authentication, .permission: code = 77
        case let kind?: code = ProviderError(kind: kind, message: "").exitCode == 76 ? 76 : Exit.unusableEndpoint
        case nil: code = Exit.unusableEndpoint
        }
        return DoctorLine("endpoint", step.rawValue, outcome, detail, advice: advice, code: code)
    }
}
