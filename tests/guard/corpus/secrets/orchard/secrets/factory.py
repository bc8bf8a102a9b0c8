from __future__ import annotations

from orchard.secrets.aws import AwsSecretStore
from orchard.secrets.protocol import SecretReader
from orchard.secrets.types import VaultSettings
from orchard.secrets.vault import NamespacedVaultSecretStore, VaultSecretStore
from orchard.secrets.wrappers import MeteredSecrets


class SecretStoreFactory:
    def __init__(self, settings) -> None:
        self._settings = settings

    def create(self) -> SecretReader:
        if self._settings.hosting == "aws":
            return MeteredSecrets(AwsSecretStore(self._settings.aws_region))
        return MeteredSecrets(VaultSecretStore(self._vault()))

    def for_tenant(self, tenant: str) -> SecretReader:
        return NamespacedVaultSecretStore(tenant, self._vault())

    def _vault(self) -> VaultSettings:
        return VaultSettings(
            url=self._settings.vault_url, role=self._settings.vault_role
        )


def open_secrets(settings) -> SecretReader:
    return SecretStoreFactory(settings).create()
