import random

from django.db import models, transaction


class Subscriber(models.Model):
    email = models.EmailField(unique=True)
    confirmed = models.BooleanField(default=False)


class SplitMembership(models.Model):
    campaign = models.CharField(max_length=60)
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE)
    arm = models.CharField(max_length=10)

    class Meta:
        unique_together = [("campaign", "subscriber")]


class CampaignSplitter:
    """
    Divides the subscribers among the arms of a newsletter test (subject line,
    time of dispatch, hero picture).

    ``shares`` are percents by arm. Subscribers keep the arm they once got.
    """

    def __init__(self, campaign, shares, seed=None):
        if sum(shares.values()) != 100:
            raise ValueError("shares must add up to 100")
        self.campaign = campaign
        self.shares = shares
        self.random = random.Random(seed)

    def draw(self):
        return self.random.choices(
            list(self.shares), weights=list(self.shares.values())
        )[0]

    def arm_of(self, subscriber):
        membership, _ = SplitMembership.objects.get_or_create(
            campaign=self.campaign, subscriber=subscriber, defaults={"arm": self.draw()}
        )
        return membership.arm

    @transaction.atomic
    def split(self, subscribers):
        known = dict(
            SplitMembership.objects.filter(campaign=self.campaign).values_list(
                "subscriber_id", "arm"
            )
        )
        fresh = [
            SplitMembership(campaign=self.campaign, subscriber=s, arm=self.draw())
            for s in subscribers
            if s.pk not in known
        ]
        SplitMembership.objects.bulk_create(fresh, batch_size=1000)
        known.update((m.subscriber_id, m.arm) for m in fresh)
        return known


def send_newsletter(campaign, shares, subjects, send):
    people = Subscriber.objects.filter(confirmed=True)
    arms = CampaignSplitter(campaign, shares).split(people)
    for person in people.iterator():
        send(person.email, subjects[arms[person.pk]])
