from __future__ import annotations

import math

import torch


class WarmupScheduler:
    """Learning rate: linear warm-up, then cosine down to a tenth."""

    def __init__(
        self, optimizer: torch.optim.Optimizer, warmup: int, total: int
    ) -> None:
        self.optimizer = optimizer
        self.warmup = warmup
        self.total = total
        self.base = [group["lr"] for group in optimizer.param_groups]
        self.count = 0

    def step(self) -> None:
        self.count += 1
        if self.count <= self.warmup:
            factor = self.count / self.warmup
        else:
            done = (self.count - self.warmup) / max(1, self.total - self.warmup)
            factor = 0.1 + 0.45 * (1 + math.cos(math.pi * done))
        for group, base in zip(self.optimizer.param_groups, self.base):
            group["lr"] = base * factor

    def state_dict(self) -> dict:
        return {"count": self.count, "base": self.base}
