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

    /// What a program may use; nil when none is started.
    public var limits: CommandLimits? {
        switch self {
        case .command(let template): template.limits
        case .shell(_, let limits): limits
        case .person, .reply, .http: nil
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
