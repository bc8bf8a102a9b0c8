from django.contrib import admin

from post.models import MailTemplate


@admin.register(MailTemplate)
class MailTemplateAdmin(admin.ModelAdmin):
    list_display = ["name", "subject"]
    actions = ["send_sample"]

    def send_sample(self, request, queryset):
        for template in queryset:
            self.message_user(request, template.render({"name": "Sample"})[1])

    def render(self, request, template):
        return template.body
