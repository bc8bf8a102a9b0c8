"""Promo codes of the marketing team.

Campaigns live in their own tables, so that marketing can load and switch
them off without asking the shop team for a release.
"""

import hashlib
import uuid

from django.db import models, transaction
from django.utils import timezone


class PromoCampaign(models.Model):
    slug = models.SlugField(unique=True)
    percent_off = models.PositiveSmallIntegerField()
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    budget = models.DecimalField(max_digits=10, decimal_places=2)
    spent = models.DecimalField(max_digits=10, decimal_places=2, default=0)


class PromoCode(models.Model):
    campaign = models.ForeignKey(PromoCampaign, on_delete=models.CASCADE)
    token = models.CharField(max_length=16, unique=True)
    claimed_by = models.EmailField(blank=True)
    claimed_at = models.DateTimeField(null=True)


class PromoEngine:
    def __init__(self, campaign_slug):
        self.campaign = PromoCampaign.objects.get(slug=campaign_slug)

    def mint(self, how_many):
        """Creates codes for the campaign and returns their tokens."""
        codes = []
        for _ in range(how_many):
            digest = hashlib.sha1(uuid.uuid4().bytes).hexdigest()[:10].upper()
            codes.append(PromoCode(campaign=self.campaign, token=digest))
        PromoCode.objects.bulk_create(codes)
        return [c.token for c in codes]

    def apply(self, token, cart, email):
        now = timezone.now()
        if not self.campaign.starts <= now <= self.campaign.ends:
            return None
        with transaction.atomic():
            code = (
                PromoCode.objects.select_for_update()
                .filter(campaign=self.campaign, token=token.upper(), claimed_at=None)
                .first()
            )
            if code is None:
                return None
            off = cart.total * self.campaign.percent_off / 100
            if self.campaign.spent + off > self.campaign.budget:
                return None
            code.claimed_by, code.claimed_at = email, now
            code.save()
            self.campaign.spent += off
            self.campaign.save(update_fields=["spent"])
        cart.add_discount("promo:" + self.campaign.slug, off)
        return off

    def burn_down(self):
        return self.campaign.budget - self.campaign.spent
