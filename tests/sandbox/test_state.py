"""The state file, the workspace file, the reset, and the sandbox as a process."""

import asyncio
import json
import signal
import sys
from pathlib import Path

import pytest

from sandbox import gestures
from sandbox.client import Sandbox
from sandbox.server import serve
from sandbox.store import dump, restore
from sandbox.workspace import load


async def test_a_restart_shows_what_was_there(tmp_path):
    path = tmp_path / "state.json"
    async with serve(load(), state=path) as site:
        root = gestures.say(site, person="U0KARIN", channel="C0KLG", text="Kort")
        gestures.say(site, person="U0LARS", channel="C0KLG", text="Svar", thread_ts=root["ts"])
        shared = gestures.upload(
            site, person="U0ANNA", files=[{"name": "a.txt", "content": b"abc"}]
        )
        before = dump(site.world)
    async with serve(load(), state=path) as site:
        assert dump(site.world) == before
        assert site.world.replies("C0KLG", root["ts"])
        assert site.world.contents[shared["files"][0]] == b"abc"
        later = gestures.say(site, person="U0ANNA", text="igen")
        assert later["ts"] > shared["ts"]


async def test_the_file_is_written_soon_after_a_change(tmp_path, until):
    path = tmp_path / "state.json"
    async with serve(load(), state=path) as site:
        gestures.say(site, person="U0ANNA", text="hej")
        await until(lambda: path.exists() and json.loads(path.read_bytes())["messages"], seconds=1)


async def test_ephemeral_messages_are_gone_after_a_restart(tmp_path, slack, site):
    await slack.chat_postEphemeral(channel="C0KLG", user="U0KARIN", text="Bara du")
    world = load().world()
    restore(world, dump(site.world))
    assert world.timeline("C0KLG").messages == {}


async def test_the_reset_goes_back_to_the_file_and_ids_go_on(site, sandbox):
    before = await sandbox.say("U0ANNA", "hej")
    await sandbox.do("person", person="U0LARS", deleted=True)
    await sandbox.faults(deliver_twice=5)
    revision = (await sandbox.look("status"))["revision"]
    await sandbox.reset()
    assert await sandbox.messages("U0ANNA") == []
    assert not site.world.people["U0LARS"].deleted
    assert site.faults.deliver_twice == 0
    assert (await sandbox.look("status"))["revision"] > revision
    assert await sandbox.say("U0ANNA", "hej") > before


async def test_the_change_feed_tells_what_changed(site):
    waiting = asyncio.create_task(site.world.changes.after(site.world.changes.revision))
    await asyncio.sleep(0)
    said = gestures.say(site, person="U0KARIN", channel="C0KLG", text="hej")
    (change,) = await waiting
    assert (change.kind, change.channel, change.ts) == ("message", "C0KLG", said["ts"])


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('id = "U0OMAR"', 'id = "U0ANNA"', "two people have the same id"),
        ('"U0KARIN", "U0LARS"', '"U0NOBODY", "U0LARS"', "unknown member U0NOBODY"),
        ("is_restricted = true", "is_guest = true", "unknown key is_guest"),
        ('email = "anna.ek@exempelkommunen.se"', "", "email"),
    ],
)
def test_a_workspace_file_that_does_not_hold_together_is_refused(tmp_path, before, after, message):
    from sandbox.workspace import EXAMPLE

    path = tmp_path / "workspace.toml"
    path.write_text(EXAMPLE.read_text(encoding="utf-8").replace(before, after, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        load(path)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_the_process_starts_says_where_and_ends_when_asked(tmp_path, number):
    path = tmp_path / "state.json"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "error", "-m", "sandbox", "--port", "0", "--state", str(path)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    line = (await process.stdout.readline()).decode()
    async with Sandbox.connect(line.removeprefix("Sandbox: ").strip()) as sandbox:
        await sandbox.say("U0ANNA", "hej")
    process.send_signal(number)
    _, errors = await process.communicate()
    assert (process.returncode, errors) == (0, b"")
    assert json.loads(path.read_bytes())["messages"][0]["text"] == "hej"


def _listed(manifest: str, key: str) -> list[str]:
    """Give the items under `key:` in the manifest, which holds only plain lists."""
    _, _, rest = manifest.partition(f"{key}:\n")
    items = []
    for line in rest.splitlines():
        if not line.strip().startswith("- "):
            break
        items.append(line.strip().removeprefix("- "))
    return items


def test_the_app_may_do_here_what_it_may_in_a_real_workspace():
    manifest = (Path(__file__).parents[2] / "docs" / "slack-app.yaml").read_text(encoding="utf-8")
    app = load().app
    assert sorted(_listed(manifest, "    bot")) == sorted(app.scopes)
    assert sorted(_listed(manifest, "bot_events")) == sorted(app.events)
    for command in app.commands:
        assert f"command: {command['command']}\n" in manifest
    for shortcut in app.shortcuts:
        assert f"callback_id: {shortcut['callback_id']}\n" in manifest
