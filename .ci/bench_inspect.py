"""The suite of bench_suite.py as a task of inspect_ai: SAMPLES trivial samples against a base URL.

Usage: bench_inspect.py BASE_URL SAMPLES LOG_FOLDER        prints its version
"""

import os
import sys

base_url, samples, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
os.environ["OPENAI_API_KEY"] = "none"
os.environ["OPENAI_BASE_URL"] = base_url

import inspect_ai  # noqa: E402
from inspect_ai import Task, eval as run  # noqa: E402
from inspect_ai.dataset import MemoryDataset, Sample  # noqa: E402
from inspect_ai.model import get_model  # noqa: E402
from inspect_ai.scorer import includes  # noqa: E402

task = Task(dataset=MemoryDataset([Sample(input="What is 2 + 3?", target="5", id=i) for i in range(samples)]), scorer=includes())
log = run(task, model=get_model("openai/gpt-4o-mini", base_url=base_url, api_key="none"), log_dir=folder, log_format="json",
          display="none", max_connections=32)[0]
if log.status != "success":
    sys.exit(f"inspect_ai: {log.status} {log.error}")
print(inspect_ai.__version__)
