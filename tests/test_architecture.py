"""The shape of the house: who may import whom, how large things may grow, and that the public face holds."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

import syndicate

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(syndicate.__file__).parent

LAYERS = (
    ("errors", "encoding", "version"),
    ("elements",),
    ("model", "graph"),
    ("kernels",),
    ("tokens",),
    ("parse",),
    ("rules",),
    ("account", "claims"),
    ("extract",),
    ("clean",),
    ("stats",),
    ("sketch",),
    ("keys", "passages", "spool"),
    ("verify",),
    ("corpus", "postings"),
    ("candidates",),
    ("chrome",),
    ("match",),
    ("moments", "evidence"),
    ("origin", "clusters"),
    ("story", "outlets"),
    ("index",),
    ("io",),
    ("report",),
    ("batch", "workers", "record"),
    ("learn",),
    ("run",),
    ("scrapy", "spark"),
    ("cli",),
    ("__main__",),
)
"""Lowest first: a module imports from layers below its own, and a package from itself. The package's own
`__init__` stands beside them: it imports errors, and everything else when it is first asked for."""

HOMES = {
    "datasketch": "sketch", "itemadapter": "scrapy", "jinja2": "report", "numba": "kernels", "psycopg": "index",
    "pyarrow": "io", "pyspark": "spark", "rich": "cli", "scrapy": "scrapy", "sqlite3": "index",
    "tomlkit": "learn", "twisted": "scrapy", "typer": "cli",
}  # fmt: skip
"""Third-party packages that stay in one place."""

NETWORK = frozenset(
    "aiohttp asyncio ftplib http httpx requests smtplib socket socketserver ssl urllib.request urllib3 xmlrpc".split()
)
"""Doors to the network; the package opens none."""

AWAITS = {"scrapy": frozenset({"asyncio"})}
"""A loop that is run by another can be waited in without a door."""

MOST_LINES, MOST_FUNCTION_LINES, MOST_PARAMETERS = 400, 40, 6


class Module(NamedTuple):
    """A module of the package: its dotted name below `syndicate`, "" for the package itself."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def layer(self) -> str:
        return self.name.partition(".")[0]


@cache
def modules() -> tuple[Module, ...]:
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        name = ".".join(part for part in parts if part != "__init__")
        found.append(Module(name, path, ast.parse(path.read_text("utf-8"))))
    return tuple(found)


def imports(module: Module) -> Iterator[str]:
    """Full names of what a module imports anywhere, names from modules included: "a.b" for `from a import b`."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module.path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own_imports(module: Module) -> set[str]:
    """The modules of this package that a module imports, by their names below `syndicate`."""
    known = {other.name for other in modules()}
    found: set[str] = set()
    for name in imports(module):
        top, _, inner = name.partition(".")
        if top == "syndicate":
            found.add(inner if inner in known else inner.rpartition(".")[0])
    return found


def functions(module: Module) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for node in ast.walk(module.tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield f"{module.path.relative_to(SOURCE)}:{node.lineno}: {node.name}", node


def test_every_module_has_its_layer() -> None:
    listed = [name for layer in LAYERS for name in layer]
    assert sorted(listed) == sorted({module.layer for module in modules()} - {""})


def test_imports_go_up_only() -> None:
    height = {name: at for at, layer in enumerate(LAYERS) for name in layer}
    wrong = []
    for module in modules():
        for name in own_imports(module) if module.name else ():
            layer = name.partition(".")[0]
            if name == "" or not (layer == module.layer or height[layer] < height[module.layer]):
                wrong.append(f"{module.name} imports {name or 'the public face'}")
    assert wrong == []


def test_no_two_modules_import_each_other() -> None:
    TopologicalSorter({module.name: own_imports(module) - {""} for module in modules()}).prepare()


def test_package_itself_imports_next_to_nothing_before_it_is_asked() -> None:
    (face,) = (module for module in modules() if not module.name)
    direct = [node for node in face.tree.body if isinstance(node, ast.ImportFrom)]
    ours = {node.module for node in direct if node.module and node.module.startswith("syndicate")}
    assert ours == {"syndicate.errors", "syndicate.version"}


@pytest.mark.parametrize(("package", "home"), HOMES.items())
def test_third_party_package_is_imported_in_one_place(package: str, home: str) -> None:
    users = {module.layer for module in modules() for name in imports(module) if name.partition(".")[0] == package}
    assert users <= {home}


def test_no_module_can_reach_the_network() -> None:
    def doors(name: str) -> set[str]:
        parts = name.split(".")
        return {".".join(parts[:size]) for size in range(1, len(parts) + 1)} & NETWORK

    opened = {
        (module.name, door)
        for module in modules()
        for name in imports(module)
        for door in doors(name) - AWAITS.get(module.name, frozenset())
    }
    assert opened == set()


def test_no_module_is_too_long() -> None:
    lengths = {
        str(module.path.relative_to(SOURCE)): len(module.path.read_text("utf-8").splitlines()) for module in modules()
    }
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


def test_no_function_is_too_long() -> None:
    long = {}
    for module in modules():
        for name, node in functions(module):
            first = node.body[0]
            assert node.end_lineno is not None
            length = node.end_lineno - node.lineno + 1
            if ast.get_docstring(node) is not None:
                assert first.end_lineno is not None
                length -= first.end_lineno - first.lineno + 1
            if length > MOST_FUNCTION_LINES:
                long[name] = length
    assert long == {}


def test_no_function_takes_too_many_parameters() -> None:
    many = {}
    for module in modules():
        if module.layer == "cli":
            continue  # Typer makes options of parameters
        for name, node in functions(module):
            given = node.args
            names = [argument.arg for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
            count = len(names) - (names[:1] in (["self"], ["cls"]))
            if count > MOST_PARAMETERS:
                many[name] = count
    assert many == {}


def test_everything_public_has_a_docstring() -> None:
    def bare(scope: ast.Module | ast.ClassDef, place: str) -> Iterator[str]:
        for node in scope.body:
            if not isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                continue
            if node.name.startswith("_"):
                continue
            if ast.get_docstring(node) is None:
                yield f"{place}.{node.name}"
            if isinstance(node, ast.ClassDef):
                yield from bare(node, f"{place}.{node.name}")

    missing = [name for module in modules() for name in bare(module.tree, module.name)]
    missing += [
        module.name for module in modules() if module.name != "__main__" and not ast.get_docstring(module.tree)
    ]
    assert missing == []


def test_every_public_name_can_be_imported_and_is_listed() -> None:
    assert list(syndicate.__all__) == sorted(syndicate.__all__)
    for name in syndicate.__all__:
        value = getattr(syndicate, name)
        assert value.__name__ == name
        assert value.__module__.startswith("syndicate.")
        assert value.__doc__
    assert set(syndicate.__all__) <= set(dir(syndicate))
    assert syndicate.__version__


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'syndicate' has no attribute 'nothing'"):
        _ = syndicate.nothing


def test_importing_the_package_loads_nothing_heavy() -> None:
    program = "import sys, syndicate; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    heavy = {"numpy", "numba", "regex", "selectolax", "bs4", "networkx", "datasketch", "pyarrow", "typer", "rich"}
    assert heavy.isdisjoint(loaded)


def test_types_of_the_package_can_be_used() -> None:
    assert (SOURCE / "py.typed").is_file()
