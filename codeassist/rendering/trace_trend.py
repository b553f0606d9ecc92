"""What happens to a variable while a loop turns: rises by 1, falls by 2, grows, shrinks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from codeassist.records.values import literal

_SIZED = (list, dict, set)


@dataclass(slots=True, eq=False)
class Trend:
    """Values of one target at the ends of successive turns, kept as first, last and differences."""

    first: Any
    last: Any
    size: Any = None
    """the last value's measure: a container may change under our hands"""
    step: Any = None
    """the difference while it is always the same, else None"""
    rose: bool = False
    fell: bool = False
    is_odd: bool = False
    """two successive values could not be compared"""
    count: int = 0


def start(value: Any) -> Trend:
    """A trend of which one value is known."""
    return Trend(value, value, _measure(value))


def extend(trend: Trend, value: Any) -> None:
    """Add the value at the end of the next turn."""
    old, new = trend.size, _measure(value)
    trend.last, trend.size = value, new
    trend.count += 1
    if old is None or new is None:
        trend.is_odd = True
        return
    difference = new - old
    trend.rose |= difference > 0
    trend.fell |= difference < 0
    trend.step = difference if trend.count == 1 or trend.step == difference else None


def _measure(value: Any) -> Any:
    """A number that can be compared: the value itself, or the size of a container."""
    if type(value) is int or type(value) is float and math.isfinite(value):
        return value
    return len(value) if type(value) in _SIZED else None


def words(name: str, trend: Trend, limit: int = 24) -> str:
    """One phrase such as `low rises by 1 to 97`; empty when nothing steady can be said."""
    if trend.is_odd or trend.rose == trend.fell:
        return ""
    if type(trend.last) in _SIZED:
        return f"{name} {'grows' if trend.rose else 'shrinks'} to {_items(trend.size)}"
    end = literal(trend.last, limit)
    if type(trend.step) is int and trend.count > 1:
        return f"{name} {'rises' if trend.rose else 'falls'} by {abs(trend.step)} to {end}"
    return f"{name} {'grows' if trend.rose else 'falls'} to {end}"


def _items(count: int) -> str:
    return f"{count} item" if count == 1 else f"{count} items"
