"""Carries a repair out: plans it in phases, edits bytes, writes what was planned."""

__all__ = []
