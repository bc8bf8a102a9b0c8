"""The rules, one file each; the list of them is in ``_list.py``."""

__all__ = []
