"""What the benchmark scripts share: rows of the table, percentiles, the event server, a clean environment."""

import atexit
import os
import shutil
import subprocess
import tempfile


def percentile(values, share):
    """Nearest rank, 0 < share <= 1."""
    ordered = sorted(values)
    rank = max(1, -(-int(share * 1000 * len(ordered)) // 1000))
    return ordered[rank - 1]


def median(values):
    return percentile(values, 0.5)


def row(what, value, unit="", limit=None, least=None, digits=1):
    """One line of the table; `limit` and `least` are the goal's bounds in the same unit."""
    text = f"{value:,.{digits}f} {unit}".rstrip()
    verdict = ""
    if limit is not None:
        verdict = f"<= {limit:,} {unit}".rstrip() + ("   ok" if value <= limit else "   MISSED")
    if least is not None:
        verdict = f">= {least:,} {unit}".rstrip() + ("   ok" if value >= least else "   MISSED")
    print(f"{what:58} {text:>14}   {verdict}".rstrip(), flush=True)


def skip(what, why):
    """The line of something that cannot be measured here."""
    print(f"{what:58} {'skipped':>14}   {why}", flush=True)


def environment(**more):
    """Few variables, no key, no proxy, a home of its own."""
    home = tempfile.mkdtemp(prefix="bench-home-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    base = {"PATH": os.environ["PATH"], "HOME": home, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    return {**base, **more}


class EventServer:
    """The C server on a free port, answering any POST with `count` events at `rate` a second (0: as fast as read).

    With `stamped` the text of each event is the time at which it was sent. Then the server gives way to the client, as
    one on another machine would: on few cores the client's lateness is to be seen, not who got the core first.
    """

    def __init__(self, program, count, rate=0, stamped=False):
        arguments = [program, "0", str(count), str(rate)] + (["stamped"] if stamped else [])
        self.process = subprocess.Popen(
            arguments, stdout=subprocess.PIPE, preexec_fn=(lambda: os.nice(5)) if stamped else None)
        self.port = int(self.process.stdout.readline())
        self.base_url = f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
