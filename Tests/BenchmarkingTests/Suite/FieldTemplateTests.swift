import Benchmarking
import ProviderCore
import Testing

@Suite struct FieldTemplateTests {
    static let fields = """
        {"q": "What?", "n": 12.50, "yes": true, "none": null, "list": ["a", "b"], "want": {"total": 7, "deep": [{"x": " Y "}]},
         "messy": " a\\tB ", "items": [{"name": "x"}, {"name": "y"}], "long": "abcdef", "braces": "{{q}}"}
        """

    static func render(_ source: String, output: String? = nil) throws -> String {
        try FieldTemplate(source).rendered(with: JSONParser.parse(fields), output: output)
    }

    @Test(arguments: [
        ("a text", "no places", "no places"), ("a field", "{{q}} {{ q }}", "What? What?"),
        ("numbers as spelt", "{{n}}", "12.50"), ("true and null", "{{yes}} {{none}}", "true null"),
        ("a path", "{{want.total}}", "7"), ("a path through lists", "{{want.deep.0.x}}", " Y "),
        ("a list as JSON", "{{list}}", "[\"a\",\"b\"]"), ("json of a text", "{{q|json}}", "\"What?\""),
        ("upper and lower", "{{q|upper}} {{q | lower}}", "WHAT? what?"), ("trim", "[{{messy|trim}}]", "[a\tB]"),
        ("filters in order", "{{want.deep.0.x|trim|lower}}", "y"), ("lines", "{{list|lines}}", "a\nb"),
        ("lines of a text", "{{q|lines}}", "What?"),
        ("truncate", "{{long|truncate:3}} {{long|truncate: 9}}", "abc abcdef"),
        ("four braces", "{{{{q}}}} {{{{ any thing }}}}", "{{q}} {{ any thing }}"),
        ("other numbers of braces", "{ } {{{q}}} }} }", "{ } {{{q}}} }} }"),
        ("what is put in is not read again", "{{braces}}", "{{q}}"),
        ("each", "{{#each list}}{{@index}}:{{this}};{{/each}}", "0:a;1:b;"),
        ("each with paths and outer fields", "{{#each items}}{{this.name}}{{want.total}} {{/each}}", "x7 y7 "),
        ("each alone on its lines", "a\n{{#each list}}\n- {{this}}\n{{/each}}\nb", "a\n- a\n- b\nb"),
        ("each in each", "{{#each items}}{{#each list}}{{this}}{{/each}}|{{/each}}", "ab|ab|"),
    ]) func renders(name: String, source: String, expected: String) throws {
        #expect(FieldTemplate(source).problem == nil)
        #expect(try Self.render(source) == expected)
    }

    @Test(arguments: [
        ("unclosed", "a {{q", "\"{{q\" is not closed by \"}}\""),
        (
            "blanks in a name", "{{a b}}",
            "\"{{a b}}\" names no field; a name is made of letters, digits, _ and -, and {{{{ … }}}} writes braces"
        ),
        (
            "empty", "{{}}",
            "\"{{}}\" names no field; a name is made of letters, digits, _ and -, and {{{{ … }}}} writes braces"
        ),
        ("filter", "{{q|jsn}}", "\"jsn\" is no filter; did you mean \"json\"?"),
        ("truncate without a number", "{{q|truncate}}", "\"truncate\" needs how many characters stay: truncate:200"),
        (
            "other blocks", "{{#if q}}x{{/if}}",
            "\"{{#if q}}\" names no field; only {{#each items}} … {{/each}} is known"
        ),
        ("each without an end", "{{#each list}}", "{{#each list}} has no {{/each}}"),
        ("end without each", "{{/each}}", "{{/each}} closes nothing"),
    ]) func syntax(name: String, source: String, problem: String) {
        #expect(FieldTemplate(source).problem == problem)
    }

    @Test(arguments: [
        ("near", "{{qq}}", "the sample has no field \"qq\"; did you mean \"q\"?"),
        (
            "far", "{{zebra}}",
            "the sample has no field \"zebra\"; known: q, n, yes, none, list, want, messy, items, long, braces"
        ),
        ("within", "{{want.totl}}", "\"want\" has no field \"totl\"; did you mean \"total\"?"),
        ("beyond a list", "{{list.2}}", "\"list\" has no element 2: it is a list of 2"),
        ("through a text", "{{q.x}}", "\"q\" has nothing in it, so \"q.x\" is not there"),
        ("each of a text", "{{#each q}}{{/each}}", "\"q\" is no list to repeat for"),
        ("this outside", "{{this}}", "\"this\" has a meaning only within {{#each …}}"),
    ]) func missing(name: String, source: String, message: String) throws {
        #expect(throws: FieldTemplateError.self) { try Self.render(source) }
        do { _ = try Self.render(source) } catch let error as FieldTemplateError { #expect(error.message == message) }
    }

    @Test func theAnswerIsThereOnlyWhereOneIs() throws {
        #expect(try Self.render("{{output}}", output: "42") == "42")
        #expect(throws: FieldTemplateError.self) { try Self.render("{{output}}") }
        #expect(
            FieldTemplate("{{a.b}} {{output}} {{#each c}}{{this.x}}{{d}}{{/each}}").names == [
                "a.b", "output", "c", "d",
            ])
    }

    @Test func aListOfTheSampleIsAListOfTexts() throws {
        let fields = try JSONParser.parse(Self.fields)
        #expect(try FieldTemplate("{{list}}").renderedList(with: fields) == ["a", "b"])
        #expect(try FieldTemplate("{{list}}!").renderedList(with: fields) == ["[\"a\",\"b\"]!"])
        #expect(try FieldTemplate("{{q}}").renderedList(with: fields) == ["What?"])
    }
}
