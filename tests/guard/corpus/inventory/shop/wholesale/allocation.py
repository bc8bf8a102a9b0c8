from django.db import models, transaction
from django.db.models import F, Sum


class PalletLevel(models.Model):
    article = models.CharField(max_length=40, unique=True)
    pallets = models.IntegerField(default=0)


class PalletAllocation(models.Model):
    article = models.CharField(max_length=40)
    dealer = models.CharField(max_length=80)
    pallets = models.IntegerField()
    dispatched = models.BooleanField(default=False)


class AllocationDesk:
    """How many pallets of an article we have, and which dealers they are for."""

    def free(self, article):
        level = PalletLevel.objects.filter(article=article).first()
        if level is None:
            return 0
        promised = (
            PalletAllocation.objects.filter(
                article=article, dispatched=False
            ).aggregate(n=Sum("pallets"))["n"]
            or 0
        )
        return level.pallets - promised

    def book_in(self, article, pallets):
        PalletLevel.objects.get_or_create(article=article)
        PalletLevel.objects.filter(article=article).update(
            pallets=F("pallets") + pallets
        )

    @transaction.atomic
    def allocate(self, dealer, article, pallets):
        PalletLevel.objects.select_for_update().get(article=article)
        granted = min(pallets, self.free(article))
        if granted <= 0:
            return None
        return PalletAllocation.objects.create(
            article=article, dealer=dealer, pallets=granted
        )

    @transaction.atomic
    def dispatch(self, allocation):
        PalletLevel.objects.filter(article=allocation.article).update(
            pallets=F("pallets") - allocation.pallets
        )
        allocation.dispatched = True
        allocation.save()

    def withdraw(self, allocation):
        allocation.delete()
