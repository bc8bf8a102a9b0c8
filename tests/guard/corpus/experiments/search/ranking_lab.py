"""Online trials of ranking models (search team)."""

import zlib

import yaml
from django.conf import settings


class RankingLab:
    """Which ranker a user's searches go to.

    Trials are described in ``ranking_trials.yaml``:

        price-boost:
          layer: relevance
          arms: {baseline: 0-49, boost: 50-99}

    One user is in one trial per layer at most.
    """

    def __init__(self, path=None):
        with open(path or settings.RANKING_TRIALS) as f:
            self.trials = yaml.safe_load(f)
        self.overrides = {}

    def slot(self, user_id, layer):
        return zlib.crc32(f"{layer}|{user_id}".encode()) % 100

    def arm(self, user_id, trial):
        if (user_id, trial) in self.overrides:
            return self.overrides[user_id, trial]
        spec = self.trials[trial]
        slot = self.slot(user_id, spec["layer"])
        for arm, span in spec["arms"].items():
            low, _, high = span.partition("-")
            if int(low) <= slot <= int(high):
                return arm
        return None

    def override(self, user_id, trial, arm):
        self.overrides[user_id, trial] = arm

    def ranker_for(self, user_id, default="bm25"):
        for trial in self.trials:
            arm = self.arm(user_id, trial)
            if arm and arm != "baseline":
                return f"{trial}:{arm}"
        return default
