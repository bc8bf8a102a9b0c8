from django.core.management.base import BaseCommand

from billing.models import Reminder
from documents.legacy.printing import PrintEngine


class Command(BaseCommand):
    help = "Print tonight's reminders"

    def handle(self, *args, **options):
        engine = PrintEngine(outdir="/var/spool/dunning")
        for reminder in Reminder.objects.filter(printed=False):
            engine.add("reminder_%d" % reminder.level, {"reminder": reminder})
        self.stdout.write(engine.run("reminders.pdf"))
