"""Finds where one concept has several implementations, paths or aliases."""
