import csv

from celery import shared_task
from django.core.files.storage import default_storage

from shop.promo.engine import PromoEngine
from shop.utils.flash import FlashCodes


@shared_task
def export_codes(slug, count):
    tokens = PromoEngine(slug).mint(count)
    with default_storage.open("promo/%s.csv" % slug, "w") as fh:
        csv.writer(fh).writerows([t] for t in tokens)


@shared_task
def open_flash_sale(name, count, cents):
    return FlashCodes(name).hand_out(count, cents)
