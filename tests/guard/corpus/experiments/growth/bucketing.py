import hashlib


class WeightedBuckets:
    """Maps a stable hash of (salt, key) to one of several weighted names.

    The bare arithmetic behind ``ExperimentAssigner``.
    """

    def __init__(self, salt, weights):
        self.salt = salt
        self.weights = list(weights)
        self.total = sum(w for _, w in self.weights)

    def point(self, key):
        digest = hashlib.sha1(f"{self.salt}:{key}".encode()).hexdigest()
        return int(digest[:12], 16) / float(16**12)

    def pick(self, key):
        at = self.point(key) * self.total
        for name, weight in self.weights:
            at -= weight
            if at < 0:
                return name
        return self.weights[-1][0]


class Eligibility:
    """Whether a user may take part: country, staff, share of traffic."""

    def __init__(self, experiment):
        self.experiment = experiment
        self.countries = {
            c.strip() for c in experiment.countries.split(",") if c.strip()
        }

    def __call__(self, user):
        if user.is_staff:
            return False
        if self.countries and user.profile.country not in self.countries:
            return False
        share = WeightedBuckets(f"traffic/{self.experiment.slug}", []).point(user.pk)
        return share * 100 < self.experiment.traffic
