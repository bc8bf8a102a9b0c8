import json
import os
from pathlib import Path

import hypothesis
import pytest

# A busy machine is no failure; how fast something is belongs in benchmarks.
hypothesis.settings.register_profile("goldenpath", deadline=None, print_blob=True)
hypothesis.settings.load_profile("goldenpath")

# Where observations are written down for tools/gen_faults.py, if they are wanted.
OBSERVATIONS = os.environ.get("GOLDENPATH_OBSERVATIONS")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def observe(request):
    """Write down what was seen of a fault: one plain sentence, the same each time."""

    def write(number, *, ours=None, naive=None):
        assert ours or naive
        if OBSERVATIONS is None:
            return
        seen = {"number": number, "ours": ours, "naive": naive}
        seen["test"] = request.node.nodeid
        # A file for each process that runs tests: none waits for another.
        with Path(OBSERVATIONS, f"{os.getpid()}.jsonl").open("a") as file:
            file.write(json.dumps(seen) + "\n")

    return write
