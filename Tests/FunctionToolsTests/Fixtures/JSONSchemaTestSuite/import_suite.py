#!/usr/bin/env python3
"""Makes draft2020-12/*.json from a checkout of JSON-Schema-Test-Suite: import_suite.py CHECKOUT.

Only white space is dropped, so that numbers keep their spelling; each group of cases gets a line of its own.
"""
import json
import pathlib
import sys


def compact(text):
    """The text without white space outside of strings, a line break between the elements of the outermost array."""
    out, depth, in_string, escaped = [], 0, False, False
    for char in text:
        if in_string:
            out.append(char)
            in_string = escaped or char != '"'
            escaped = char == "\\" and not escaped
            continue
        if char.isspace():
            continue
        in_string = char == '"'
        depth += (char in "[{") - (char in "]}")
        out.append(char)
        if depth == 1 and char in ",[":
            out.append("\n")
    return "".join(out) + "\n"


def main():
    source = pathlib.Path(sys.argv[1])
    here = pathlib.Path(__file__).parent
    target = here / "draft2020-12"
    target.mkdir(exist_ok=True)
    for path in sorted((source / "tests" / "draft2020-12").glob("*.json")):
        text = path.read_text(encoding="utf-8")
        small = compact(text)
        assert json.loads(small) == json.loads(text), path
        (target / path.name).write_text(small, encoding="utf-8")
    (here / "LICENSE").write_text((source / "LICENSE").read_text(encoding="utf-8"), encoding="utf-8")


if __name__ == "__main__":
    main()
