"""Token counts beside tiktoken: ratios of CPU time in one run, load time, cost of a streamed delta.

Usage: bench_tokens.py TOKEN_BENCH   (by a Python that has tiktoken; by another, only our own figures)
"""

import os
import subprocess
import sys
import tempfile
import time

from bench_common import environment, median, row, skip
from bench_corpora import corpora
from make_vocabularies import write_published

try:
    import tiktoken
except ImportError:
    tiktoken = None

RUNS = 5
ENCODINGS = ("cl100k_base", "o200k_base")
# Least ratio of CPU time: cl100k_base, o200k_base.
GOALS = {"text": (10, 6), "cjk": (5, 4), "mixed": (5, 3), "runs": (3, 3)}
LEAST_SPEED = 5  # MB/s
LOAD = {"cl100k_base": 40, "o200k_base": 80}  # ms
DELTAS = {"English": 1_000, "code": 1_000, "Chinese": 3_000, "mixed scripts": None, "1 M x a": None,
          "100 k spaces and x": None, "Chinese without punctuation": 3_000}  # ns a delta of 4 characters


def figures(arguments):
    """What the program prints as `name value` lines."""
    run = subprocess.run(arguments, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    if run.returncode != 0:
        sys.exit(f"bench: {' '.join(arguments)} ended with {run.returncode}")
    return {name: float(value) for name, value in (line.split() for line in run.stdout.splitlines())}


class Ours:
    """token-bench, counting one file after the other; it has its vocabulary after the first."""

    def __init__(self, bench, encoding):
        self.process = subprocess.Popen(
            [bench, "speed", encoding], env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def count(self, path):
        """Tokens and CPU seconds."""
        self.process.stdin.write(path + "\n")
        self.process.stdin.flush()
        count, seconds = self.process.stdout.readline().split()
        return int(count), float(seconds)

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def theirs(core, text):
    start = time.process_time()
    ids = core.encode_ordinary(text)
    return len(ids), time.process_time() - start


def beside_tiktoken(bench, encoding, texts):
    name = encoding.removesuffix("_base")
    core = tiktoken.get_encoding(encoding)._core_bpe if tiktoken else None
    ours = Ours(bench, encoding)
    for what, group, text, path in texts:
        size = len(text.encode())
        label = f"{name}, {what}"
        # The first pass of each warms it up.
        pairs = [(ours.count(path), theirs(core, text) if core else (0, 0.0)) for _ in range(RUNS + 1)][1:]
        seconds, compared = (median([pair[i][1] for pair in pairs]) for i in (0, 1))
        speed = size / seconds / 1e6
        if core is None:
            row(f"{label}, {size / 1e6:.1f} MB", speed, "MB/s", least=LEAST_SPEED)
            continue
        if pairs[0][0][0] != pairs[0][1][0]:
            sys.exit(f"bench: {label}: {pairs[0][0][0]} tokens, tiktoken {pairs[0][1][0]}; nothing to compare")
        row(f"{label}: {speed:.0f} MB/s, tiktoken {size / compared / 1e6:.1f}", compared / seconds, "x",
            least=GOALS[group][ENCODINGS.index(encoding)])
        if speed < LEAST_SPEED:
            row(f"{label}, the same", speed, "MB/s", least=LEAST_SPEED)
    ours.end()


def streamed(bench, encoding, texts):
    for what, _, _, path in texts:
        if what in DELTAS:
            found = figures([bench, "stream", encoding, path, "4"])
            row(f"{encoding.removesuffix('_base')}, {what}, a delta of 4 characters: mean", found["mean_ns"], "ns",
                limit=DELTAS[what], digits=0)


def main(bench):
    with tempfile.TemporaryDirectory() as work:
        os.environ["TIKTOKEN_CACHE_DIR"] = os.path.join(work, "cache")
        write_published(os.environ["TIKTOKEN_CACHE_DIR"])
        texts = []
        for number, (what, group, text) in enumerate(corpora()):
            path = os.path.join(work, f"{number}.txt")
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            texts.append((what, group, text, path))
        if tiktoken is None:
            skip("tokens, ratios", "no tiktoken")
        for encoding in ENCODINGS:
            loads = [figures([bench, "load", encoding])["load_ms"] for _ in range(RUNS)]
            row(f"{encoding}, load, CPU (median of {RUNS})", median(loads), "ms", limit=LOAD[encoding])
            beside_tiktoken(bench, encoding, texts)
            streamed(bench, encoding, texts)


if __name__ == "__main__":
    main(sys.argv[1])
