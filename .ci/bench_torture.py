"""Kills benchmark runs with SIGKILL at random moments, resumes them, and looks whether anything was lost or paid twice silently.

Usage: bench_torture.py PROGRAM [KILLS] [--seed N] [--workers N] [--keep]

Each worker has a simulator of its own, which logs every request before it answers. A run is killed a few times, each time resumed,
and then left to its end. What must hold:

* every trial has its result once, with one live score;
* nothing that had its result at a kill is asked again;
* the simulator got no request that the run's database does not have;
* every request of the database is settled, estimated, refused or unknown at the end, and the final record says the same;
* what a kill left open is told at the next resume, counted, and priced at its upper bound;
* the usage ledger knows every request of the database; amounts agree wherever both know them, and are within the bound elsewhere.

Before it begins, the harness sends a request behind the program's back once, and must notice.
"""

import argparse
import concurrent.futures
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from decimal import Decimal

SAMPLES = 18
TOOL_SAMPLES = 4
SCENARIO = """
scenario kept-tool-answer
  when last message is tool
  wait 8ms
  rate 2000 tokens/s
  reply "It says {{result 1}}, so the result is 5."
scenario kept-tool
  when user says "lookup"
  wait 8ms
  call lookup with '{"name": "five"}'
scenario sum-cut
  when user says "torn"
  times 1 of 3
  wait 5ms
  after 2 pieces cut
  reply "The result is five, as everybody knows."
scenario sum-busy
  when user says "busy"
  times 1 of 2
  status 503
  header retry-after-ms: 20
  error "Busy."
scenario sum
  wait 12ms
  rate 1000 tokens/s
  reply "The result of this sum, after some thought about it, is 5."
"""
SUITE = """
suite: 1
name: torture
models:
  m: {model: gpt-5.4-mini, params: {max_output_tokens: 200}}
prompts:
  plain:
    - {role: user, text: "{{question}}"}
matrix: {model: [m], prompt: [plain]}
tools:
  lookup:
    about: Looks up a number by its name.
    schema: {type: object, properties: {name: {type: string}}, required: [name]}
    does: {reply: "5"}
tasks:
  - id: sums
    data: {jsonl: sums.jsonl}
    extract: [last_number]
    score: {number: 5}
  - id: calls
    data: {jsonl: calls.jsonl}
    tools: [lookup]
    turns: 3
    extract: [last_number]
    score: {number: 5}
run:
  concurrency: {start: 8, max: 8}
  budget: {usd: 50}
"""


class Broken(Exception):
    """Something that must hold does not."""


def check(holds, what):
    if not holds:
        raise Broken(what)


class Simulator:
    """The simulator as a process; `requests` are the texts of the questions it was asked, in order."""

    def __init__(self, program, folder, environment):
        scenario = os.path.join(folder, "torture.scenario")
        with open(scenario, "w") as file:
            file.write(SCENARIO)
        self.log = os.path.join(folder, "requests.jsonl")
        self.process = subprocess.Popen(
            [program, "simulate", "--scenario", scenario, "--request-log", self.log], env=environment,
            stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().split()[-1]
        self.rest = ""
        self.file = open(self.log)
        self.questions = []

    def read(self):
        """Takes in what was logged meanwhile."""
        self.rest += self.file.read()
        *lines, self.rest = self.rest.split("\n")
        for line in lines:
            body = json.loads(line)["body"]
            asked = next(m["content"] for m in body["messages"] if m["role"] == "user")
            self.questions.append(asked if isinstance(asked, str) else asked[0]["text"])
        return self.questions

    def ask(self, question):
        """A request behind the program's back."""
        body = {"model": "gpt-5.4-mini", "messages": [{"role": "user", "content": question}]}
        request = urllib.request.Request(
            self.url + "/chat/completions", json.dumps(body).encode(), {"content-type": "application/json"})
        urllib.request.urlopen(request).read()

    def stop(self):
        self.process.kill()
        self.process.wait()


def tables(path):
    """A copy of the run's database as it lies on the disk, so that looking at it changes nothing."""
    with tempfile.TemporaryDirectory(prefix="torture-look-") as folder:
        copy = os.path.join(folder, "run.db")
        for ending in ("", "-journal", "-wal"):
            if os.path.exists(path + ending):
                shutil.copyfile(path + ending, copy + ending)
        database = sqlite3.connect(copy)
        database.row_factory = sqlite3.Row
        look = {
            "trials": database.execute("SELECT * FROM trial ORDER BY number").fetchall(),
            "requests": database.execute("SELECT * FROM request ORDER BY id").fetchall(),
            "scores": database.execute("SELECT trial, count(*) AS n FROM score WHERE superseded = 0 GROUP BY trial").fetchall(),
            "run": database.execute("SELECT * FROM run").fetchone(),
        }
        database.close()
    return look


def usd(picodollars):
    return Decimal(picodollars) / Decimal(10) ** 12


class Run:
    """One run: begun, killed a few times, resumed, and left to its end."""

    def __init__(self, worker, number, seed, kills):
        self.worker, self.number, self.random, self.planned_kills = worker, number, random.Random(seed), kills
        self.folder = tempfile.mkdtemp(prefix="torture-run-", dir=worker.folder)
        self.runs = os.path.join(self.folder, "runs")
        self.tag = f"{worker.index}x{number}"
        self.kills = 0
        self.unknown = 0
        self.settled_at_kill = {}
        with open(os.path.join(self.folder, "suite.yaml"), "w") as file:
            file.write(SUITE)
        words = ["", "", "", " torn", " busy"]
        for name, count, text in (("sums", SAMPLES, "What is 2 + 3?"), ("calls", TOOL_SAMPLES, "lookup five")):
            with open(os.path.join(self.folder, name + ".jsonl"), "w") as file:
                for index in range(count):
                    word = words[index % len(words)] if name == "sums" else ""
                    file.write(json.dumps({"id": f"{name}{index}", "question": f"{text}{word} [{self.tag}-{name}{index}]"}) + "\n")

    def asked(self):
        """How often each sample of this run was asked for at the simulator."""
        counts = Counter()
        for question in self.worker.simulator.read():
            if f"[{self.tag}-" in question:
                counts[question.rsplit("-", 1)[1].rstrip("]")] += 1
        return counts

    def database(self):
        if not os.path.isdir(self.runs):
            return None
        found = [name for name in os.listdir(self.runs) if re.fullmatch(r"[0-9a-z]{8}\.db", name)]
        check(len(found) <= 1, f"several runs: {found}")
        return os.path.join(self.runs, found[0]) if found else None

    def command(self):
        begun = self.database() is not None
        what = ["resume"] if begun else ["run", os.path.join(self.folder, "suite.yaml")]
        return [self.worker.program, "bench", *what, "--runs-dir", self.runs, "--base-url", self.worker.simulator.url, "-o", "json",
                "--no-watch"], begun

    def start(self):
        arguments, begun = self.command()
        self.expects = self.open_requests() if begun else 0
        self.errors = open(os.path.join(self.folder, "errors.txt"), "w+")
        return subprocess.Popen(arguments, env=self.worker.environment, stdout=subprocess.PIPE, stderr=self.errors, text=True)

    def open_requests(self):
        return sum(r["state"] in ("intent", "open", "unknown") for r in tables(self.database())["requests"])

    def kill_at_random(self, process):
        """Waits for a moment: since the start, since the launch record, or when so many requests were made."""
        manner = self.random.random()
        if manner < 0.15:
            time.sleep(self.random.uniform(0, self.worker.start_time))
        else:
            if not process.stdout.readline():
                return
            left = SAMPLES + 2 * TOOL_SAMPLES - sum(n > 0 for n in self.asked().values())
            wanted = len(self.worker.simulator.questions) + self.random.randint(0, max(1, left))
            until = time.monotonic() + 5
            while len(self.worker.simulator.read()) < wanted and process.poll() is None and time.monotonic() < until:
                time.sleep(0.0005)
            time.sleep(self.random.uniform(0, 0.03))
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait()
        if process.returncode == -signal.SIGKILL:
            self.kills += 1

    def after_kill(self):
        """Nothing that has its result may be asked again from here on."""
        path = self.database()
        if path is None:
            return
        asked = self.asked()
        for trial in tables(path)["trials"]:
            if trial["state"] == "settled":
                self.settled_at_kill.setdefault(trial["sample"], asked[trial["sample"]])

    def perform(self):
        for _ in range(self.planned_kills):
            process = self.start()
            self.kill_at_random(process)
            if process.returncode == 0:
                break
            check(process.returncode == -signal.SIGKILL, f"ended with {process.returncode}: {self.said()}")
            self.check_told(None)
            self.after_kill()
        path = self.database()
        if path is None or tables(path)["run"]["state"] != "complete":
            self.finish()
        self.worker.simulator.read()
        self.check_end()
        return self.kills

    def finish(self):
        process = self.start()
        output, _ = process.communicate(timeout=60)
        check(process.returncode == 0, f"ended with {process.returncode}: {self.said()}")
        launch, final = (json.loads(line) for line in output.splitlines())
        self.check_told(launch)
        self.final = final

    def said(self):
        self.errors.seek(0)
        return self.errors.read()

    def check_told(self, launch):
        """What a kill left open is told when the run is taken up again."""
        if launch is not None:
            check(launch["unknown"]["requests"] == self.expects, f"told {launch['unknown']} of {self.expects} unknown requests")
            check((Decimal(launch["unknown"]["maybe_usd"]) > 0) == (self.expects > 0), f"unknown, not priced: {launch['unknown']}")
        said = self.said()
        if self.expects and "trials to do" in said and (launch is not None or "nobody" in said):
            check(f"became of {self.expects} request" in said, f"not told of {self.expects} unknown requests: {said}")

    def check_end(self):
        look = tables(self.database())
        trials, requests = look["trials"], look["requests"]
        check(len(trials) == SAMPLES + TOOL_SAMPLES and all(t["state"] == "settled" for t in trials),
              f"trials without a result: {[t['sample'] for t in trials if t['state'] != 'settled']}")
        check(all(t["outcome"] == "right" for t in trials), f"outcomes {Counter(t['outcome'] for t in trials)}")
        check([s["n"] for s in look["scores"]] == [1] * len(trials), "a trial with no live score or several")
        asked = self.asked()
        for sample, count in self.settled_at_kill.items():
            check(asked[sample] == count, f"{sample} had its result and was asked again: {count}, then {asked[sample]}")
        rows = Counter(trials[r["trial"]]["sample"] for r in requests)
        for sample, count in asked.items():
            check(count <= rows[sample], f"{sample} was asked {count} times, and the database has {rows[sample]}")
        states = Counter(r["state"] for r in requests)
        check(set(states) <= {"settled", "estimated", "refused", "unknown"}, f"open at the end: {states}")
        # Each kill may have caught requests before they left; all others arrived.
        check(sum(asked.values()) >= len(requests) - states["unknown"], "the database has requests that nobody got")
        self.unknown = states["unknown"]
        self.check_money(requests, states)

    def check_money(self, requests, states):
        unknown = [r for r in requests if r["state"] == "unknown"]
        check(all(r["worst"] for r in unknown), "an unknown request without its upper bound")
        check(all(r["amount"] is not None for r in requests if r["state"] in ("settled", "estimated")), "a request without its cost")
        spent, maybe = sum(r["amount"] or 0 for r in requests), sum(r["worst"] for r in unknown)
        if hasattr(self, "final"):
            cost = self.final["cost"]
            check(self.final["requests"] == len(requests), f"the record tells {self.final['requests']} of {len(requests)} requests")
            check(Decimal(cost["usd"]) == usd(spent), f"the record tells {cost['usd']}, the requests cost {usd(spent)}")
            check(Decimal(cost["maybe_usd"]) == usd(maybe), f"the record tells {cost['maybe_usd']} maybe, it is {usd(maybe)}")
        self.check_ledger(requests)

    def check_ledger(self, requests):
        run = os.path.basename(self.database())[:-3]
        ledger = sqlite3.connect(self.worker.ledger)
        ledger.row_factory = sqlite3.Row
        entries = {(e["item"], e["attempt"]): e for e in ledger.execute("SELECT * FROM entry WHERE run = ?", [run])}
        ledger.close()
        items = [((f"{r['trial']}/{'judge' if r['role'] == 'judge' else ''}{r['turn']}", r["attempt"]), r) for r in requests]
        for key, request in items:
            entry = entries.get(key)
            check(entry is not None, f"the ledger does not know {key}")
            known = ("settled", "estimated")
            if entry["state"] in known and request["state"] in known:
                check(entry["amount"] == request["amount"], f"{key} cost {entry['amount']} or {request['amount']}")
            elif entry["state"] in known:
                check(request["state"] == "unknown" and entry["amount"] <= request["worst"], f"{key}: {entry['state']}, {request['state']}")
            elif request["state"] in known:
                check(entry["state"] in ("unknown", "intent", "open"), f"{key}: {entry['state']}, {request['state']}")
        # What was booked and is not in the run's database never left.
        extra = len(set(entries) - {key for key, _ in items})
        check(extra <= 8 * (self.kills + 1), f"{extra} entries of the ledger that the run does not know")


class Worker:
    """Runs one after the other, against one simulator."""

    def __init__(self, program, index, folder):
        self.program, self.index = program, index
        self.folder = tempfile.mkdtemp(prefix=f"worker{index}-", dir=folder)
        data = os.path.join(self.folder, "data")
        self.ledger = os.path.join(data, "tickertape", "usage.sqlite")
        self.environment = {"PATH": os.environ["PATH"], "HOME": self.folder, "LANG": "C.UTF-8", "XDG_DATA_HOME": data}
        if "LD_LIBRARY_PATH" in os.environ:
            self.environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
        self.simulator = Simulator(program, self.folder, self.environment)
        began = time.monotonic()
        subprocess.run([program, "--version"], env=self.environment, stdout=subprocess.DEVNULL, check=True)
        self.start_time = 3 * (time.monotonic() - began)

    def perform(self, wanted, seed):
        """Runs until so many kills are done; returns kills, runs and unknown requests."""
        chance = random.Random(seed)
        kills = runs = unknown = 0
        while kills < wanted:
            run_seed = chance.getrandbits(32)
            run = Run(self, runs, run_seed, min(wanted - kills, chance.choice([1, 2, 3, 4, 5])))
            try:
                kills += run.perform()
            except (Broken, subprocess.TimeoutExpired, ValueError) as problem:
                raise Broken(f"worker {self.index}, run {runs} (seed {run_seed}, {run.folder}): {problem}") from problem
            runs += 1
            unknown += run.unknown
            shutil.rmtree(run.folder)
        return kills, runs, unknown

    def notices(self):
        """A request behind the program's back, for a trial that has its result: the harness has to notice."""
        run = Run(self, "control", 1, 0)
        run.finish()
        run.after_kill()
        run.check_end()
        self.simulator.ask(f"What is 2 + 3? [{run.tag}-sums0]")
        try:
            run.check_end()
        except Broken:
            return
        raise Broken("the harness did not notice a request that was sent twice")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("kills", nargs="?", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--keep", action="store_true", help="keep the files of a failure")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="tickertape-torture-")
    began = time.monotonic()
    workers = []
    try:
        program = os.path.realpath(options.program)
        workers = [Worker(program, index, folder) for index in range(options.workers)]
        workers[0].notices()
        share = -(-options.kills // options.workers)
        with concurrent.futures.ThreadPoolExecutor(options.workers) as pool:
            results = list(pool.map(lambda w: w.perform(share, options.seed * 1_000 + w.index), workers))
    except Broken as problem:
        print(f"torture: {problem}", file=sys.stderr)
        return 1
    finally:
        for worker in workers:
            worker.simulator.stop()
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    kills, runs, unknown = (sum(column) for column in zip(*results))
    print(f"torture: {kills} kills in {runs} runs, {time.monotonic() - began:.0f} s; "
          f"{unknown} requests of unknown fate, all counted and priced; nothing with a result was asked again")
    return 0


if __name__ == "__main__":
    sys.exit(main())
