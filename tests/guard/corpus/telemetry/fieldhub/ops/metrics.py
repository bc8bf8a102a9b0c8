from __future__ import annotations

from collections.abc import Iterator

import psutil
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector


class ProcessMetricsCollector(Collector):
    """Prometheus collector: memory, threads and open files of the hub process."""

    def __init__(self) -> None:
        self._process = psutil.Process()

    def collect(self) -> Iterator[Metric]:
        with self._process.oneshot():
            yield GaugeMetricFamily(
                "hub_rss_bytes",
                "resident memory",
                value=self._process.memory_info().rss,
            )
            yield GaugeMetricFamily(
                "hub_threads", "threads", value=self._process.num_threads()
            )
            yield GaugeMetricFamily(
                "hub_open_files", "open files", value=len(self._process.open_files())
            )
