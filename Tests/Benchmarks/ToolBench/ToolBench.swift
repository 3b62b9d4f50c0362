/// Figures of function calling from inside, for `make bench`.
@main
struct ToolBench {
    static func main() throws {
        try SchemaMeasures.run()
        try ArgumentMeasures.run()
    }
}
