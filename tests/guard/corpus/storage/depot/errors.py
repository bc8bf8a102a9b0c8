class NotStored(LookupError):
    pass
