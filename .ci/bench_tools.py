"""Function calling from inside: arguments that stream, schemas, what the sandbox costs.

Usage: bench_tools.py TOOL_BENCH
"""

import re
import subprocess
import sys

from bench_common import row, skip

# Only arguments that a schema is held against until their end carry the goal: the whole is checked once, at the end.
LINE = re.compile(r"^(.*?): (?:p50 )?(\+?[\d.,]+) ?(MB/s|MiB/s|us|ns|ms)(?: \(goal (\d+)\))?(.*)$")

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
    has_goal = goal and "whole checked" not in what
    bounds = {"least" if "MB" in unit else "limit": float(goal)} if has_goal else {}
    row((what + rest)[:58] if not bounds else what[:58], number, unit, digits=1, **bounds)
