from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Bracket:
    """Knock-out tree: who meets whom in the next round."""

    players: list[str]
    round: int = 1
    winners: list[str] = field(default_factory=list)

    def pairs(self) -> list[tuple[str, str]]:
        half = len(self.players) // 2
        return list(zip(self.players[:half], reversed(self.players[half:])))

    def report(self, winner: str) -> None:
        if winner not in self.players:
            raise ValueError(f"{winner} is not in round {self.round}")
        self.winners.append(winner)

    def advance(self) -> "Bracket":
        return Bracket(self.winners, self.round + 1)
