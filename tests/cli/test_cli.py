"""Tests: cli/test_cli."""

# being written by another engineer
