#!/usr/bin/env python3
"""Makes draft2020-12/ from a checkout of JSON-Schema-Test-Suite: import_suite.py CHECKOUT.

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


# What a validator may do beyond the required, and ours does.
OPTIONAL = ["anchor", "bignum", "dynamicRef", "ecmascript-regex", "float-overflow", "id", "no-schema", "non-bmp-regex",
            "refOfUnknownKeyword", "unknownKeyword"]


def main():
    source = pathlib.Path(sys.argv[1])
    here = pathlib.Path(__file__).parent
    tests = source / "tests" / "draft2020-12"
    optional = [tests / "optional" / f"{name}.json" for name in OPTIONAL]
    for path in sorted(tests.glob("*.json")) + optional:
        text = path.read_text(encoding="utf-8")
        small = compact(text)
        assert json.loads(small) == json.loads(text), path
        target = here / path.relative_to(source / "tests")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(small, encoding="utf-8")
    (here / "LICENSE").write_text((source / "LICENSE").read_text(encoding="utf-8"), encoding="utf-8")


if __name__ == "__main__":
    main()
