/// Languages of web pages.
extension CodeLanguage {
    private static let scriptWords =
        "async await break case catch class const continue debugger default delete do else export extends finally for "
        + "from function get if import in instanceof let new of return set static super switch throw try typeof var void "
        + "while with yield"

    private static func script(_ names: String, _ moreKeywords: String, _ types: String) -> CodeLanguage {
        CodeLanguage(
            names, keywords: scriptWords + moreKeywords, types: types,
            constants: "true false null undefined NaN Infinity this", definers: "function",
            [.calls, .atAttributes, .capitalTypes, .capitalConstants, .patterns]
        ) {
            $0.comments = CommentForm.c
            $0.strings = StringForm.quotes + [StringForm("`", spansLines: true)]
            $0.interpolation = Interpolation("${", closing: "}")
            $0.wordBytes = ByteSet("$")
        }
    }

    static let webFamily: [CodeLanguage] = [
        script("javascript js jsx mjs cjs node", "", ""),
        script(
            "typescript ts tsx mts cts",
            " abstract as asserts declare enum implements infer interface is keyof module namespace override private "
                + "protected public readonly satisfies type unique",
            "any bigint boolean never number object string symbol unknown"),
        CodeLanguage(
            "css scss sass less", constants: "important inherit initial unset none auto", [.calls, .atAttributes]
        ) {
            $0.comments = [.block("/*", "*/"), .line("//", .afterBlank)]
            $0.strings = StringForm.quotes
            $0.keys = .css
            $0.wordBytes = ByteSet("-")
        },
        CodeLanguage("html htm xml xhtml svg vue svelte plist xsd xslt rss atom") { $0.shape = .markup },
    ]
}
