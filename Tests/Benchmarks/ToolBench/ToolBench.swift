/// Figures of function calling from inside, for `make bench`.
@main
struct ToolBench {
    static func main() async {
        await SandboxMeasures.report()
    }
}
