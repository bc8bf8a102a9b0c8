"""Tests: cli/test_serve."""

# being written by another engineer
