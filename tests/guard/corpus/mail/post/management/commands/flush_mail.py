from django.core.management.base import BaseCommand

from post.mail.sender import MailSender


class Command(BaseCommand):
    help = "Send mail that waits in the queue."

    def add_arguments(self, parser):
        parser.add_argument("--backend")

    def handle(self, *args, **options):
        count = self.flush(options["backend"])
        self.stdout.write(f"{count} sent")

    def flush(self, backend):
        return MailSender(backend).flush()
