class SecretError(Exception):
    """Base of all that can go wrong with a secret."""


class SecretNotFound(SecretError, KeyError):
    def __init__(self, path: str, key: str | None = None) -> None:
        self.path = path
        self.key = key
        super().__init__(path if key is None else f"{path}#{key}")


class SecretBackendDown(SecretError):
    pass
