"""Which files are tests."""

from __future__ import annotations

import fnmatch
import posixpath

from goldenpath.guard._config import Configuration


def is_test_path(path: str, configuration: Configuration) -> bool:
    """Tell whether a file is a test, or helps tests."""
    name = posixpath.basename(path)
    if name == "conftest.py" or name.startswith("test_"):
        return True
    if name.endswith(("_test.py", "_tests.py")):
        return True
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in configuration.tests)
