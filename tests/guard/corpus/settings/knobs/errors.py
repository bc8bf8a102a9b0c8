class ConfigMissing(KeyError):
    pass
