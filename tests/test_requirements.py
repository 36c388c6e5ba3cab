"""Which tests show which requirement, read from their marks; no requirement is without a test.

Run as a program (`make requirements`) it prints the whole list.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parent
LISTED = TESTS.parent / "docs" / "requirements.md"


def listed() -> dict[str, str]:
    """Return the ids in docs/requirements.md with what each asks for."""
    rows = re.findall(r"^\| ([\w.-]+\d) \| ([^|]+) \|", LISTED.read_text("utf-8"), re.MULTILINE)
    return {identity: text.strip() for identity, text in rows}


def shown() -> dict[str, list[str]]:
    """Return the ids in the tests' marks, each with the tests that carry it."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(TESTS.rglob("test_*.py")):
        for identity, name in _marks(ast.parse(path.read_text("utf-8")), ""):
            test = f"{path.relative_to(TESTS.parent)}::{name}".removesuffix("::")
            if test not in found[identity]:
                found[identity].append(test)
    return found


def _marks(node: ast.AST, inside: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        inside = f"{inside}::{node.name}".removeprefix("::")
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.requirement":
        yield from ((str(ast.literal_eval(argument)), inside) for argument in node.args)
    for child in ast.iter_child_nodes(node):
        yield from _marks(child, inside)


def test_every_requirement_has_a_test():
    tests = shown()

    assert [identity for identity in listed() if identity not in tests] == []


def test_the_list_has_the_requirements_of_the_first_version():
    first_version = {f"R000-{number}" for number in [*range(15, 41), 52, 53, 54, 57, 58, 59]}
    examples = {*(f"E{number}" for number in range(1, 7)), "2.3", "2.4", "2.5"}

    assert first_version | examples <= listed().keys()


def test_the_list_has_the_requirements_of_the_second_version():
    second_version = {
        "R000": [*range(1, 15), *range(41, 52), 54, 55, 56, 60, 61],
        "R001": [1, 2, 8, 10, 11, 12, 13, 15, *range(17, 23)],
        "R002": [*range(1, 9), 10, 15, 16, 17],
        "R003": [1, 2, 4, 5, 10, 11],
    }
    required = {
        f"{seed}-{number}" for seed, numbers in second_version.items() for number in numbers
    }

    assert required <= listed().keys()


def test_a_mark_is_found_wherever_it_stands():
    source = """
class TestIt:
    @pytest.mark.requirement("A-1", "A-2")
    def test_one(self): ...
"""
    assert list(_marks(ast.parse(source), "")) == [
        ("A-1", "TestIt::test_one"),
        ("A-2", "TestIt::test_one"),
    ]


if __name__ == "__main__":
    tests = shown()
    for identity, text in listed().items():
        print(f"{identity}  {text}")
        for test in tests.get(identity, ["– no test –"]):
            print(f"    {test}")
