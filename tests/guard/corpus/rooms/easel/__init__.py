"""Easel: shared boards, drawn on by many at once."""
