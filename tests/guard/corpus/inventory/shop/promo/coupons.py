from django.core.cache import cache
from django.db import models
from django.utils import timezone


class Coupon(models.Model):
    code = models.CharField(max_length=20, unique=True)
    used_by = models.IntegerField(null=True)
    used_at = models.DateTimeField(null=True)


class CouponPool:
    """Single-use codes: locked while a customer is in checkout, then burnt."""

    def available(self, code):
        return (
            Coupon.objects.filter(code=code, used_by=None).exists()
            and cache.get(f"coupon:{code}") is None
        )

    def reserve(self, code, customer_id):
        if not self.available(code):
            return False
        return cache.add(f"coupon:{code}", customer_id, timeout=900)

    def release(self, code):
        cache.delete(f"coupon:{code}")

    def commit(self, code, customer_id):
        Coupon.objects.filter(code=code).update(
            used_by=customer_id, used_at=timezone.now()
        )
        self.release(code)
