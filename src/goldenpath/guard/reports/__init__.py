"""A scan, written for people and for programs; see ``_formats.py``."""

__all__ = []
