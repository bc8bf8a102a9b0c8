from django.core.management.base import BaseCommand

from bazaar.payouts.service import PayoutService


class Command(BaseCommand):
    help = "Pay every seller whose balance is above the minimum (cron, Tuesdays)"

    def handle(self, *args, **options):
        paid, failed = PayoutService().pay_all_due()
        self.stdout.write(f"{len(paid)} paid, {len(failed)} failed")
