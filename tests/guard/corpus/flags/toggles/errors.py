class UnknownFlag(LookupError):
    """There is no such flag."""
