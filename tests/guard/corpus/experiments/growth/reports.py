from math import erf, sqrt

from django.contrib import admin
from django.db.models import Count, Q

from growth.models import Enrolment, Experiment, Variant


class ExperimentReport:
    """Conversion by variant, and whether the difference to control is significant."""

    def __init__(self, experiment, goal="order"):
        self.experiment = experiment
        self.goal = goal

    def rows(self):
        return (
            Enrolment.objects.filter(experiment=self.experiment, forced=False)
            .values("variant__name", "variant__is_control")
            .annotate(
                n=Count("user"),
                hits=Count(
                    "user", filter=Q(user__goals__name=self.goal), distinct=True
                ),
            )
        )

    def p_values(self):
        rows = list(self.rows())
        control = next(r for r in rows if r["variant__is_control"])
        return {
            r["variant__name"]: self._p(r, control) for r in rows if r is not control
        }

    @staticmethod
    def _p(a, b):
        pooled = (a["hits"] + b["hits"]) / (a["n"] + b["n"])
        se = sqrt(pooled * (1 - pooled) * (1 / a["n"] + 1 / b["n"]))
        z = abs(a["hits"] / a["n"] - b["hits"] / b["n"]) / se if se else 0
        return 1 - erf(z / sqrt(2))


class VariantInline(admin.TabularInline):
    model = Variant
    extra = 2


@admin.register(Experiment)
class ExperimentAdmin(admin.ModelAdmin):
    list_display = ["slug", "traffic", "starts_at", "ends_at", "significance"]
    inlines = [VariantInline]

    def significance(self, obj):
        return ", ".join(
            f"{k}: {v:.3f}" for k, v in ExperimentReport(obj).p_values().items()
        )
