"""Secrets for the application.

store = open_secrets(settings)
password = await store.get("db/main", "password")
"""

from orchard.secrets.errors import SecretBackendDown, SecretError, SecretNotFound
from orchard.secrets.factory import SecretStoreFactory, open_secrets
from orchard.secrets.protocol import SecretReader
from orchard.secrets.types import Secret
from orchard.secrets.vault import VaultSecretStore

__all__ = [
    "Secret",
    "SecretBackendDown",
    "SecretError",
    "SecretNotFound",
    "SecretReader",
    "SecretStoreFactory",
    "VaultSecretStore",
    "open_secrets",
]
