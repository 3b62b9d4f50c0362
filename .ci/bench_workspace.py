"""The workspace with much in it: a long markdown answer as it streams, 10,000 messages, 100,000 messages to search.

Usage: bench_workspace.py PROGRAM CONVERSATION_BENCH
"""

import os
import random
import subprocess
import sys
import tempfile
import time

from bench_common import environment, median, percentile, row
from bench_ui import KEYS, Workspace, core_share

RATE = 2_000  # tokens a second
ANSWER = 200_000  # bytes
QUIET = 0.15  # seconds without output: what was asked for is painted
# No letter of KEYS stands in it. The simulator makes some 600 tokens of it.
PART = """\
## How it works

The parser reads **line by line** and keeps only what is *open*. See [the guide](https://docs.example/guide) or \
`BlockParser` for more; a closed block is never touched again, so the cost of a piece stays the same.

1. First, the containers are matched against the line.
2. Then new blocks are opened:
   - quotes, lists and items,
   - headings, fences and rules.
3. What is left is text.

```swift
func append(_ piece: String) {
    let rows = layout(piece, width: 80) // the tail alone
    for row in rows { draw(row, style: .plain) }
}
```

| Shape | Cost | Note |
|:------|-----:|------|
| paragraph | 12 | wraps at spaces |
| code | 3 | one row a line |

> Nothing that is finished changes.

"""
SEARCHES = ["zebra", "the", "server timeout", "conn"]


class Simulator:
    """The program's own simulator with a scenario."""

    def __init__(self, program, scenario):
        self.file = tempfile.NamedTemporaryFile("w", suffix=".scenario")
        self.file.write(scenario)
        self.file.flush()
        self.process = subprocess.Popen(
            [program, "simulate", "--scenario", self.file.name], stdout=subprocess.PIPE, env=environment(), text=True)
        self.base_url = self.process.stdout.readline().split()[-1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.file.close()


def scenario(size):
    text = PART * (size // len(PART) + 1)
    lines = "".join(f"    {line}\n" if line else "\n" for line in text.splitlines())
    return f"scenario long\n  when any\n  rate {RATE} tokens/s\n  reply <<END\n{lines}    END\n  finish stop\n"


def settled(workspace, data, limit=10.0):
    """Writes keys; milliseconds to the first and to the last output of theirs, which a silence follows."""
    start = time.perf_counter()
    workspace.write(data)
    first = last = None
    while (now := time.perf_counter()) - start < limit:
        if last is not None and now - last > QUIET:
            return (first - start) * 1e3, (last - start) * 1e3
        before = workspace.bytes
        workspace.read(QUIET)
        if workspace.bytes > before:
            last = time.perf_counter()
            first = first or last
    sys.exit(f"bench: {data!r} did not come to rest within {limit} s")


def memory(workspace):
    """Resident memory in MiB."""
    with open(f"/proc/{workspace.pid}/status") as file:
        fields = dict(line.split(":", 1) for line in file if ":" in line)
    return int(fields["VmRSS"].split()[0]) / 1024


def type_under_stream(workspace, seconds):
    """Types while the answer comes; milliseconds from each key to its echo."""
    times = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        workspace.drain(random.uniform(0.02, 0.06))
        if len(times) % 60 == 59:
            workspace.write(b"\x15")
            workspace.drain(0.1)
        key = KEYS[len(times) % len(KEYS)].encode()
        start = time.perf_counter()
        workspace.write(key)
        while key not in workspace.read(2):
            if time.perf_counter() - start > 2:
                sys.exit("bench: a typed key was not painted within 2 s")
        times.append((time.perf_counter() - start) * 1e3)
    return times


def markdown_stream(program):
    with Simulator(program, scenario(ANSWER)) as server:
        workspace = Workspace([program], environment(OPENAI_BASE_URL=server.base_url))
        workspace.wait_for(b"prompt")
        workspace.drain(1)
        row("memory after the first paint", memory(workspace), "MiB")
        workspace.write(b"hi\r")
        workspace.wait_for(b"works")
        workspace.drain(1)

        name = f"{ANSWER // 1000} KB of markdown at {RATE:,} tokens/s"
        ticks, painted, start = workspace.ticks(), workspace.bytes, time.perf_counter()
        workspace.drain(10)
        seconds = time.perf_counter() - start
        row(f"{name}: CPU of a core", core_share(workspace.ticks() - ticks, seconds), "%", limit=20)
        row("the same: written to the terminal", (workspace.bytes - painted) / seconds / 1024, "KiB/s")
        ticks, start = workspace.ticks(), time.perf_counter()
        times = type_under_stream(workspace, 10)
        seconds = time.perf_counter() - start
        row(f"the same and {len(times) / seconds:.0f} keys/s: CPU of a core",
            core_share(workspace.ticks() - ticks, seconds), "%")
        row(f"the same: key to paint, p50 of {len(times)}", median(times), "ms", digits=2)
        row("the same: key to paint, p99", percentile(times, 0.99), "ms", limit=16, digits=2)
        row("the same: key to paint, largest", max(times), "ms", digits=2)
        row("the same: memory", memory(workspace), "MiB")
        workspace.end()


def conversations(program, bench):
    variables = environment(OPENAI_BASE_URL="http://127.0.0.1:9/v1")
    folder = os.path.join(variables["HOME"], "data", "tickertape")
    os.makedirs(folder)
    variables["XDG_DATA_HOME"] = os.path.dirname(folder)
    subprocess.run([bench, "fill", os.path.join(folder, "conversations.sqlite")], check=True, stdout=subprocess.DEVNULL)
    open_long(program, variables)
    search(program, variables)


def at_the_list(program, variables):
    workspace = Workspace([program], variables)
    workspace.wait_for(b"prompt")
    workspace.drain(0.5)
    list_times = settled(workspace, b"\x18l")
    return workspace, list_times[1]


def open_long(program, variables):
    opened, listed, counted = [], [], []
    for round in range(7):
        workspace, time_listed = at_the_list(program, variables)
        listed.append(time_listed)
        settled(workspace, b"longest")
        start = time.perf_counter()
        workspace.write(b"\r")
        seen = b""
        while b"the last word" not in seen:
            seen = seen[-8192:] + workspace.read(5)
            if time.perf_counter() - start > 5:
                sys.exit("bench: the conversation of 10,000 messages was not painted within 5 s")
        opened.append((time.perf_counter() - start) * 1e3)
        workspace.drain(0.5)
        counted.append(settled(workspace, b"Q")[1])
        if round == 6:
            row("10,000 messages: memory", memory(workspace), "MiB")
        workspace.write(b"\x15")
        workspace.drain(1.5)  # an unsent prompt would be kept
        if round == 6:
            scroll(workspace)
        workspace.end()
    row("list of conversations, key to paint, p50 of 7", median(listed), "ms")
    row("10,000 messages, Enter to the end painted, p50 of 7", median(opened), "ms", limit=100)
    row("10,000 messages, Enter to the end painted, largest", max(opened), "ms")
    row("10,000 messages, first key in the prompt, p50 of 7", median(counted), "ms", limit=16)


def scroll(workspace):
    """Pages up, jumps, pages down; the end of a jump is the last byte before a silence."""
    for name, key, count in [("a page up", b"\x1b[5~", 300), ("a page down", b"\x1b[6~", 200)]:
        times = []
        for _ in range(count):
            start = time.perf_counter()
            workspace.write(key)
            workspace.read(2)
            times.append((time.perf_counter() - start) * 1e3)
            workspace.drain(0.02)
        row(f"10,000 messages, {name}: key to paint, p50 of {count}", median(times), "ms", digits=2)
        row(f"10,000 messages, {name}: key to paint, p99", percentile(times, 0.99), "ms", limit=16, digits=2)
    workspace.write(b"\x182")
    workspace.drain(0.3)
    for name, key in [("to the beginning", b"g"), ("to the end", b"G")]:
        row(f"10,000 messages, {name}: key to paint", settled(workspace, key)[1], "ms", limit=16)


def search(program, variables):
    workspace, _ = at_the_list(program, variables)
    settled(workspace, b"\t")
    for words in SEARCHES:
        times = []
        for _ in range(7):
            workspace.write(b"\x15")
            workspace.write(words[:-1].encode())
            workspace.drain(0.6)
            times.append(settled(workspace, words[-1].encode())[1])
        row(f"search 100,000 messages, key to results: {words}", median(times), "ms", limit=50)
    workspace.end()


if __name__ == "__main__":
    markdown_stream(sys.argv[1])
    conversations(sys.argv[1], sys.argv[2])
