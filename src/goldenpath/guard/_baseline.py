"""Findings that are accepted for now; there may only be fewer of them.

They are known by fingerprint and not by line, so that they survive edits around them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from goldenpath.guard._errors import ConfigurationError
from goldenpath.guard._findings import Finding


def load(path: Path) -> Counter[str]:
    """Return how often each fingerprint is accepted.

    Raises:
        ConfigurationError: The file is none of ours.
    """
    try:
        table = json.loads(path.read_text("utf-8"))
        return Counter(
            {one["fingerprint"]: int(one["count"]) for one in table["accepted"]}
        )
    except OSError as error:
        raise ConfigurationError(
            f"the baseline {str(path)!r} cannot be read: {error.strerror}"
        ) from None
    except (ValueError, KeyError, TypeError):
        raise ConfigurationError(
            f"{str(path)!r} is no baseline; write one with `goldenpath guard baseline`"
        ) from None


def save(path: Path, findings: Iterable[Finding]) -> int:
    """Accept findings; return how many."""
    counted: Counter[str] = Counter()
    shown: dict[str, Finding] = {}
    for finding in findings:
        counted[finding.fingerprint] += 1
        shown.setdefault(finding.fingerprint, finding)
    accepted = [
        {
            "fingerprint": name,
            "count": counted[name],
            "code": shown[name].code,
            "file": shown[name].path,
            "subject": shown[name].subject,
        }
        for name in sorted(
            counted, key=lambda name: (shown[name].code, shown[name].path, name)
        )
    ]
    path.write_text(json.dumps({"version": 1, "accepted": accepted}, indent=1) + "\n")
    return sum(counted.values())


def apply(
    findings: Iterable[Finding], accepted: Counter[str]
) -> tuple[list[Finding], int, int]:
    """Return the findings that are not accepted.

    Also how many are, and how many accepted ones are gone: the baseline can shrink.
    """
    left = accepted.copy()
    new = []
    for finding in findings:
        if left[finding.fingerprint] > 0:
            left[finding.fingerprint] -= 1
        else:
            new.append(finding)
    gone = sum(left.values())
    return new, accepted.total() - gone, gone
