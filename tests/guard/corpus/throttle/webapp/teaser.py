# -*- coding: utf-8 -*-
import re


class AbstractLimiter:
    """Cuts abstracts for the list of hits: so many words, and no half sentence where it can be helped."""

    def __init__(self, limit=60):
        self.limit = limit

    def setLimit(self, limit):
        self.limit = limit

    def cut(self, text):
        words = text.split()
        if len(words) <= self.limit:
            return text
        short = " ".join(words[: self.limit])
        match = re.match(r"(.*[.!?])\s", short + " ")
        if match and len(match.group(1)) > len(short) / 2:
            return match.group(1)
        return short + "\u2026"
