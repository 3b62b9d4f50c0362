import FunctionTools
import ProviderCore
import Testing

@testable import tickertape

/// What the folders of tools offer, and how much is said of what they do not.
@Suite struct ToolLibraryTests {
    private func tool(_ name: String, _ origin: Tool.Origin) -> Tool {
        Tool(ToolDefinition(name: name), origin: origin)
    }

    @Test func onlyTheUsersToolsDisplaceWhatIsBuiltIn() {
        let builtIn = [tool("a", .builtIn), tool("b", .builtIn), tool("c", .builtIn)]
        let found = [tool("a", .user), tool("b", .project), tool("d", .project)]
        let merged = ToolLibrary.merged(found, builtIn: builtIn)
        #expect(merged.map(\.name) == ["a", "d", "b", "c"])
        #expect(merged.map(\.origin) == [.user, .project, .builtIn, .builtIn])
        #expect(ToolLibrary.merged(found, builtIn: []) == found)
    }

    @Test(arguments: [
        ([], false, nil), (["f:1:2: x"], false, "f:1:2: x"), (["f:1:2: x"], true, "f:1:2: x; nothing of it is offered"),
        (
            ["f:1:2: x", "f:2:2: y", "f:3:3: z"], true,
            "f:1:2: x; nothing of it is offered; and 2 more: tickertape ask --tools f lists them"
        ),
    ]) func aFileHasOneLine(told: [String], isUseless: Bool, line: String?) {
        #expect(ToolLibrary.summary(told, "f", isUseless: isUseless) == line)
    }

    @Test func manyFilesHaveTenLines() {
        let many = (0..<30).map { "f\($0)" }
        #expect(ToolLibrary.shortened(many).count == 10)
        #expect(ToolLibrary.shortened(many).last == "21 more files of tools have faults")
        #expect(ToolLibrary.shortened(Array(many.prefix(10))) == Array(many.prefix(10)))
    }
}
