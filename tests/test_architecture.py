"""The rules of the house, checked: who imports whom, where wording stands, who commits."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from bot.render import Texts

ROOT = Path(__file__).parent.parent
PRODUCT = ("bot", "flows", "storage", "sandbox")
TOP_LEVEL = {
    *("bot", "flows", "storage", "templates", "tests", "sandbox", "benchmarks", "docs"),
    *("pyproject.toml", "requirements.lock", "Makefile", "README.md", "CHANGELOG.md"),
}
LONGEST = 300


def modules(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def strings(path: Path, *, whole: bool = False) -> Iterator[str]:
    """Yield the module's strings but docstrings; with `whole`, not the parts of f-strings."""
    tree = parsed(path)
    left_out: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            left_out |= {id(part.value) for part in node.body[:1] if isinstance(part, ast.Expr)}
        if whole and isinstance(node, ast.JoinedStr):
            left_out |= {id(part) for part in node.values}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and id(node) not in left_out:
            yield text


def test_imports_keep_the_layers(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(ROOT)

    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def test_flows_need_only_the_standard_library_and_pydantic():
    imported = {
        module.partition(".")[0]
        for path in modules("flows")
        for node in ast.walk(parsed(path))
        for module in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }

    assert imported - sys.stdlib_module_names <= {"flows", "pydantic", "pydantic_core"}


def test_the_top_level_is_what_the_readme_says():
    seen = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}

    assert seen - {"var", "build", "trygghetslots.egg-info", "__pycache__"} == TOP_LEVEL


def test_every_module_says_what_it_is():
    silent = [
        name(path)
        for path in modules(*PRODUCT, "tests", "benchmarks")
        if path.name != "__init__.py" and not ast.get_docstring(parsed(path))
    ]

    assert silent == []


def test_every_folder_of_modules_is_a_package():
    folders = {path.parent for path in modules(*PRODUCT)}

    assert [name(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_no_module_is_too_long_to_know():
    lengths = {
        name(path): len(path.read_text("utf-8").splitlines())
        for path in modules(*PRODUCT, "benchmarks")
    }

    assert {path: length for path, length in lengths.items() if length > LONGEST} == {}


def test_swedish_is_worded_in_templates_only():
    reads_what_people_write = {
        "bot/acts/said.py",
        "bot/listeners/commands.py",
        "bot/spreadsheet/cells.py",
    }
    worded = [
        f"{name(path)}: {text}"
        for path in modules("bot", "storage")
        for text in strings(path)
        if re.search("[åäöÅÄÖ]", text) and name(path) not in reads_what_people_write
    ]

    assert worded == []


def test_only_the_transaction_and_the_outbox_commit():
    committing = {
        name(path)
        for path in modules(*PRODUCT)
        if re.search(r"\.commit\(|[\"']COMMIT", path.read_text("utf-8"))
    }

    # An empty or older database is filled or changed before anybody works with it.
    beforehand = {"bot/backup.py", "storage/migrations/__init__.py"}
    assert committing <= {"bot/perform.py", "bot/outbox.py", "bot/one_writer.py"} | beforehand


def test_only_the_clock_reads_the_time_and_the_dice():
    reads = re.compile(r"datetime\.now|date\.today|time\.time\(|import random|from random")
    reading = {
        name(path)
        for path in modules("bot", "flows", "storage")
        if reads.search(path.read_text("utf-8"))
    }

    assert reading <= {"bot/clock.py"}


def test_nothing_is_patched_in_a_test():
    # In two parts, so that this file does not find itself.
    patched = re.compile("unittest." + "mock|monkeypatch." + r"setattr|\bmock" + "er\b")

    assert [name(p) for p in modules("tests") if patched.search(p.read_text("utf-8"))] == []


def wording_in_code(keys: frozenset[str]) -> tuple[set[str], set[re.Pattern[str]]]:
    """Return the wording keys that the code names, and patterns for those it puts together."""
    processes = {key.partition(".")[0] for key in keys}
    whole, put_together = set(), set()
    for path in modules("bot", "flows"):
        for literal in strings(path, whole=True):
            if re.fullmatch(r"\w+(\.\w+){2,}", literal) and literal.partition(".")[0] in processes:
                whole.add(literal)
        f_strings = [node for node in ast.walk(parsed(path)) if isinstance(node, ast.JoinedStr)]
        patterns = ["".join(map(_pattern, f_string.values)) for f_string in f_strings]
        put_together |= {re.compile(p) for p in patterns if p.partition("\\.")[0] in processes}
    return whole, put_together


def _pattern(part: ast.expr) -> str:
    return re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[\w.-]+"


def test_every_wording_that_the_code_names_exists():
    keys = Texts().keys
    whole, put_together = wording_in_code(keys)

    assert sorted(whole - keys) == []
    assert [p.pattern for p in put_together if not any(map(p.fullmatch, keys))] == []


def test_every_wording_that_exists_is_used():
    keys = Texts().keys
    whole, put_together = wording_in_code(keys)

    assert [k for k in sorted(keys - whole) if not any(p.fullmatch(k) for p in put_together)] == []


def test_the_glossary_names_what_the_code_names():
    glossary = (ROOT / "README.md").read_text("utf-8").partition("## Glossary")[2]
    rows = re.findall(r"^\| [^|]+ \| ([^|]*`[^|]+) \|", glossary, re.MULTILINE)
    identifiers = {identifier for row in rows for identifier in re.findall(r"`(\w+)`", row)}
    code = "\n".join(path.read_text("utf-8") for path in modules("flows", "bot", "storage"))

    assert len(identifiers) > 25
    assert [i for i in sorted(identifiers) if not re.search(rf"\b{i}(s|_|\b)", code)] == []


def test_the_map_names_every_module_once():
    """docs/map.md: the second column is flows/, the third bot/acts/; in its last table, bot/ itself."""
    processes, machine = (ROOT / "docs/map.md").read_text("utf-8").split("## By what")

    assert _named(processes, column=2) == _modules("flows")
    assert _named(processes, column=3) == _modules("bot/acts")
    assert _named(machine, column=2) == _modules("bot")


def _named(part: str, *, column: int) -> list[str]:
    rows = [line.split("|") for line in part.splitlines() if line.startswith("| ")][1:]
    return sorted(each for row in rows for each in re.findall(r"`(\w+)`", row[column]))


def _modules(folder: str) -> list[str]:
    """The modules of a folder; of its packages bot/acts/paper_facts alone has no place of its own."""
    stems = {path.stem for path in (ROOT / folder).glob("*.py")} - {"__init__"}
    return sorted(stems | ({"paper_facts"} if folder == "bot/acts" else set()))


def test_links_in_the_documents_lead_somewhere():
    documents = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    dead = [
        f"{name(document)}: {link}"
        for document in documents
        for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text("utf-8"))
        if not (document.parent / link).exists()
    ]

    assert dead == []


def test_the_app_in_slack_calls_what_the_bot_answers():
    manifest = (ROOT / "docs" / "slack-app.yaml").read_text("utf-8")
    declared = set(re.findall(r"callback_id: (\S+)", manifest))
    known = {text for path in modules("bot") for text in strings(path, whole=True)}

    assert declared
    assert declared <= known
