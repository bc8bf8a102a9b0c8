from __future__ import annotations

import re
from collections.abc import Iterable

from talkback.domain.models import Comment, Verdict

LINK = re.compile(r"https?://", re.I)


class CommentScreener:
    """Scores a comment before anybody has read it. Keeps nothing."""

    def __init__(self, banned: Iterable[str], max_links: int = 2) -> None:
        self._banned = re.compile(
            "|".join(rf"\b{re.escape(w)}\b" for w in banned) or r"(?!)", re.I
        )
        self._max_links = max_links

    def judge(self, comment: Comment) -> Verdict:
        score, reasons = 0.0, []
        if self._banned.search(comment.body):
            score += 0.6
            reasons.append("banned word")
        links = len(LINK.findall(comment.body))
        if links > self._max_links:
            score += 0.2 * links
            reasons.append(f"{links} links")
        letters = [c for c in comment.body if c.isalpha()]
        if len(letters) > 20 and sum(c.isupper() for c in letters) / len(letters) > 0.7:
            score += 0.4
            reasons.append("shouting")
        return Verdict(min(score, 1.0), tuple(reasons))
