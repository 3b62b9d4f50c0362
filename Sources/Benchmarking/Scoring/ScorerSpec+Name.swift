extension ScorerSpec {
    /// Its word in a suite.
    public var name: String {
        switch self {
        case .exact: "exact"
        case .contains: "contains"
        case .regex: "regex"
        case .number: "number"
        case .oneOf: "one_of"
        case .jsonValid: "json_valid"
        case .jsonPath: "json_path"
        case .calls: "calls"
        case .unitTests: "unit_tests"
        case .judge: "judge"
        case .command: "command"
        case .all: "all"
        case .any: "any"
        case .not: "not"
        }
    }
}
