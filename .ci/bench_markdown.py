"""Markdown while it streams: what a piece costs after 1 KB to 1 MB, the whole, another width.

Usage: bench_markdown.py MARKDOWN_BENCH
"""

import re
import subprocess
import sys

from bench_common import row, skip

LINE = re.compile(r"^(.*?): ([\d.]+) (MB/s|us|ms)$")
CURVE = re.compile(r"^markdown, a piece of (.*) after (\d+) KB$")
PIECE = 250  # microseconds that a piece may cost, half of its time at 2,000 a second
FLAT = 1.5  # times what it costs after 10 KB that a piece may cost after 100 KB or more; the noise of a shared machine

at_ten = {}
output = subprocess.run([sys.argv[1]], check=True, capture_output=True, text=True).stdout
for line in output.splitlines():
    match = LINE.match(line)
    if not match:
        what, _, why = line.partition(": ")
        skip(what, why)
        continue
    what, value, unit = match.groups()
    limit = None
    if curve := CURVE.match(what):
        shape, kilobytes = curve.group(1), int(curve.group(2))
        if kilobytes == 10:
            at_ten[shape] = float(value)
        limit = PIECE if kilobytes <= 10 else min(PIECE, round(max(at_ten[shape] * FLAT, at_ten[shape] + 5), 1))
    row(what[:58], float(value), unit, limit=limit, digits=1)
