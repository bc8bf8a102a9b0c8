from __future__ import annotations

import os
import smtplib

from celery import Celery

from orchard.legacy.vaultutil import VaultUtil
from orchard.workers.blocking import BlockingSecretStore

app = Celery("orchard")
store = BlockingSecretStore(
    os.environ["VAULT_ADDR"], os.environ.get("VAULT_ROLE", "orchard-worker")
)


@app.task
def send_digest(address: str, body: str) -> None:
    with smtplib.SMTP("smtp.internal") as smtp:
        smtp.login("orchard", store.get("mail/smtp", "password"))
        smtp.sendmail("no-reply@orchard.example", [address], body)


@app.task
def export_to_partner(batch_id: int) -> None:
    from orchard.partners import upload

    upload(batch_id, password=VaultUtil().secret("partners/sftp/password"))
