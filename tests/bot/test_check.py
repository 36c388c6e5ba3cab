"""`lots check` and a start that cannot be: clear Swedish sentences, never a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.check import sentence
from bot.programme import ProgrammeError, load
from bot.render import Texts
from bot.settings import EXAMPLE_PROGRAMME

TEXTS = Texts()
TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


def lots(*arguments: str, folder: Path, **settings: str) -> tuple[int, str, str]:
    """Run the command as a person does, with nothing but these settings."""
    root = str(EXAMPLE_PROGRAMME.parents[2])
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": root, "PYTHONUTF8": "1"}
    ended = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env=environment | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.returncode, ended.stdout, ended.stderr


def said(file: Path) -> list[str]:
    with pytest.raises(ProgrammeError) as refused:
        load(file)
    return [sentence(TEXTS, problem) for problem in refused.value.problems]


def changed(folder: Path, *changes: tuple[str, str]) -> Path:
    text = EXAMPLE_PROGRAMME.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "program.toml").write_text(text, "utf-8")
    return folder / "program.toml"


def test_the_shipped_programme_can_be_used(tmp_path):
    code, out, err = lots("check", folder=tmp_path, **TOKENS)

    assert (code, err) == (0, "")
    assert "Exempelkommunen" in out
    assert out.endswith("Allt stämmer. Boten kan starta.\n")


def test_settings_and_programme_are_explained_together(tmp_path):
    file = changed(
        tmp_path,
        ('roles = ["secretary"]', "roles = []"),
        ("2_000_000", "2.5"),
        ("klg = ", "kgl = "),
    )

    code, out, err = lots("check", folder=tmp_path, SLACK_MODE="fax", PROGRAMME=str(file))

    assert (code, err) == (2, "")
    assert "SLACK_BOT_TOKEN: saknas" in out
    assert "SLACK_MODE: har ett värde som inte finns. Välj bland: socket, http." in out
    assert "names, klg: Saknas." in out
    assert "names, kgl: Finns inget som heter så." in out
    assert "delegation nr 1, operating_cap: Skriv inte ett tal med punkt (2.5)" in out
    assert 'citattecken: "2,5"' in out


@pytest.mark.parametrize("command", [["run"], ["db", "upgrade"]])
def test_a_start_with_wrong_settings_ends_with_one_sentence(tmp_path, command):
    code, out, err = lots(*command, folder=tmp_path, SLACK_BOT_TOKEN="xoxb-1")

    assert (code, out) == (2, "")
    assert err == (
        "SLACK_APP_TOKEN: saknas, och behövs när SLACK_MODE är socket. "
        "Ange den i miljön eller i filen .env.\n"
    )


def test_a_start_without_settings_says_the_first_and_where_the_rest_is(tmp_path):
    code, _, err = lots("run", folder=tmp_path)

    assert code == 2
    assert err.splitlines() == [
        "SLACK_BOT_TOKEN: saknas. Ange den i miljön eller i filen .env. 1 fel till: kör lots check."
    ]


def test_a_start_with_a_programme_that_does_not_fit_ends_with_one_sentence(tmp_path):
    file = changed(tmp_path, ('roles = ["secretary"]', 'roles = ["officer"]'))

    code, out, err = lots("run", folder=tmp_path, PROGRAMME=str(file), **TOKENS)

    assert (code, out) == (2, "")
    assert err == (
        "people: Ingen har rollen secretary. Någon på avdelningen Trygghet och säkerhet "
        "behöver ta emot ansökningarna.\n"
    )


def test_a_missing_programme_file_is_named(tmp_path):
    assert said(tmp_path / "nix.toml")[0].startswith(
        f"Programfilen {tmp_path / 'nix.toml'} går inte"
    )


def test_the_line_of_broken_toml_is_named(tmp_path):
    (tmp_path / "fel.toml").write_text('municipality = "A"\nstages = \n', "utf-8")

    assert "som TOML, rad 2." in said(tmp_path / "fel.toml")[0]


def test_a_file_that_is_not_text_is_said_to_be_no_toml(tmp_path):
    (tmp_path / "fel.toml").write_bytes(b"\xff\xfe\x00")

    assert "går inte att läsa som TOML." in said(tmp_path / "fel.toml")[0]


def test_people_are_counted_from_one_as_people_do(tmp_path):
    file = changed(tmp_path, ('roles = ["finance"]', 'roles = ["ekonom"]'))

    (only,) = said(file)
    assert only.startswith("people nr 4, roles nr 1: ”ekonom” går inte att välja. Välj bland: off")
    assert only.endswith("investment_strategist, financial_control, legal_counsel.")


def test_ampersands_are_shown_as_typed_in_a_terminal(tmp_path):
    file = changed(
        tmp_path,
        ('name = "kommunstyrelsen"', 'name = "KS & <co>"'),
        ('chair_of = ["kommunstyrelsen"]', "chair_of = []"),
    )

    _, out, _ = lots("check", folder=tmp_path, PROGRAMME=str(file), **TOKENS)

    assert "KS & <co> har ingen ordförande" in out


def test_wrong_entries_are_not_also_called_an_empty_list(tmp_path):
    file = changed(tmp_path, ("operating = 10_000_000", "operating = true"))

    assert len(said(file)) == 4
    assert all("är inget tal" in one for one in said(file))
