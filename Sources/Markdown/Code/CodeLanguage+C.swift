/// Languages with braces.
extension CodeLanguage {
    private static let cWords =
        "auto break case const continue default do else enum extern for goto if inline register restrict return sizeof "
        + "static struct switch typedef union volatile while alignas alignof static_assert thread_local typeof constexpr"
    private static let cTypes =
        "void char short int long float double signed unsigned bool size_t ssize_t ptrdiff_t int8_t int16_t int32_t "
        + "int64_t uint8_t uint16_t uint32_t uint64_t intptr_t uintptr_t wchar_t FILE va_list off_t time_t"
    private static let cStrings = StringForm.quotes

    static let cFamily: [CodeLanguage] = [
        CodeLanguage(
            "c h", keywords: cWords, types: cTypes, constants: "true false NULL nullptr stdin stdout stderr errno EOF",
            [.calls, .directives, .capitalConstants]
        ) {
            $0.comments = CommentForm.c
            $0.strings = cStrings.map { StringForm($0, prefixes: "L u U u8") }
        },
        CodeLanguage(
            "cpp c++ cc cxx hpp hxx h++ objc objective-c cuda arduino",
            keywords: cWords + " class namespace template typename public private protected virtual override final new "
                + "delete try catch throw using friend operator explicit mutable constexpr consteval constinit noexcept "
                + "decltype concept requires co_await co_return co_yield static_cast dynamic_cast const_cast "
                + "reinterpret_cast and or not xor import module export",
            types: cTypes + " string vector map set unique_ptr shared_ptr optional variant tuple pair array",
            constants: "true false nullptr NULL this",
            [.calls, .directives, .capitalTypes, .capitalConstants]
        ) {
            $0.comments = CommentForm.c
            var raw = StringForm(
                Delimiter("\""), Delimiter("\""), .none, spansLines: true, prefixes: "R LR uR UR u8R", isBare: false)
            raw.hasOwnWord = true
            $0.strings = [raw] + cStrings.map { StringForm($0, prefixes: "L u U u8") }
            $0.digitMark = UInt8(ascii: "'")
        },
        csharp, java, kotlin, swift, go, rust, php,
    ]

    private static let csharp = CodeLanguage(
        "csharp c# cs dotnet",
        keywords: "abstract as base break case catch checked class const continue default delegate do else enum event "
            + "explicit extern finally fixed for foreach goto if implicit in interface internal is lock namespace new "
            + "operator out override params private protected public readonly ref return sealed sizeof stackalloc "
            + "static struct switch this throw try typeof unchecked unsafe using virtual volatile while async await "
            + "get set init var record where yield when with required file global partial and or not",
        types: "bool byte char decimal double float int long object sbyte short string uint ulong ushort void nint "
            + "nuint dynamic", constants: "true false null",
        [.calls, .directives, .capitalTypes]
    ) {
        $0.comments = CommentForm.c
        let verbatim = ["@\"", "$@\"", "@$\""].map {
            StringForm(Delimiter($0), Delimiter("\""), .doubled, spansLines: true)
        }
        let raw = ["\"\"\"", "$\"\"\"", "$$\"\"\""].map {
            StringForm(Delimiter($0), Delimiter("\"\"\""), .none, spansLines: true)
        }
        let format = StringForm(Delimiter("$\""), Delimiter("\""), .backslash, spansLines: false)
        $0.strings = verbatim + raw + [format] + StringForm.quotes
    }

    private static let java = CodeLanguage(
        "java",
        keywords:
            "abstract assert break case catch class const continue default do else enum extends final finally for "
            + "goto if implements import instanceof interface native new package private protected public return "
            + "static strictfp super switch synchronized this throw throws transient try volatile while var record "
            + "sealed permits non-sealed yield module requires exports",
        types: "boolean byte char double float int long short void", constants: "true false null",
        [.calls, .atAttributes, .capitalTypes, .capitalConstants]
    ) {
        $0.comments = CommentForm.c
        $0.strings = [StringForm("\"\"\"", spansLines: true)] + StringForm.quotes
    }

    private static let kotlin = CodeLanguage(
        "kotlin kt kts scala groovy gradle",
        keywords: "as break class continue do else for fun if in interface is object package return super this throw "
            + "try typealias val var when while by catch constructor finally get import init set where abstract "
            + "annotation companion crossinline data enum external final infix inline inner internal lateinit noinline "
            + "open operator out override private protected public reified sealed suspend tailrec vararg def trait "
            + "extends with implicit lazy match case yield new type given using",
        constants: "true false null", definers: "fun def",
        [.calls, .atAttributes, .capitalTypes, .capitalConstants]
    ) {
        $0.comments = [.line("//"), .block("/*", "*/", nests: true)]
        $0.strings = [StringForm("\"\"\"", .none, spansLines: true)] + StringForm.quotes
        $0.interpolation = Interpolation("${", closing: "}")
    }

    private static let swift = CodeLanguage(
        "swift",
        keywords: "actor any as associatedtype async await borrowing break case catch class consume consuming continue "
            + "convenience copy default defer deinit didSet discard distributed do dynamic each else enum extension "
            + "fallthrough fileprivate final for func get guard if import in indirect infix init inout internal is "
            + "isolated lazy let macro mutating nonisolated nonmutating open operator optional override package postfix "
            + "precedencegroup prefix private protocol public repeat required rethrows return sending set some static "
            + "struct subscript super switch throw throws try typealias unowned var weak where while willSet yield",
        types: "Self", constants: "true false nil self", definers: "func macro",
        [.calls, .atAttributes, .hashWords, .capitalTypes]
    ) {
        $0.comments = [.line("//"), .block("/*", "*/", nests: true)]
        $0.strings = ["\"\"\"", "\""].map { mark in
            StringForm(
                Delimiter("", repeating: "#", mark), Delimiter(mark, repeating: "#"), .backslash,
                spansLines: mark.count == 3)
        }
        $0.interpolation = Interpolation("\\(", closing: ")")
    }

    private static let go = CodeLanguage(
        "go golang",
        keywords: "break case chan const continue default defer else fallthrough for func go goto if import interface "
            + "map package range return select struct switch type var",
        types: "any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune "
            + "string uint uint8 uint16 uint32 uint64 uintptr", constants: "true false nil iota", definers: "func",
        [.calls]
    ) {
        $0.comments = CommentForm.c
        $0.strings = StringForm.quotes + [StringForm("`", .none, spansLines: true)]
    }

    private static let rust = CodeLanguage(
        "rust rs",
        keywords: "as async await break const continue crate dyn else enum extern fn for if impl in let loop match mod "
            + "move mut pub ref return static struct super trait type union unsafe use where while yield",
        types: "Self bool char f32 f64 i8 i16 i32 i64 i128 isize str u8 u16 u32 u64 u128 usize",
        constants: "true false self None Some Ok Err", definers: "fn",
        [.calls, .rust, .labels, .capitalTypes, .capitalConstants]
    ) {
        $0.comments = [.line("//"), .block("/*", "*/", nests: true)]
        let raw = StringForm(
            Delimiter("", repeating: "#", "\""), Delimiter("\"", repeating: "#"), .none, spansLines: true,
            prefixes: "r br cr", isBare: false)
        $0.strings = [
            raw, StringForm("\"", spansLines: true, prefixes: "b c"), StringForm("'", prefixes: "b"),
        ]
    }

    private static let php = CodeLanguage(
        "php",
        keywords: "abstract and array as break callable case catch class clone const continue declare default do echo "
            + "else elseif empty enddeclare endfor endforeach endif endswitch endwhile enum extends final finally fn for "
            + "foreach function global goto if implements include include_once instanceof insteadof interface isset "
            + "list match namespace new or print private protected public readonly require require_once return static "
            + "switch throw trait try unset use var while xor yield php",
        types: "bool float int string void mixed iterable object never self parent",
        constants: "true false null TRUE FALSE NULL", definers: "function fn",
        [.calls, .dollarNames, .capitalTypes, .capitalConstants, .rust]
    ) {
        // `#[…]` is an attribute (as in Rust); `#` alone a comment.
        $0.comments = CommentForm.c + [.line("# ", .afterBlank)]
        $0.strings = [StringForm("\"", spansLines: true), StringForm("'", spansLines: true)]
        $0.interpolation = Interpolation("{$", closing: "}", bracket: "{")
        $0.heredocs = .php
    }
}
