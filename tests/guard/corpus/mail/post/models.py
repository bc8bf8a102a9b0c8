from django.db import models
from django.template import Context, Template


class MailTemplate(models.Model):
    name = models.CharField(max_length=80, unique=True)
    subject = models.CharField(max_length=200)
    body = models.TextField()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    def render(self, context):
        return Template(self.subject).render(Context(context)), Template(
            self.body
        ).render(Context(context))
