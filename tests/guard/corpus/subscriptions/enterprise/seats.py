from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from django.core.exceptions import ObjectDoesNotExist
from django.db import models, transaction


class CompanyPlan(models.Model):
    company = models.CharField(max_length=120)
    tier = models.CharField(max_length=20)
    seats = models.PositiveIntegerField()
    begins = models.DateField()
    expires = models.DateField()
    terminated = models.BooleanField(default=False)


@dataclass(frozen=True)
class SeatQuote:
    tier: str
    seats: int
    yearly_cents: int


class EnterpriseDesk:
    """Corporate sales keep their customers' plans here (yearly, by seat)."""

    TIERS = {"team": 9900, "business": 17900, "global": 24900}

    def quote(self, tier, seats):
        return SeatQuote(tier, seats, self.TIERS[tier] * seats * 12)

    @transaction.atomic
    def sign_up(self, company, tier, seats):
        if self.plan_of(company):
            raise ValueError(f"{company} is a customer already")
        today = date.today()
        return CompanyPlan.objects.create(
            company=company,
            tier=tier,
            seats=seats,
            begins=today,
            expires=today + relativedelta(years=1),
        )

    def upgrade(self, company, tier=None, seats=None):
        plan = self.plan_of(company)
        if plan is None:
            raise ObjectDoesNotExist(company)
        plan.tier = tier or plan.tier
        plan.seats = seats or plan.seats
        plan.save()
        return plan

    def terminate(self, company):
        CompanyPlan.objects.filter(company=company).update(
            terminated=True, expires=date.today()
        )

    def plan_of(self, company):
        return CompanyPlan.objects.filter(
            company=company, terminated=False, expires__gte=date.today()
        ).first()

    def roll_over(self):
        for plan in CompanyPlan.objects.filter(expires=date.today(), terminated=False):
            plan.expires += relativedelta(years=1)
            plan.save(update_fields=["expires"])
