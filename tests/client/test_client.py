"""Tests: client/test_client."""

# being written by another engineer
