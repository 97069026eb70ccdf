"""How fast pages felt: what a browser may say of it, who is counted, and what `/metrics` tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from prometheus_client import Histogram
from prometheus_client.core import GaugeMetricFamily
from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from kidspetite.foundation.vitals import operations as vitals
from kidspetite.foundation.vitals import queries
from kidspetite.foundation.vitals.types import Device, PageKind, Visit, Vital

LABELS = ("metric", "page")
MILLISECONDS = (100, 200, 500, 800, 1200, 1800, 2500, 3000, 4000, 6000, 10_000)
TIMES = Histogram("kidspetite_web_vital_ms", "How fast pages felt to visitors.", LABELS, buckets=MILLISECONDS)
SHIFTS = Histogram("kidspetite_web_vital_cls", "How much pages jumped.", LABELS, buckets=(0.01, 0.05, 0.1, 0.25, 1))


class VitalIn(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    name: Literal["CLS", "FCP", "INP", "LCP", "TTFB"]
    value: Annotated[float, Field(ge=0, le=3_600_000, allow_inf_nan=False, description="milliseconds; CLS has no unit")]


class VitalsIn(BaseModel):
    """What a browser says of one page view; anything unknown in it is refused."""

    model_config = ConfigDict(extra="forbid", strict=True)

    page: Annotated[
        Literal["home", "list", "product", "cart", "checkout", "account", "search", "other"],
        Field(description="the kind of page; never its address"),
    ]
    device: Literal["phone", "tablet", "desktop"]
    metrics: Annotated[list[VitalIn], Field(min_length=1, max_length=5, description="each name once")]

    @field_validator("metrics")
    @classmethod
    def _each_once(cls, metrics: list[VitalIn]) -> list[VitalIn]:
        if len({one.name for one in metrics}) < len(metrics):
            raise PydanticCustomError("twice", "Send each name once.")
        return metrics

    @property
    def visit(self) -> Visit:
        return Visit(PageKind(self.page), Device(self.device), {Vital(one.name): one.value for one in self.metrics})


def count(visit: Visit, headers: Mapping[str, Any]) -> None:
    """Count a visit, unless its browser asks not to be followed (Global Privacy Control, or the older Do Not Track);
    `headers` as WSGI names them."""
    if headers.get("HTTP_SEC_GPC") == "1" or headers.get("HTTP_DNT") == "1":
        return
    vitals.count_visit(visit)
    for vital, value in visit.felt.items():
        (SHIFTS if vital is Vital.CLS else TIMES).labels(vital.value, visit.page.value).observe(value)


def figures() -> Iterator[GaugeMetricFamily]:
    """The shop's own figures of the last days, over all its processes."""
    labels = (*LABELS, "device")
    p75 = GaugeMetricFamily("kidspetite_web_vital_p75", "Three of four visits of a week were no worse.", labels=labels)
    good = GaugeMetricFamily("kidspetite_web_vital_good_share", "Share of good visits of a week.", labels=labels)
    visits = GaugeMetricFamily("kidspetite_web_vital_visits", "Visits of a week.", labels=labels)
    for (page, device, vital), figure in queries.figures().items():
        if figure.p75 is None:
            continue
        where = (vital.value, page.value, device.value)
        p75.add_metric(where, figure.p75 / 1000 if vital is Vital.CLS else figure.p75)
        good.add_metric(where, figure.good / figure.visits)
        visits.add_metric(where, figure.visits)
    yield from (p75, good, visits)
