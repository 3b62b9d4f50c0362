/// Figures of function calling from inside, for `make bench`.
@main
struct ToolBench {
    static func main() throws {
        // Arguments first: what they hold is measured while the process is small.
        try ArgumentMeasures.run()
        try SchemaMeasures.run()
    }
}
