"""What the layers may import, what start-up may load, and what the source must say about itself."""

import ast
import graphlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

import diffcli
from diffcli.errors import CODES

PACKAGE = Path(diffcli.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
CONTRACTS = PACKAGE.parent / "pyproject.toml"
TESTS = Path(__file__).parent
#: Folders of tests that are about no one package; the primitives are what the laws are about.
OF_THE_WHOLE = {"laws", "golden", "reference", "robustness", "browser", "benchmarks"}

#: Stands where the methods of a module's classes are another library's hooks.
_HOOKS = "# ruff: noqa: D102"
#: What a user would wait for at the start of each command.
HEAVY = ("numpy", "sympy", "mpmath", "flint", "rich", "matplotlib", "pygraphviz", "pyarrow")


def test_the_layers_are_kept() -> None:
    """Imports point down, as the contracts in pyproject.toml say."""
    program = (
        "import sys; from importlinter.cli import lint_imports; "
        "sys.exit(lint_imports(config_filename=sys.argv[1], no_cache=True))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(CONTRACTS)],
        capture_output=True,
        text=True,
        cwd=PACKAGE.parent,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"Contracts: [1-9]\d* kept, 0 broken", done.stdout)


def _imports_among(package: str, graph: grimp.ImportGraph) -> dict[str, set[str]]:
    """What each part of a package, a module or a package in it, imports of the other parts; types only count too."""
    within = f"{package}."

    def part(module: str) -> str:
        return within + module.removeprefix(within).partition(".")[0]

    found: dict[str, set[str]] = {}
    for module in graph.modules:
        if module.startswith(within):
            imported = {
                part(each) for each in graph.find_modules_directly_imported_by(module) if each.startswith(within)
            }
            found.setdefault(part(module), set()).update(imported - {part(module)})
    return found


def test_no_parts_of_a_package_import_each_other_in_a_circle() -> None:
    """Of every package, from the layers down to the modules of a room: each part can be read after those it imports."""
    graph = grimp.build_graph("diffcli", cache_dir=None)
    packages = {module.rpartition(".")[0] for module in graph.modules if "." in module}
    assert "diffcli.render" in packages
    for package in packages:
        graphlib.TopologicalSorter(_imports_among(package, graph)).prepare()  # raises CycleError, which names the parts


def test_the_documentation_has_the_layers_of_the_contract() -> None:
    """From the top, those of one floor as they stand there."""
    page = (PACKAGE.parent / "docs" / "explanation" / "architecture.md").read_text(encoding="utf-8")
    described = re.findall(r"^\| `(\w+)` \|", page.partition("| layer | job |")[2].partition("\n\n")[0], re.MULTILINE)
    contract = CONTRACTS.read_text(encoding="utf-8").partition('name = "layers')[2].partition("]")[0]
    assert ["__main__", *described] == re.findall(r"diffcli\.(\w+)", contract)


def test_every_package_is_under_the_contract_of_layers() -> None:
    """A new package is assigned a layer when it is made."""
    listed = re.findall(r"diffcli\.(\w+)", CONTRACTS.read_text().partition('name = "layers')[2].partition("]")[0])
    parts = {
        path.stem if path.is_file() else path.name
        for path in PACKAGE.iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert parts - {"__init__"} == set(listed)


def test_the_tests_mirror_the_package() -> None:
    """A folder of tests is that of a package, and each layer has one."""
    packages = {path.parent.relative_to(PACKAGE) for path in PACKAGE.rglob("__init__.py")}
    tests = {path.relative_to(TESTS) for path in TESTS.rglob("test_*.py")}
    mirroring = {test.parent for test in tests if test.parts[0] not in OF_THE_WHOLE}
    assert mirroring - packages == set()
    layers = {package.parts[0] for package in packages if package.parts}
    assert layers - {folder.parts[0] for folder in mirroring if folder.parts} == {"primitives"}


@pytest.mark.parametrize(
    "module", ["diffcli", "diffcli.cli.app", "diffcli.syntax.parser", "diffcli.graph.build", "diffcli.autodiff.reverse"]
)
def test_start_up_loads_nothing_heavy(module: str) -> None:
    """Numbers, formulas, tables and pictures are loaded by the command that needs them."""
    program = f"import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    loaded = set(done.stdout.split())
    assert "diffcli" in loaded
    assert not loaded & set(HEAVY)


def public_definitions() -> Iterator[tuple[str, ast.AST]]:
    """Every module, and every class and function in it whose name does not begin with an underscore."""
    for path in MODULES:
        name = str(path.relative_to(PACKAGE.parent))
        tree = ast.parse(path.read_text(encoding="utf-8"))
        yield name, tree
        waiting: list[tuple[str, ast.AST]] = [(name, tree)]
        while waiting:
            where, parent = waiting.pop()
            for child in ast.iter_child_nodes(parent):
                if isinstance(
                    child, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
                ) and not child.name.startswith("_"):
                    inside = f"{where}:{child.name}"
                    yield inside, child
                    if isinstance(child, ast.ClassDef) and _HOOKS not in path.read_text(encoding="utf-8"):
                        waiting.append((inside, child))


def _is_overload(node: ast.AST) -> bool:
    return any(
        isinstance(decorator, ast.Name) and decorator.id == "overload"
        for decorator in getattr(node, "decorator_list", [])
    )


def _is_stub(node: ast.AST) -> bool:
    body = getattr(node, "body", [])
    return (
        len(body) == 1
        and isinstance(body[0], ast.Expr)
        and isinstance(body[0].value, ast.Constant)
        and body[0].value.value is ...
    )


def test_everything_public_has_a_docstring() -> None:
    """Modules, classes, functions and methods; the stubs of a protocol and the hooks of a library are described
    elsewhere.
    """
    found = dict(public_definitions())
    assert len(found) > 200
    assert [
        name
        for name, node in found.items()
        if not ast.get_docstring(node) and not _is_stub(node) and not _is_overload(node)
    ] == []  # type: ignore[arg-type]


def test_no_room_is_without_a_name() -> None:
    """A module is called after its subject."""
    assert {path.stem for path in MODULES} & {
        "util",
        "utils",
        "helper",
        "helpers",
        "common",
        "misc",
        "types",
        "base",
        "core",
    } == set()


def codes_in_the_source() -> dict[str, list[str]]:
    """The diagnostic codes that the package mentions, with the modules that do, but for their list."""
    found: dict[str, list[str]] = {}
    for path in MODULES:
        if path != PACKAGE / "errors.py":
            for code in re.findall(r"\bE\d{3}\b", path.read_text(encoding="utf-8")):
                found.setdefault(code, []).append(path.name)
    return found


def test_every_diagnostic_code_that_is_used_is_listed() -> None:
    """With what it is about."""
    assert set(codes_in_the_source()) - set(CODES) == set()
    assert all(re.fullmatch(r"E[1-9]\d\d", code) and words == words.strip() and words for code, words in CODES.items())


def test_every_diagnostic_code_that_is_listed_is_used() -> None:
    """A code that nothing raises any more leaves the list."""
    assert set(CODES) - set(codes_in_the_source()) == set()


def test_user_text_is_never_executed() -> None:
    """Neither Python nor SymPy's own parser nor a shell sees what a user types;
    one module runs the executors' own text.
    """
    banned = {"eval", "exec", "parse_expr", "lambdify", "system", "popen"}
    for path in MODULES:
        if path.parts[-3:] == ("execute", "executors", "python_text.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = (
                    node.func.id
                    if isinstance(node.func, ast.Name)
                    else node.func.attr
                    if isinstance(node.func, ast.Attribute)
                    else ""
                )
                assert name not in banned, f"{path}:{node.lineno}"


def test_nothing_below_the_command_line_prints() -> None:
    """Functions return results; only cli and render write."""
    for path in MODULES:
        if path.relative_to(PACKAGE).parts[0] not in ("cli", "render", "__main__.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                assert not (
                    isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
                ), f"{path}:{node.lineno}"
