"""What an import of another language means: files of the target, or something outside."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from codeassist.records.program import Import, Module

_STEMS = ("", "/index", "/mod", "/lib", "/main")


class Importing:
    """Imports of all files, by graph name of the file."""

    def __init__(self, modules: Mapping[str, Module]) -> None:
        self.modules = modules
        self.by_stem: dict[str, list[str]] = {}
        self.by_path = {module.source.path: name for name, module in modules.items()}
        for name, module in modules.items():
            self.by_stem.setdefault(_stem(module.source.path), []).append(name)
        self.folders: dict[str, list[str]] = {}
        for name, module in modules.items():
            self.folders.setdefault(module.source.path.rpartition("/")[0], []).append(name)
        self._names = {
            name: {each.name: each for each in module.imports if each.name}
            for name, module in modules.items()
        }

    def members(
        self, file: str, name: str, is_module: bool = False, depth: int = 0
    ) -> Iterator[tuple[str, str]]:
        """(file, qualified name) that a local name may mean; with `is_module`, files that it stands for."""
        entry = self._names[file].get(name)
        if entry is not None and depth < 8:
            yield from self._entry(file, entry, is_module, depth)
        for each in self.modules[file].imports:
            if each.member == "*" and depth < 8 and not is_module:
                for target in self.files(file, each.module):
                    yield target, name
                    yield from self.members(target, name, depth=depth + 1) if target != file else ()

    def _entry(self, file: str, entry: Import, is_module: bool, depth: int) -> Iterator[tuple[str, str]]:
        if not entry.module:  # a name of the file itself, such as its default export
            yield file, entry.member
            return
        targets = self.files(file, entry.module)
        if is_module:
            whole = self.files(file, f"{entry.module}/{entry.member}" if entry.member else entry.module)
            yield from ((target, "") for target in (whole or (targets if not entry.member else ())))
            return
        for target in targets:
            yield target, entry.member or entry.name
            if target != file:
                yield from self.members(target, entry.member or entry.name, depth=depth + 1)

    def files(self, file: str, module: str) -> list[str]:
        """Files of the target that a module specifier means: relative, by path, or a whole folder."""
        here = self.modules[file].source.path
        folder = here.rpartition("/")[0]
        spec = module.replace("::", "/").replace("\\", "/")
        if "/" not in spec and spec.count(".") and not spec.endswith((".h", ".hpp", ".sh", ".js")):
            spec = spec.replace(".", "/")
        spec = _without(spec, ("crate/", "self/"))
        spec = "../" + spec[6:] if spec.startswith("super/") else spec
        for base in (posixpath.normpath(posixpath.join(folder, spec)), ""):
            found = self._at(base) if base else self._ending(spec, here)
            if found:
                return found
        return []

    def _at(self, path: str) -> list[str]:
        if path in self.by_path:
            return [self.by_path[path]]
        stems = (path, path.rpartition(".")[0] if path.rpartition("/")[2].count(".") else path)
        for stem in dict.fromkeys(stems):
            for suffix in _STEMS:
                if f"{stem}{suffix}" in self.by_stem:
                    return self.by_stem[f"{stem}{suffix}"]
        return self.folders.get(path, [])

    def _ending(self, spec: str, here: str) -> list[str]:
        """A specifier from some root of the project: the file or folder whose path ends in it."""
        spec = spec.strip("./")
        if not spec or spec.count("/") == 0 and "." not in spec and not here.endswith((".go", ".rs", ".rb")):
            return []
        tail = "/" + spec.rpartition(".")[0] if "." in spec.rpartition("/")[2] else "/" + spec
        found = [name for stem, names in self.by_stem.items() if stem.endswith(tail) for name in names]
        if len(found) == 1:
            return found
        if here.endswith(".go"):  # an import path ends in the package's folder
            last = "/" + spec.rpartition("/")[2]
            hits = [folder for folder in self.folders if folder.endswith("/" + spec)] or [
                folder for folder in self.folders if folder.endswith(last)
            ]
            return self.folders[hits[0]] if len(hits) == 1 else []
        return []

    def is_outside(self, file: str, name: str) -> bool:
        """Whether a local name is imported from somewhere that is no file of the target."""
        entry = self._names[file].get(name)
        return entry is not None and bool(entry.module) and not self._is_inside(file, entry)

    def _is_inside(self, file: str, entry: Import) -> bool:
        whole = f"{entry.module}/{entry.member}" if entry.member else entry.module
        return bool(self.files(file, entry.module) or self.files(file, whole))

    def outside_name(self, file: str, first: str, receiver: str, name: str) -> str:
        """The dotted name of an imported thing that is not of the target; empty if it is no such thing."""
        entry = self._names[file].get(first)
        if entry is None or not self.is_outside(file, first):
            return ""
        source = entry.module.replace("::", ".").replace("/", ".").strip(".")
        parts = [source, "" if entry.member in ("", "*", "default") else entry.member]
        if receiver:
            parts += [*receiver.replace("::", ".").split(".")[1:], name]
        elif entry.member == "default":
            parts.append("default")
        plain = [part for part in parts if part]
        return ".".join(plain) if all(_is_plain(part) for part in plain) else ""


def _is_plain(text: str) -> bool:
    return all(sign.isalnum() or sign in "_$.-@" for sign in text)


def _stem(path: str) -> str:
    folder, _, name = path.rpartition("/")
    return f"{folder}/{name.partition('.')[0] if name.count('.') == 1 else name.rpartition('.')[0]}"


def _without(text: str, prefixes: tuple[str, ...]) -> str:
    return next((text[len(prefix) :] for prefix in prefixes if text.startswith(prefix)), text)
