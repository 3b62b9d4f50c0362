/// Languages of programs.
let programmingCases: [LexerCase] = [
    LexerCase(
        "swift",
        ###"""
        let x: Int = 0x1F_p // note
        kkk..o.ttt.o.nnnnnn.///////
        func load(_ a: [String]) async throws -> Data { try await get(a) }
        kkkk.ffff....o..tttttt...kkkkk.kkkkkk.oo.tttt...kkk.kkkkk.kkk.....
        @MainActor final class Pane: View { var name = "a\(dict["k"] ?? "")b" }
        @@@@@@@@@@.kkkkk.kkkkk.tttto.tttt...kkk......o.ssssssssssssssssssssss..
        let raw = #"C:\"dir"\#(x)"#, c = "\"q\"", d = 1.5e-3
        kkk.....o.sssssssssssssssss....o.sssssss....o.nnnnnn
        #if os(Linux)
        @@@.ff.ttttt.
        let text = """
        kkk......o.sss
          let "not" code
        ssssssssssssssss
          """ + "x"
        sssss.o.sss
        /* a /* nested
        //////////////
        still */ comment */ return nil
        ///////////////////.kkkkkk.ccc
        foo.default(1...3)
        ....fffffff.n..nn.
        """###),
    LexerCase(
        "python",
        ###"""
        @decorator
        @@@@@@@@@@
        async def run(self, x: int = 10) -> None:
        kkkkk.kkk.fff.cccc...o.ttt.o.nn..oo.cccco
            """Doc string
        ....sssssssssssss
            goes on""" ; y = f"{x!r}" + rb'\x00' # end
        ssssssssssssss.....o.ssssssss.o.ssssssss./////
        class Foo(Bar): MAX_SIZE = 3.14e10; return True if x is None else print("a\"b")
        kkkkk.ttt.ttt.o.cccccccc.o.nnnnnnn..kkkkkk.cccc.kk...kk.cccc.kkkk.fffff.ssssss.
        x = 'it''s'
        ..o.sssssss
        """###),
    LexerCase(
        "javascript",
        ###"""
        const re = /ab[/]c+/gi, n = a / b / c; // half
        kkkkk....o.sssssssssss....o...o...o....///////
        export async function go({ a }) { return `t ${a ? `x` : "}"} end` + 0b101n; }
        kkkkkk.kkkkk.kkkkkkkk.ff..........kkkkkk.ssssssssssssssssssssssss.o.nnnnnn...
        let t = `line one
        kkk...o.sssssssss
        line two ${x}` ; x?.default
        ssssssssssssss....o........
        """###),
    LexerCase(
        "typescript",
        ###"""
        interface User<T> { readonly id: number; name?: string }
        kkkkkkkkk.ttttoto...kkkkkkkk...o.tttttt......oo.tttttt..
        @Input() value!: string = "x";
        @@@@@@........oo.tttttt.o.sss.
        """###),
    LexerCase(
        "tsx",
        ###"""
        return <div className="row" onClick={() => go(1)}>Hi</div>;
        kkkkkk.o.............osssss........o....oo.ff.n..ottoo...o.
        """###),
    LexerCase(
        "bash",
        ###"""
        #!/bin/sh
        /////////
        if [ -n "$HOME" ]; then echo "hi $(basename "$0")" 'raw $x' # note
        kk...@@.sssssss....kkkk.ffff.sssssssssssssssssssss.ssssssss.//////
        for f in *.txt; do cat --number "$f" | grep -v foo > out; done
        kkk...kk.o......kk.fff.@@@@@@@@.ssss.o.ffff.@@.....o......kkkk
        NAME=value make -j4 && cd dir
        ....o......ffff.@@@.oo.ff....
        cat <<EOF | wc
        fff.sssss.o.ff
        if then $x
        ssssssssss
        EOF
        sss
        echo $((1 << n)) ${x#y} $1
        ffff.oo.n.oo.....cccccc.cc
        """###),
    LexerCase(
        "c",
        ###"""
        #include <stdio.h>
        @@@@@@@@.o.......o
        static const char *s = "a\"b" u8"c"; /* c */
        kkkkkk.kkkkk.tttt.o..o.ssssss.sssss..///////
        int main(void) { return MAX(3, 'x') + 0xFFu + 1.5f; }
        ttt.ffff.tttt....kkkkkk.fff.n..sss..o.nnnnn.o.nnnn...
        """###),
    LexerCase(
        "c++",
        ###"""
        auto s = R"x(a "quoted" )" b)x"; int n = 1'000'000;
        kkkk...o.ssssssssssssssssssssss..ttt...o.nnnnnnnnn.
        template <typename T> std::vector<T> f() noexcept { return nullptr; }
        kkkkkkkk.okkkkkkkk.to....oottttttoto.f...kkkkkkkk...kkkkkk.ccccccc...
        """###),
    LexerCase(
        "c#",
        ###"""
        var p = @"C:\dir\" + $"{x}"; Console.WriteLine(nameof(x)); public record Foo(int A);
        kkk...o.ssssssssss.o.ssssss..ttttttt.fffffffff.ffffff......kkkkkk.kkkkkk.ttt.ttt.t..
        """###),
    LexerCase(
        "java",
        ###"""
        @Override public String toString() { return "a" + 'c' + 10L; } // x
        @@@@@@@@@.kkkkkk.tttttt.ffffffff.....kkkkkk.sss.o.sss.o.nnn....////
        """###),
    LexerCase(
        "kotlin",
        ###"""
        fun main() = println("""raw "x" \ """ + "${map["k"]}") /* a /* b */ c */ val x
        kkk.ffff...o.fffffff.ssssssssssssssss.o.sssssssssssss../////////////////.kkk..
        """###),
    LexerCase(
        "go",
        ###"""
        func (s *Server) Run(ctx context.Context) error { return fmt.Errorf("x: %w", `raw`) }
        kkkk..f.o........fff......................ttttt...kkkkkk.....ffffff.sssssss..sssss...
        """###),
]
