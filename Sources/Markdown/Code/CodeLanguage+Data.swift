/// Functional languages, data files, and what is read by readers of its own.
extension CodeLanguage {
    static let functionalFamily: [CodeLanguage] = [
        CodeLanguage(
            "haskell hs purescript elm",
            keywords: "case class data default deriving do else family forall foreign if import in infix infixl infixr "
                + "instance let mdo module newtype of proc qualified rec then type where as hiding",
            constants: "True False Nothing otherwise", [.labels, .capitalTypes]
        ) {
            $0.comments = [
                .block("{-#", "#-}", token: .attribute), .block("{-", "-}", nests: true), .line("--"),
            ]
            $0.strings = StringForm.quotes
            $0.wordBytes = ByteSet("'")
        },
        CodeLanguage(
            "sql mysql postgres postgresql pgsql plsql tsql sqlite psql",
            keywords: "add all alter analyze and any as asc between by case cast check column commit constraint create "
                + "cross database declare default delete desc distinct drop else end except exists explain fetch for "
                + "foreign from full function grant group having if ilike in index inner insert intersect into is join "
                + "key lateral left like limit natural not offset on or order outer over partition pragma primary "
                + "procedure recursive references replace returning returns revoke right rollback row rows schema "
                + "select set table temp temporary then to transaction trigger truncate union unique update using "
                + "vacuum values view virtual when where window with begin conflict do nothing",
            types: "bigint blob boolean bytea char date datetime decimal double float int integer interval json jsonb "
                + "numeric real serial smallint text time timestamp timestamptz tinyint uuid varchar",
            constants: "true false null current_date current_timestamp", [.calls, .ignoresCase]
        ) {
            $0.comments = [.line("--"), .block("/*", "*/"), .line("#", .afterBlank)]
            $0.strings = [
                StringForm("'", .doubled, spansLines: true), StringForm("\"", .doubled), StringForm("`", .none),
                StringForm("$$", .none, spansLines: true),
            ]
        },
    ]

    static let dataFamily: [CodeLanguage] = [
        CodeLanguage("json jsonc json5 jsonl ndjson geojson ipynb", constants: "true false null NaN Infinity") {
            $0.comments = CommentForm.c
            $0.strings = StringForm.quotes
            $0.keys = .json
        },
        CodeLanguage(
            "yaml yml", constants: "true false null yes no on off True False Null Yes No On Off TRUE FALSE NULL",
            [.wholeValues]
        ) {
            $0.comments = [.line("#", .afterBlank)]
            $0.strings = [StringForm("\"", spansLines: true), StringForm("'", .doubled, spansLines: true)]
            $0.keys = .yaml
            $0.wordBytes = ByteSet("-.")
        },
        CodeLanguage("toml", constants: "true false inf nan") {
            $0.comments = [.line("#")]
            $0.strings = [
                StringForm("\"\"\"", spansLines: true), StringForm("'''", .none, spansLines: true), StringForm("\""),
                StringForm("'", .none),
            ]
            $0.keys = .toml
        },
        CodeLanguage(
            "ini cfg conf properties editorconfig gitconfig dotenv env desktop systemd",
            constants: "true false yes no on off none", [.wholeValues, .ignoresCase]
        ) {
            $0.comments = [.line("#", .afterBlank), .line(";", .afterBlank)]
            $0.strings = StringForm.quotes
            $0.keys = .toml
            $0.wordBytes = ByteSet("-.")
        },
        CodeLanguage(
            "dockerfile docker containerfile",
            keywords: "from run cmd label maintainer expose env add copy entrypoint volume user workdir arg onbuild "
                + "stopsignal healthcheck shell",
            [.firstWords, .dollarConstants, .ignoresCase]
        ) {
            $0.comments = [.line("#", .afterBlank)]
            $0.strings = [StringForm("\""), StringForm("'", .none)]
            $0.wordBytes = ByteSet("-./")
        },
        CodeLanguage(
            "makefile make mk gnumake",
            keywords: "include sinclude ifeq ifneq ifdef ifndef else endif define endef export unexport override vpath",
            [.firstWords, .dollarConstants]
        ) {
            $0.comments = [.line("#", .afterBlank)]
            $0.strings = [StringForm("\""), StringForm("'", .none)]
            $0.keys = .make
            $0.wordBytes = ByteSet("-./")
        },
    ]

    static let textFamily: [CodeLanguage] = [
        CodeLanguage("markdown md mdx mkd") { $0.shape = .markdown },
        CodeLanguage("diff patch udiff") { $0.shape = .patch },
    ]
}
