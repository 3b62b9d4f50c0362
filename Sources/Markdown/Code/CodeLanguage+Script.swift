/// Languages of scripts.
extension CodeLanguage {
    static let scriptFamily: [CodeLanguage] = [python, shell, ruby, lua, perl, r]

    private static let python = CodeLanguage(
        "python py py3 python3 pyi pycon",
        keywords: "and as assert async await break class continue def del elif else except finally for from global if "
            + "import in is lambda nonlocal not or pass raise return try while with yield match case type",
        types: "int float str bytes bool list dict set tuple frozenset object complex bytearray type",
        constants: "True False None self cls NotImplemented Ellipsis __name__", definers: "def",
        [.calls, .atAttributes, .capitalTypes, .capitalConstants]
    ) {
        $0.comments = [.line("#")]
        let prefixes = "r b f u t rb br fr rf tr rt R B F U Rb rB RB Br bR BR Fr fR FR Rf rF RF"
        $0.strings = [
            StringForm("\"\"\"", spansLines: true, prefixes: prefixes),
            StringForm("'''", spansLines: true, prefixes: prefixes),
            StringForm("\"", prefixes: prefixes), StringForm("'", prefixes: prefixes),
        ]
    }

    private static let shell = CodeLanguage(
        "bash sh zsh shell ksh fish ash dash bats",
        keywords: "if then else elif fi for while until do done case esac in function select time return exit break "
            + "continue local export readonly declare typeset unset source alias trap set shift exec eval begin end",
        constants: "true false", definers: "function",
        [.commands, .dollarConstants]
    ) {
        $0.comments = [.line("#", .afterBlank)]
        $0.strings = [
            StringForm("\"", spansLines: true), StringForm("'", .none, spansLines: true),
            StringForm(Delimiter("$'"), Delimiter("'"), .backslash, spansLines: true),
        ]
        $0.interpolation = Interpolation("$(", closing: ")")
        $0.heredocs = .shell
        $0.wordBytes = ByteSet("-./")
    }

    private static let ruby = CodeLanguage(
        "ruby rb irb rake gemfile podfile crystal",
        keywords: "alias and begin break case class def defined? do else elsif end ensure for if in module next not or "
            + "redo require require_relative rescue retry return super then undef unless until when while yield "
            + "attr_reader attr_writer attr_accessor include extend private protected public raise",
        constants: "true false nil self __FILE__ __LINE__", definers: "def",
        [.calls, .symbols, .patterns, .quoteWords, .capitalTypes, .capitalConstants]
    ) {
        $0.comments = [.lines("=begin", "=end"), .line("#")]
        $0.strings = [StringForm("\"", spansLines: true), StringForm("'", spansLines: true), StringForm("`")]
        $0.interpolation = Interpolation("#{", closing: "}")
        $0.heredocs = .ruby
        $0.wordBytes = ByteSet("?!")
    }

    private static let lua = CodeLanguage(
        "lua luau",
        keywords: "and break do else elseif end for function goto if in local not or repeat return then until while",
        constants: "true false nil self _G _ENV", definers: "function", [.calls]
    ) {
        let close = Delimiter("]", repeating: "=", "]")
        $0.comments = [CommentForm(open: Delimiter("--[", repeating: "=", "["), close: close), .line("--")]
        $0.strings =
            [StringForm(Delimiter("[", repeating: "=", "["), close, .none, spansLines: true)] + StringForm.quotes
    }

    private static let perl = CodeLanguage(
        "perl pl pm raku",
        keywords:
            "and bless cmp continue die do else elsif eq eval exit for foreach ge given gt if last le local lt my "
            + "ne next no not or our package print redo ref require return say scalar shift sub undef unless until use "
            + "wantarray when while x xor",
        constants: "__FILE__ __LINE__ __PACKAGE__ __DATA__ __END__", definers: "sub",
        [.calls, .dollarNames, .patterns, .quoteWords, .symbols, .capitalTypes]
    ) {
        $0.comments =
            ["pod", "head", "over", "item", "begin", "for", "encoding"].map { .lines("=" + $0, "=cut") }
            + [.line("#", .afterBlank)]
        $0.strings = [StringForm("\"", spansLines: true), StringForm("'", spansLines: true), StringForm("`")]
        $0.heredocs = .ruby
    }

    private static let r = CodeLanguage(
        "r rscript",
        keywords: "if else repeat while function for next break in return library require",
        constants: "TRUE FALSE NULL NA NaN Inf T F", [.calls]
    ) {
        $0.comments = [.line("#")]
        $0.strings = [StringForm("\"", spansLines: true), StringForm("'", spansLines: true)]
        $0.wordBytes = ByteSet(".")
    }
}
