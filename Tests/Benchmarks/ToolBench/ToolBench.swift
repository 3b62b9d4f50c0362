/// Figures of function calling from inside, for `make bench`. Arguments first: their memory is measured while the process is small.
@main
struct ToolBench {
    static func main() async throws {
        try ArgumentMeasures.run()
        try SchemaMeasures.run()
        await SandboxMeasures.report()
    }
}
