"""Markdown while it streams: what a piece costs after 1 KB to 1 MB, the whole, another width.

Usage: bench_markdown.py MARKDOWN_BENCH
"""

import re
import subprocess
import sys

from bench_common import row, skip

LINE = re.compile(r"^(.*?): ([\d.]+) (MB/s|us|ms)$")

output = subprocess.run([sys.argv[1]], check=True, capture_output=True, text=True).stdout
for line in output.splitlines():
    match = LINE.match(line)
    if not match:
        what, _, why = line.partition(": ")
        skip(what, why)
        continue
    what, value, unit = match.groups()
    row(what[:58], float(value), unit, digits=1)
