import FunctionTools
import ProviderCore

/// The functions that requests of the demo offer, so that the recorded tool calls have a definition and something to run.
enum DemoTools {
    static let all = [
        Tool(weather, run: .command(CommandTemplate(["printf", "21 °C, light rain in %s", "{city}"]))),
        Tool(numbers("add", "Adds two whole numbers."), run: .command(CommandTemplate(["expr", "{a}", "+", "{b}"]))),
        Tool(
            numbers("multiply", "Multiplies two whole numbers."),
            run: .command(CommandTemplate(["expr", "{a}", "*", "{b}"]))),
    ].map { tool in
        var tool = tool
        (tool.origin, tool.place) = (.builtIn, "the demo")
        return tool
    }

    private static let weather = ToolDefinition(
        name: "get_weather", description: "The weather in a city, now and on the next days.",
        parameters: object(
            [
                JSONMember("city", string("Name of the city")),
                JSONMember(
                    "unit",
                    .object([
                        JSONMember("type", .string("string")),
                        JSONMember("enum", .array([.string("celsius"), .string("fahrenheit")])),
                    ])),
                JSONMember(
                    "days",
                    .object([
                        JSONMember("type", .string("integer")), JSONMember("minimum", .int(1)),
                        JSONMember("maximum", .int(7)),
                    ])),
            ], required: ["city"]))

    private static func numbers(_ name: String, _ description: String) -> ToolDefinition {
        let integer = JSONValue.object([JSONMember("type", .string("integer"))])
        return ToolDefinition(
            name: name, description: description,
            parameters: object([JSONMember("a", integer), JSONMember("b", integer)], required: ["a", "b"]))
    }

    private static func object(_ properties: [JSONMember], required: [String]) -> JSONValue {
        .object([
            JSONMember("type", .string("object")), JSONMember("properties", .object(properties)),
            JSONMember("required", .array(required.map(JSONValue.string))),
            JSONMember("additionalProperties", .bool(false)),
        ])
    }

    private static func string(_ description: String) -> JSONValue {
        .object([JSONMember("type", .string("string")), JSONMember("description", .string(description))])
    }
}
