from django.db import models, transaction

from forum.members import MemberDirectory


class Thread(models.Model):
    title = models.CharField(max_length=200)
    author_id = models.IntegerField()
    body = models.TextField()
    closed = models.BooleanField(default=False)


class ThreadStore:
    """Reads and writes the discussions."""

    def get(self, thread_id):
        return Thread.objects.get(pk=thread_id)

    @transaction.atomic
    def save(self, thread_id=None, **fields):
        if thread_id is None:
            return Thread.objects.create(**fields)
        Thread.objects.filter(pk=thread_id).update(**fields)
        return self.get(thread_id)

    def delete(self, thread_id):
        Thread.objects.filter(pk=thread_id).delete()

    def search(self, text, limit=20):
        return list(Thread.objects.filter(title__icontains=text)[:limit])


def render_thread(thread_id):
    thread = ThreadStore().get(thread_id)
    author = MemberDirectory().member(thread.author_id)
    return {"title": thread.title, "by": author["nickname"], "avatar": author["avatar"]}
