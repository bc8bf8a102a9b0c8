"""For the Celery workers, which have no event loop."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import requests

from orchard.secrets.errors import SecretBackendDown, SecretNotFound


class BlockingSecretStore:
    """Like VaultSecretStore, but blocks."""

    def __init__(
        self, url: str, role: str, mount: str = "kv", ttl: float = 600.0
    ) -> None:
        self._url = url
        self._role = role
        self._mount = mount
        self._ttl = ttl
        self._lock = threading.Lock()
        self._cached: dict[str, tuple[float, dict[str, str]]] = {}
        self._token: str | None = None

    def get(self, path: str, key: str) -> str:
        data = self.read(path)
        if key not in data:
            raise SecretNotFound(path, key)
        return data[key]

    def read(self, path: str) -> dict[str, str]:
        with self._lock:
            at, data = self._cached.get(path, (0.0, {}))
            if data and time.time() - at < self._ttl:
                return data
            data = self._fetch(path)
            self._cached[path] = (time.time(), data)
            return data

    def invalidate(self, path: str | None = None) -> None:
        with self._lock:
            if path is None:
                self._cached.clear()
            else:
                self._cached.pop(path, None)

    def _fetch(self, path: str) -> dict[str, str]:
        try:
            response = requests.get(
                f"{self._url}/v1/{self._mount}/data/{path}",
                headers={"X-Vault-Token": self._token or self._log_in()},
                timeout=5,
            )
        except requests.ConnectionError as exc:
            raise SecretBackendDown(str(exc)) from exc
        if response.status_code == 404:
            raise SecretNotFound(path)
        response.raise_for_status()
        return response.json()["data"]["data"]

    def _log_in(self) -> str:
        jwt = Path("/var/run/secrets/kubernetes.io/serviceaccount/token").read_text()
        response = requests.post(
            f"{self._url}/v1/auth/kubernetes/login",
            json={"role": self._role, "jwt": jwt},
            timeout=5,
        )
        response.raise_for_status()
        self._token = response.json()["auth"]["client_token"]
        return self._token
