from django.db import models


class ProductVariant(models.Model):
    product = models.ForeignKey(
        "catalog.Product", related_name="variants", on_delete=models.CASCADE
    )
    sku = models.CharField(max_length=32, unique=True)
    size = models.CharField(max_length=8, blank=True)
    colour = models.CharField(max_length=20, blank=True)
    stock = models.IntegerField(default=0)


class VariantPicker:
    """Which size and colour of a product to show first to a user."""

    def __init__(self, product):
        self.variants = list(product.variants.all())

    def variant_for(self, user):
        in_stock = [v for v in self.variants if v.stock > 0] or self.variants
        size = getattr(getattr(user, "profile", None), "usual_size", None)
        for variant in in_stock:
            if variant.size == size:
                return variant
        return max(in_stock, key=lambda v: v.stock)

    def by_options(self, size, colour):
        return next(
            (v for v in self.variants if (v.size, v.colour) == (size, colour)), None
        )
