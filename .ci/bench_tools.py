"""Function calling from inside: arguments that stream, schemas, what the sandbox costs.

Usage: bench_tools.py TOOL_BENCH
"""

import re
import subprocess
import sys

from bench_common import row, skip

# The check of the whole, once, at the end, has no goal of its own: the goal is that of parsing while arguments arrive.
LINE = re.compile(r"^(.*?): (?:p50 )?(\+?[\d.,]+) ?(MB/s|MiB/s|us|ns|ms|times)(?: the text)?(?: \(goal (\d+)\))?(.*)$")

# The program's own environment: the sandbox looks for bubblewrap in PATH.
output = subprocess.run([sys.argv[1]], check=True, capture_output=True, text=True).stdout
for line in output.splitlines():
    match = LINE.match(line)
    if not match:
        what, _, why = line.partition(": ")
        skip(what, why)
        continue
    what, value, unit, goal, rest = match.groups()
    number = float(value.replace(",", ""))
    has_goal = goal and "and the check" not in what
    bounds = {"least" if "MB" in unit else "limit": float(goal)} if has_goal else {}
    row((what + rest)[:58] if not bounds else what[:58], number, unit.replace("times", "x"), digits=1, **bounds)
