# Prints Swift sources as FILE:LINE:CODE with comments and the contents of string literals left out, so that a search
# for a word finds code only. Code inside \( ) of a string is kept. Knows //, nested /* */, "…", """…""" and #"…"#.
function enter_string(marks, quotes) {
    depth++
    hashes[depth] = marks
    triple[depth] = (quotes == 3)
    parens[depth] = -1 # reading the text of the literal
}
FNR == 1 { depth = 0; block = 0 }
{
    out = ""
    n = length($0)
    for (i = 1; i <= n; ) {
        two = substr($0, i, 2)
        if (block > 0) {
            if (two == "/*") { block++; i += 2 } else if (two == "*/") { block--; i += 2 } else i++
            continue
        }
        c = substr($0, i, 1)
        if (depth > 0 && parens[depth] < 0) { # inside a literal
            marks = hashes[depth]
            if (c == "\\" && substr($0, i + 1, length(marks)) == marks) {
                if (substr($0, i + 1 + length(marks), 1) == "(") { parens[depth] = 0; out = out "\\(" }
                i += 2 + length(marks)
            } else if (triple[depth] && substr($0, i, 3 + length(marks)) == "\"\"\"" marks) {
                depth--; out = out "\""; i += 3 + length(marks)
            } else if (!triple[depth] && substr($0, i, 1 + length(marks)) == "\"" marks) {
                depth--; out = out "\""; i += 1 + length(marks)
            } else i++
            continue
        }
        if (two == "//") break
        if (two == "/*") { block = 1; i += 2; continue }
        if (c == "#" || c == "\"") {
            marks = ""
            while (substr($0, i + length(marks), 1) == "#") marks = marks "#"
            j = i + length(marks)
            if (substr($0, j, 3) == "\"\"\"") { enter_string(marks, 3); out = out "\""; i = j + 3; continue }
            if (substr($0, j, 1) == "\"") { enter_string(marks, 1); out = out "\""; i = j + 1; continue }
            if (marks != "") { out = out marks; i = j; continue }
        }
        if (depth > 0) { # code inside \( )
            if (c == "(") parens[depth]++
            if (c == ")" && parens[depth]-- == 0) { parens[depth] = -1 }
        }
        out = out c
        i++
    }
    if (depth > 0 && parens[depth] < 0 && !triple[depth]) depth-- # a literal never crosses a line without """
    print FILENAME ":" FNR ":" out
}
