import smtplib
from email.message import EmailMessage

from stash.core.errors import StashError


class NotifyingBackups:
    """Holds a manager; mails the admins when a backup or a restore of it fails."""

    def __init__(self, manager, reporter):
        self.manager = manager
        self.reporter = reporter

    def create(self, source):
        try:
            return self.manager.create(source)
        except StashError as exc:
            self.reporter.failure("backup", source, exc)
            raise

    def restore(self, snapshot_id, target, only=None):
        try:
            self.manager.restore(snapshot_id, target, only)
        except StashError as exc:
            self.reporter.failure("restore", snapshot_id, exc)
            raise
        self.reporter.success("restore", snapshot_id)

    def snapshots(self, source=None):
        return self.manager.snapshots(source)

    def prune(self):
        return self.manager.prune()


class BackupReporter:
    """Mails and the weekly table; knows nothing of how a backup is made."""

    def __init__(self, host, to):
        self.host = host
        self.to = to

    def failure(self, what, which, exc):
        self._mail(f"{what} of {which} FAILED", f"{type(exc).__name__}: {exc}")

    def success(self, what, which):
        self._mail(f"{what} of {which} done", "")

    def weekly(self, snapshots):
        rows = [f"{s.source:40} {s.id} {s.size // 2**20:>8} MB" for s in snapshots]
        self._mail("backups of the week", "\n".join(rows))

    def _mail(self, subject, text):
        message = EmailMessage()
        message["Subject"], message["To"], message["From"] = (
            f"[stash] {subject}",
            self.to,
            "stash@campus",
        )
        message.set_content(text)
        with smtplib.SMTP(self.host) as smtp:
            smtp.send_message(message)
