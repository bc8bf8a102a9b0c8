"""Proposed concepts, for people, for pyproject.toml and for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence

from goldenpath.guard._discover import Proposal


def write_proposals(proposals: Sequence[Proposal], format_: str) -> str:
    """Return proposals as text, TOML or JSON."""
    if format_ == "json":
        return json.dumps([_data(one) for one in proposals], indent=1) + "\n"
    if format_ == "toml":
        return "\n".join(_toml(one) for one in proposals)
    return "\n".join(_text(one) for one in proposals)


def _data(proposal: Proposal) -> dict[str, object]:
    concept = proposal.concept
    return {
        "name": concept.name,
        "home": concept.home,
        "words": list(concept.words),
        "weight": proposal.weight,
        "reasons": list(proposal.reasons),
        "others": list(proposal.others),
    }


def _toml(proposal: Proposal) -> str:
    concept = proposal.concept
    lines = [f"# {reason}" for reason in proposal.reasons]
    lines += [
        "[[tool.goldenpath.guard.concept]]",
        f"name = {json.dumps(concept.name)}",
        f"home = {json.dumps(concept.home)}",
    ]
    if concept.words:
        lines.append(f"words = {json.dumps(list(concept.words))}")
    return "\n".join(lines) + "\n"


def _text(proposal: Proposal) -> str:
    lines = [f"{proposal.concept.name}: {proposal.concept.home}"]
    lines += [f"  {reason}" for reason in proposal.reasons]
    lines += [f"  like {other}" for other in proposal.others]
    return "\n".join(lines) + "\n"
