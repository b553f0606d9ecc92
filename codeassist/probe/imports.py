"""The import hook: modules of the project are compiled instrumented as they are imported."""

import builtins
import os
import sys
from importlib import import_module
from importlib.machinery import PathFinder, SourceFileLoader
from importlib.util import module_from_spec, spec_from_file_location

_FOREIGN = ("site-packages", "dist-packages")


class Importer:
    """A finder that goes first on sys.meta_path and takes only the files below its roots."""

    def __init__(self, roots, overlay, recorder):
        self.roots = [os.path.realpath(root) for root in roots]
        self.overlay = {os.path.realpath(path): text for path, text in overlay.items()}
        self.recorder = recorder

    def find_spec(self, name, path=None, target=None):
        """The ordinary spec with an instrumenting loader, or None for a module that is not ours."""
        spec = PathFinder.find_spec(name, path, target)
        if spec is None or spec.origin is None:
            spec = self.find_overlaid(name, path) or spec
        if spec is None or not isinstance(spec.loader, SourceFileLoader) or not self.wants(spec.origin):
            return None
        spec.loader = Loader(spec.loader.name, spec.loader.path, self)
        return spec

    def find_overlaid(self, name, path):
        """The spec of a module that only the overlay has: a file since renamed or deleted."""
        last = name.rpartition(".")[2]
        for folder in sys.path if path is None else path:
            for tail in (last + ".py", os.path.join(last, "__init__.py")) if self.overlay else ():
                place = os.path.join(os.path.realpath(folder or "."), tail)
                if place in self.overlay:
                    inner = [os.path.dirname(place)] if tail != last + ".py" else None
                    return spec_from_file_location(name, place, submodule_search_locations=inner)
        return None

    def wants(self, origin):
        """Whether the file is the project's own."""
        if not origin:
            return False
        path = os.path.realpath(origin)
        if path in self.overlay:
            return True
        return any(self.below(path, root) for root in self.roots)

    @staticmethod
    def below(path, root):
        if path == root:
            return True
        prefix = root.rstrip(os.sep) + os.sep
        if not path.startswith(prefix):
            return False
        inner = path[len(prefix) :].split(os.sep)
        if any(part in _FOREIGN for part in inner):
            return False
        return not _is_stdlib(path) or _is_stdlib(root)


def _is_stdlib(path):
    folder = os.path.dirname(os.path.realpath(os.__file__)) + os.sep
    return path.startswith(folder) and not any(part in path for part in _FOREIGN)


class Loader(SourceFileLoader):
    """Loads a source file instrumented; nothing is written beside it."""

    def __init__(self, name, path, importer):
        super().__init__(name, path)
        self.importer = importer

    def get_data(self, path):
        """The overlay's text, or the file's bytes."""
        text = self.importer.overlay.get(os.path.realpath(path))
        return text.encode("utf-8") if text is not None else super().get_data(path)

    def get_code(self, fullname):
        """The instrumented code object."""
        path = self.get_filename(fullname)
        return self.importer.recorder.instrument(self.get_data(path), path, fullname)

    def set_data(self, path, data, *, _mode=0o666):
        """Never write byte code."""


def load(path, name, importer):
    """Import the file `path` as the module `name`, instrumented whatever the roots say."""
    path = os.path.realpath(path)
    parent = name.rpartition(".")[0]
    if parent:
        import_module(parent)
    spec = spec_from_file_location(name, path, loader=Loader(name, path, importer))
    module = module_from_spec(spec)
    if name == "__main__":  # as the interpreter itself makes it
        module.__spec__ = module.__cached__ = None
        module.__annotations__ = {}
        module.__builtins__ = builtins
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        if name != "__main__":
            sys.modules.pop(name, None)
        raise
    if parent:
        setattr(sys.modules[parent], name.rpartition(".")[2], module)
    return module
