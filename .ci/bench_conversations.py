"""The database of conversations: how long a long one takes to open, and a search of many.

Usage: bench_conversations.py CONVERSATION_BENCH
"""

import subprocess
import sys
import tempfile

from bench_common import environment, row

GOALS = {"open": 60, "search": 50}  # milliseconds

with tempfile.TemporaryDirectory(prefix="bench-conversations-") as folder:
    lines = subprocess.run([sys.argv[1], "bench", folder], env=environment(), check=True, capture_output=True,
                           text=True).stdout.splitlines()
for line in lines:
    if line.startswith("rate "):
        _, value, name = line.split(" ", 2)
        row(f"conversations, {name}", float(value), "/s", digits=0)
    else:
        _, median, high, name = line.split(" ", 3)
        row(f"conversations, {name}, p50", float(median), "ms")
        row(f"conversations, {name}, p99", float(high), "ms", limit=GOALS.get(name.split(" ")[0]))
