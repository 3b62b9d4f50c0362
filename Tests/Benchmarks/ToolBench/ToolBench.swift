/// Figures of function calling from inside, for `make bench`.
@main
struct ToolBench {
    static func main() async throws {
        try ArgumentMeasures.run()
        try SchemaMeasures.run()
        await SandboxMeasures.report()
    }
}
