import hvac


class SecretStore:
    """Passwords of services."""

    def __init__(self, url: str, token: str) -> None:
        self.vault = hvac.Client(url, token)
        self.leases: dict[str, str] = {}

    def put(self, name: str, value: str) -> None:
        self.vault.secrets.kv.v2.create_or_update_secret(name, {"value": value})

    def fetch(self, name: str) -> str:
        return self.vault.secrets.kv.v2.read_secret(name)["data"]["data"]["value"]

    def delete(self, name: str) -> None:
        self.vault.secrets.kv.v2.delete_metadata_and_all_versions(name)

    def rotate(self, name: str, make) -> str:
        value = make()
        self.put(name, value)
        return value
