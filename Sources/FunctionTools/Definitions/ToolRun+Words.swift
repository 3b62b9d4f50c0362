extension ToolRun {
    /// It in a few words for a list.
    public var words: String {
        switch self {
        case .person: "a person answers"
        case .reply: "fixed reply"
        case .command(let template): "runs \(template.arguments.first ?? "")"
        case .shell: "runs in a shell"
        case .http(let url, _): "asks \(url)"
        }
    }

    /// Whether a program is started for a call.
    public var startsProgram: Bool {
        switch self {
        case .command, .shell: true
        case .person, .reply, .http: false
        }
    }
}
