"""The command line."""

from goldenpath.cli._main import main

__all__ = ["main"]
