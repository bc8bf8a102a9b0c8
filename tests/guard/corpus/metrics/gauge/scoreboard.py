from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Scoreboard:
    teams: dict[str, int] = field(default_factory=dict)

    def increment(self, team: str, goals: int = 1) -> None:
        self.teams[team] += goals

    def leader(self) -> str:
        return max(self.teams, key=lambda team: self.teams[team])

    def reset(self) -> None:
        self.teams = dict.fromkeys(self.teams, 0)
