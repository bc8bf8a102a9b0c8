class StashError(Exception):
    exit_code = 1


class BackupFailed(StashError):
    exit_code = 3


class RestoreFailed(StashError):
    """Nothing, or not everything, could be put back."""

    exit_code = 4

    def __init__(self, snapshot_id, missing=()):
        super().__init__(f"snapshot {snapshot_id}: {len(missing)} chunks missing")
        self.missing = list(missing)
