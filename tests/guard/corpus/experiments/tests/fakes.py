from growth.base import Assignment, BaseAssigner


class FixedAssigner(BaseAssigner):
    """Everybody gets what the test says; nothing is stored."""

    def __init__(self, **variants):
        self.variants = variants

    def assign(self, user, slug):
        return Assignment(slug, self.variants.get(slug, "control"), False)

    def force(self, user, slug, variant_name):
        self.variants[slug] = variant_name
        return Assignment(slug, variant_name, True)
