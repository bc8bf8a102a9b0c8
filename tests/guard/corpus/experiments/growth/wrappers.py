import logging
from datetime import date

from growth.assignment import ExperimentAssigner
from growth.base import Assignment, BaseAssigner
from growth.bucketing import WeightedBuckets

exposures = logging.getLogger("growth.exposures")


class TrackedAssigner(BaseAssigner):
    """Wraps an assigner and writes each assignment to the exposure log (Kafka picks it up)."""

    def __init__(self, assigner):
        self.assigner = assigner

    def assign(self, user, slug):
        assignment = self.assigner.assign(user, slug)
        if assignment.variant is not None:
            exposures.info("%s\t%s\t%s", user.pk, slug, assignment.variant)
        return assignment

    def force(self, user, slug, variant_name):
        return self.assigner.force(user, slug, variant_name)


class HoldoutAssigner(ExperimentAssigner):
    """Keeps two percent of the users out of all experiments, drawn anew each quarter."""

    percent = 2

    def assign(self, user, slug):
        if self.in_holdout(user):
            self.get_experiment(slug)
            return Assignment(slug, None, False)
        return super().assign(user, slug)

    def in_holdout(self, user):
        today = date.today()
        salt = f"holdout/{today.year}q{(today.month - 1) // 3}"
        return WeightedBuckets(salt, []).point(user.pk) * 100 < self.percent
