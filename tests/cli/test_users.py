"""Tests: cli/test_users."""

# being written by another engineer
