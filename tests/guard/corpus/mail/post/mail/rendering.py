from django.template.loader import render_to_string


class RendersMail:
    folder = "mail"

    def render(self, template, context):
        subject = render_to_string(f"{self.folder}/{template}.subject", context)
        body = render_to_string(f"{self.folder}/{template}.txt", context)
        return subject.strip(), body
