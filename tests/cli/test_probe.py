"""Tests: cli/test_probe."""

# being written by another engineer
