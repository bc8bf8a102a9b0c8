from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hub.legacy.db import query

Result = tuple[Sequence[str], Sequence[Sequence[Any]]]
_reports: dict[str, Callable[[Mapping[str, str]], Result]] = {}


def report(name: str) -> Callable[[Callable[[Mapping[str, str]], Result]], Any]:
    def keep(function: Callable[[Mapping[str, str]], Result]) -> Any:
        _reports[name] = function
        return function

    return keep


def run_report(name: str, args: Mapping[str, str]) -> Result:
    return _reports[name](args)


@report("open-orders")
def open_orders(args: Mapping[str, str]) -> Result:
    return query("SELECT id, customer, total FROM orders WHERE state = 'open'")


@report("churn")
def churn(args: Mapping[str, str]) -> Result:
    return query("SELECT month, lost, kept FROM churn WHERE year = ?", [args["year"]])
