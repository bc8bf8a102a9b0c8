"""The rules: one file each, and the list of them."""

from goldenpath.guard.rules._list import RULES, Rule

__all__ = ["RULES", "Rule"]
