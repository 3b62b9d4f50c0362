import ArgumentParser
import ProviderCore

/// Why a command ends without success: one line for stderr and the exit code of the contract.
struct Failure: Error {
    let message: String
    let code: Int32

    init(_ message: String, code: Int32) {
        self.message = message
        self.code = code
    }
}

/// Exit codes of the command line's contract.
enum Exit {
    static let gateFailed: Int32 = 2
    static let inconclusive: Int32 = 5
    static let usage: Int32 = 64
    static let inputFile: Int32 = 65
    static let unusableEndpoint: Int32 = 69
    static let bug: Int32 = 70
    static let storage: Int32 = 74
    static let settings: Int32 = 78
}

extension ProviderError {
    /// The exit code that the contract gives this kind.
    var exitCode: Int32 {
        switch kind {
        case .invalidRequest, .notFound, .contextTooLong, .contentFiltered: 1
        case .connection, .timeout, .server, .overloaded, .circuitOpen: Exit.unusableEndpoint
        case .rateLimited, .quotaExceeded, .budgetExceeded: 75
        case .invalidResponse: 76
        case .authentication, .permission: 77
        case .cancelled: isStorageFailure ? Exit.storage : 130
        }
    }
}
