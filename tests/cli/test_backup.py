"""Tests: cli/test_backup."""

# being written by another engineer
