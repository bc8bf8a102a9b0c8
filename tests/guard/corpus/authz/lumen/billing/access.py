from __future__ import annotations

from pathlib import Path

import yaml


class BillingAcl:
    """Who may see, send and cancel invoices. Finance edits acl.yaml themselves.

    accountant:
      members: [ann@lumen.example]
      can: [invoice.view, invoice.send]
    """

    def __init__(self, path: Path = Path("/etc/lumen/acl.yaml")) -> None:
        self.path = path
        self._mtime = 0.0
        self._groups: dict[str, dict[str, list[str]]] = {}

    def _reload(self) -> None:
        mtime = self.path.stat().st_mtime
        if mtime != self._mtime:
            self._groups = yaml.safe_load(self.path.read_text()) or {}
            self._mtime = mtime

    def can(self, email: str, permission: str) -> bool:
        self._reload()
        area = permission.split(".")[0] + ".*"
        for group in self._groups.values():
            if email in group["members"] and (
                permission in group["can"] or area in group["can"]
            ):
                return True
        return False

    def check(self, email: str, permission: str) -> None:
        if not self.can(email, permission):
            raise PermissionError(f"{email}: {permission}")

    def allow(self, group: str, permission: str) -> None:
        self._reload()
        self._groups.setdefault(group, {"members": [], "can": []})["can"].append(
            permission
        )
        self.path.write_text(yaml.safe_dump(self._groups))
