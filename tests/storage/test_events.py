"""Events are kept for ever: one stored example of each kind must be readable by every later version.

An example is never changed. When an event gets a new field, it has a default, and a new example
stands beside the old one.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from pydantic import TypeAdapter

from flows.case import Event, replay

EXAMPLES = sorted((Path(__file__).parent / "events").glob("*.json"))
EVENT: TypeAdapter[Event] = TypeAdapter(Event)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_stored_event_is_still_read_whole(path: Path):
    stored = json.loads(path.read_text("utf-8"))
    event = EVENT.validate_python(stored)

    assert event.at == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    assert stored.items() <= event.model_dump(mode="json").items()


def test_every_kind_of_event_has_a_stored_example():
    kinds = {kind.model_fields["kind"].default for kind in get_args(get_args(Event)[0])}

    assert {json.loads(path.read_text("utf-8"))["kind"] for path in EXAMPLES} == kinds


def test_stored_events_add_up_to_a_case():
    events = [EVENT.validate_json(path.read_bytes()) for path in EXAMPLES]

    assert replay(events).length == len(EXAMPLES)
