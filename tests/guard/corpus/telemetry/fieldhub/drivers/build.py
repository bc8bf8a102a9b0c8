from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fieldhub.collect.collector import SensorCollector
from fieldhub.collect.smoothing import SmoothedSource
from fieldhub.collect.types import ReadingSource, SensorSpec
from fieldhub.drivers.burst import BurstCollector
from fieldhub.drivers.lorawan import LorawanSource


@dataclass
class SourceBuilder:
    """From a site's config to the source that reads it."""

    secrets: dict[str, str]

    def build(self, site: dict[str, Any]) -> ReadingSource:
        specs = [SensorSpec(**row) for row in site["sensors"]]
        source: ReadingSource
        match site.get("network", "gateway"):
            case "ttn":
                source = LorawanSource(site["app"], self.secrets[site["app"]], specs)
            case "gateway" if site.get("burst"):
                source = BurstCollector(specs, burst=site["burst"])
            case "gateway":
                source = SensorCollector(specs)
            case other:
                raise ValueError(f"unknown network {other!r}")
        return SmoothedSource(source) if site.get("smooth") else source
