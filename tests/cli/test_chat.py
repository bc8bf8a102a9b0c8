"""Tests: cli/test_chat."""

# being written by another engineer
