import re


class CommentStripper:
    """Takes HTML, CSS and Jinja comments out of the page templates at build time."""

    PATTERNS = [
        re.compile(p, re.S) for p in (r"<!--(?!\[if).*?-->", r"/\*.*?\*/", r"\{#.*?#\}")
    ]

    def __init__(self, keep_licenses=True):
        self.keep_licenses = keep_licenses
        self.removed = 0

    def strip(self, text):
        for pattern in self.PATTERNS:
            text = pattern.sub(self._remove, text)
        return text

    def _remove(self, match):
        if self.keep_licenses and "@license" in match.group():
            return match.group()
        self.removed += 1
        return ""
