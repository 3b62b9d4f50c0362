#!/usr/bin/env python3
"""Holds every request body of the tests against the schemas once more, with a validator that is not ours.

    python3 .ci/validate_requests.py [BODIES]

BODIES is a file that the tests wrote (a JSON object a line, members api and body); without it they are run to write one.
Needs the Python package jsonschema, and says so and succeeds where it is missing.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCHEMAS = ROOT / "Tests/ProviderOpenAITests/Schemas"


def written_bodies(folder):
    path = pathlib.Path(folder) / "bodies.jsonl"
    command = ["swift", "test", "--disable-xctest", "--filter", "RequestMatrixTests"]
    environment = os.environ | {"TICKERTAPE_REQUEST_BODIES": str(path)}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    return path


def check(path):
    from jsonschema import Draft202012Validator

    validators = {}
    for api in ("chat", "responses"):
        schema = json.loads((SCHEMAS / f"{api}-request.schema.json").read_text())
        Draft202012Validator.check_schema(schema)
        validators[api] = Draft202012Validator(schema)
    count = failed = 0
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            count += 1
            errors = list(validators[entry["api"]].iter_errors(entry["body"]))
            failed += bool(errors)
            if errors and failed <= 10:
                print(f"{errors[0].json_path}: {errors[0].message[:200]}")
    print(f"requests: {count} bodies, {failed} invalid")
    return failed == 0 and count > 0


def main():
    try:
        import jsonschema  # noqa: F401
    except ImportError:
        print("requests: skipped, the Python package jsonschema is not installed")
        return 0
    if len(sys.argv) > 1:
        return 0 if check(sys.argv[1]) else 1
    with tempfile.TemporaryDirectory() as folder:
        return 0 if check(written_bodies(folder)) else 1


if __name__ == "__main__":
    sys.exit(main())
