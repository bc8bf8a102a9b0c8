"""Tests: client/test_http."""

# being written by another engineer
