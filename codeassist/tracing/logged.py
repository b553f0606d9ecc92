"""Reads the entries that rewritten code appends by itself: a site number and the values of its row."""

from __future__ import annotations

import heapq
from typing import Any

from codeassist.records.values import Instance
from codeassist.tracing.decode import MAPPINGS, damaged
from codeassist.tracing.log import RESUME, RETURN, YIELD, Site
from codeassist.tracing.replay import LOGGED, Happening, Machine, Store


def _bind(machine: Machine, site: Site, entry: list[Any]) -> Store | list[Any] | None:
    """Names were bound; every value but the last becomes a store of its own."""
    if not machine.stack:
        return None
    frame, info = machine.stack[-1], site.info
    stores = []
    for name, told in zip(info["names"], entry[1:], strict=True):
        value = machine.objects.value(told)
        if name in info.get("globals", ()):
            machine.globals.setdefault(frame.module, {})[name] = value
            stores.append(Store("global", frame, machine.visible, name, value=value))
        else:
            stores.append(machine.bind(frame, name, value))
    return stores


def _unbind(machine: Machine, site: Site, entry: list[Any]) -> Any:
    if not machine.stack:
        return None
    name = str(site.info["names"][0])
    if site.info.get("globals"):
        machine.globals.get(machine.stack[-1].module, {}).pop(name, None)
        return Store("global", machine.stack[-1], machine.visible, name)
    return machine._unbind([0, name])


def _held(machine: Machine, number: Any) -> Any:
    """The object that a store names; None when it is not tracked, or told just now with the store in it."""
    if type(number) is not int:
        raise damaged("a store without an object")
    objects = machine.objects
    known = objects.by_identity.get(number, -1)
    return None if known in objects.fresh else objects.table.get(known)


def _item(machine: Machine, site: Site, entry: list[Any]) -> Store | None:
    held = _held(machine, entry[1])
    if held is None or type(held) is Instance:
        return None
    key, value = machine.objects.value(entry[2]), machine.objects.value(entry[3])
    if type(held) in MAPPINGS or type(key) is int:
        held[key] = value
        return machine._store("item", held, key + len(held) if _from_end(held, key) else key, value)
    raise damaged("an item of something without items")


def _from_end(held: Any, key: Any) -> bool:
    return type(held) not in MAPPINGS and key < 0


def _attribute(machine: Machine, site: Site, entry: list[Any]) -> Store | None:
    held = _held(machine, entry[1])
    name = str(site.info["name"])
    if type(held) is not Instance or name in machine.objects.computed.get(
        machine.objects.by_identity[entry[1]], ()
    ):
        return None
    held.attributes[name] = machine.objects.value(entry[2])
    return machine._store("attribute", held, name, held.attributes[name])


def _delete_attribute(machine: Machine, site: Site, entry: list[Any]) -> Store | None:
    held = _held(machine, entry[1])
    if type(held) is not Instance or held.attributes.pop(str(site.info["name"]), machine) is machine:
        return None
    return machine._store("delete", held, str(site.info["name"]))


def _method(machine: Machine, site: Site, entry: list[Any]) -> Store | None:
    held = _held(machine, entry[1])
    if held is None or type(held) is Instance:
        return None
    name, args = site.info["name"], machine.objects.values(entry[2:])
    if name not in _METHODS:
        raise damaged("a method that is not repeated")
    if name == "setdefault":
        held.setdefault(args[0], args[1])
    else:
        getattr(held, name)(*args)
    return machine._store("content", held, name, len(args))


_METHODS = frozenset(
    "append appendleft pop popleft clear reverse insert add discard remove setdefault".split()
)


def _heap(machine: Machine, site: Site, entry: list[Any]) -> Store | None:
    held = _held(machine, entry[1])
    if type(held) is not list:
        return None
    if site.info["name"] == "heappush":
        heapq.heappush(held, machine.objects.value(entry[2]))
    else:
        heapq.heappop(held)
    return machine._store("content", held)


def _return(machine: Machine, site: Site, entry: list[Any]) -> Happening | None:
    if machine.stack:
        machine.settle(site)
    return machine._leave([RETURN, entry[1] if len(entry) > 1 else None])


def _leave(machine: Machine, site: Site, entry: list[Any]) -> Happening | None:
    if machine.stack:
        machine.settle(site)
    frame = machine.stack[-1] if machine.stack else None
    if frame is None or frame.leaving is None:
        return None
    return machine._gone(*frame.leaving[:1], frame, frame.leaving[1])


def _turn(machine: Machine, site: Site, entry: list[Any]) -> Any:
    return machine.turn(site.info["of"])


def _yield(machine: Machine, site: Site, entry: list[Any]) -> Any:
    return machine._yield([YIELD, entry[1]])


def _resume(machine: Machine, site: Site, entry: list[Any]) -> Any:
    return machine._resume([RESUME, entry[1]])


def _caught(machine: Machine, site: Site, entry: list[Any]) -> None:
    machine._caught(entry)


def _taken(machine: Machine, site: Site, entry: list[Any]) -> tuple[str, Any, Any]:
    return "taken", machine.site(site.info["of"]), bool(site.info["outcome"])


LOGGED.update(
    bind=_bind,
    unbind=_unbind,
    item=_item,
    attr=_attribute,
    delattr=_delete_attribute,
    method=_method,
    heap=_heap,
    end=_return,
    leave=_leave,
    caught=_caught,
    taken=_taken,
    turn=_turn,
    resume=_resume,
)
LOGGED["return"], LOGGED["yield"] = _return, _yield
