/// Further languages, data files and texts.
let otherCases: [LexerCase] = [
    LexerCase(
        "json",
        ###"""
        {"a": [1, -2.5e3, true, null], "b\"c" : "v"}
        .@@@o..n..onnnnn..cccc..cccc...@@@@@@.o.sss.
        """###),
    LexerCase(
        "rust",
        ###"""
        #[derive(Debug)] pub fn f<'a>(x: &'a str) -> Option<u8> { println!("{}", 'c'); Some(b'x') }
        @@@@@@@@@@@@@@@@.kkk.kk.fo@@o..o.o@@.ttt..oo.ttttttotto...ffffffff.ssss..sss...cccc.ssss...
        let r = r#"a "b" c"#; let s = "multi
        kkk...o.ssssssssssss..kkk...o.ssssss
        line" ; // c
        sssss...////
        """###),
    LexerCase(
        "ruby",
        ###"""
        def name?(x) = @value + :sym.to_s + "#{h["a"]}" + %w[a b].first # c
        kkk.fffff....o........o.cccc......o.sssssssssss.o.sssssss.......///
        x = /re+/ =~ s; y = a / b
        ..o.sssss.oo......o...o..
        =begin
        //////
        doc
        ///
        =end
        ////
        puts <<~TEXT
        .....sssssss
          hello if
        ssssssssss
          TEXT
        ssssss
        """###),
    LexerCase(
        "php",
        ###"""
        <?php function go(?string $class): int { return $x['a'] ?? "v {$a["k"]}"; } // c
        ookkk.kkkkkkkk.ff.otttttt........o.ttt...kkkkkk....sss..oo.sssssssssssss....////
        #[Attr] echo <<<EOT
        @@@@@@@.kkkk.ssssss
        text
        ssss
          EOT;
        sssss.
        """###),
    LexerCase(
        "sql",
        ###"""
        SELECT id, count(*) FROM "t" WHERE name = 'it''s' AND x >= 10 -- note
        kkkkkk.....fffff.o..kkkk.sss.kkkkk......o.sssssss.kkk...oo.nn.///////
        create table Users (id INTEGER primary key);
        kkkkkk.kkkkk...........ttttttt.kkkkkkk.kkk..
        """###),
    LexerCase(
        "html",
        ###"""
        <!DOCTYPE html><p class="x" id=y>a &amp; b</p><!-- c
        kkkkkkkkk.@@@@kkk.@@@@@osss.@@o@k..ccccc..kkkk//////
        --><script>let x = "</b>"; // c</script><br/>
        ///kkkkkkkkkkk...o.ssssss..////kkkkkkkkkkkkkk
        <style>
        kkkkkkk
        a { color: #fff; }
        f........o.nnnn...
        </style>
        kkkkkkkk
        """###),
    LexerCase(
        "css",
        ###"""
        .card > a:hover, #id { color: rgb(1, 2, 3) !important; margin: -1.5em 10% }
        .tttt.o.fofffff..ttt........o.fff.n..n..n..occccccccc........o.onnnnn.nnn..
        @media (min-width: 100px) {
        @@@@@@..fffffffffo.nnnnn...
          --main: "x"; /* c */
        ..oo@@@@o.sss..///////
        """###),
    LexerCase(
        "yaml",
        ###"""
        name: don't panic # c
        @@@@o.............///
        - key: "v"
        o.@@@o.sss
          on: true
        ..@@o.cccc
          n: 12, and more
        ..@o.............
          f: [12, and, true]
        ..@o..nn.......cccc.
          text: |
        ..@@@@ooo
            free: true text
        sssssssssssssssssss


          after: [1, null, "a"]
        ..@@@@@o..n..cccc..sss.
        url: http://x.y/z
        @@@o.....ooo...o.
        """###),
    LexerCase(
        "toml",
        ###"""
        [server.http] # c
        ttttttttttttt.///
        name.first = "x" # y
        @@@@@@@@@@@o.sss.///
        list = [1, 2.5, true]
        @@@@@o..n..nnn..cccc.
        text = """
        @@@@@o.sss
        a = 1
        sssss
        """
        sss
        date = 1979-05-27T07:32:00Z
        @@@@@o.nnnnonnonnnnnonnonnn
        """###),
    LexerCase(
        "ini",
        ###"""
        [section]
        ttttttttt
        key = value ; c
        @@@@o.......///
        path=C:\x # y
        @@@@o.o...///
        """###),
    LexerCase(
        "markdown",
        ###"""
        # Title
        kkkkkkk
        - **bold** and `code` [link](http://x) _em_ a*b
        o.cccccccc.....ssssss.ffffff@@@@@@@@@@.tttt....
        > quote
        //.....
        ```swift
        @@@@@@@@
        let x
        sssss
        ```
        @@@
        1. item snake_case_name
        oo.....................
        """###),
    LexerCase(
        "dockerfile",
        ###"""
        FROM swift:6.2 AS build # x
        kkkk......onnn..........///
        RUN echo "$HOME" && make
        kkk......sssssss.oo.....
        """###),
    LexerCase(
        "makefile",
        ###"""
        CC := gcc
        @@@oo....
        all: $(OBJS) main.o
        fffo.ccccccc.......
        ⇥$(CC) -o $@ $^ # link
        .ccccc.o..cc.cc.//////
        ifeq ($(X),1)
        kkkk..cccc.n.
        """###),
    LexerCase(
        "lua",
        ###"""
        local x = [[long
        kkkkk...o.ssssss
        ]] string ]] .. [==[ a ]] b ]==] -- c
        ss..............ssssssssssssssss.////
        --[==[ block
        ////////////
        ]] ]==] function go(a) return #a end
        ///////.kkkkkkkk.ff....kkkkkk....kkk
        """###),
    LexerCase(
        "haskell",
        ###"""
        {-# LANGUAGE X #-} module Main where -- c
        @@@@@@@@@@@@@@@@@@.kkkkkk.tttt.kkkkk.////
        foldl' :: (a -> b) -> [Char]; x' = 'c' : "s" {- a {- b -} c -}
        .......oo....oo....oo..tttt......o.sss.o.sss./////////////////
        """###),
    LexerCase(
        "r",
        ###"""
        f <- function(x) { sum(x, na.rm = TRUE) } # c
        ..oo.kkkkkkkk......fff..........o.cccc....///
        """###),
    LexerCase(
        "perl",
        ###"""
        my @a = qw(a b c); if ($x =~ /re\/x/i) { s/a/b/g; print <<"EOT"; }
        kk....o.sssssssss..kk.....oo.ssssssss....sssssss..kkkkk.sssssss...
        text $x
        sssssss
        EOT
        sss
        =pod
        ////
        doc
        ///


        =cut
        ////
        sub go { return $if }
        kkk.ff...kkkkkk......
        """###),
    LexerCase(
        "diff",
        ###"""
        diff --git a/x b/x
        @@@@@@@@@@@@@@@@@@
        --- a/x
        @@@@@@@
        +++ b/x
        @@@@@@@
        @@ -1,3 +1,3 @@ func
        kkkkkkkkkkkkkkkkkkkk
         same
        .....
        --- old sql comment
        -------------------
        +new
        ++++
        -old2
        -----
        --- a/y
        @@@@@@@
        """###),
]
