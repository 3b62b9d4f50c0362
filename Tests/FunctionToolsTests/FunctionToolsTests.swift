import Testing

@testable import FunctionTools
