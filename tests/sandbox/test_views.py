"""Modals and App Home: triggers, the stack, hashes, forms and what a person has filled in."""

import pytest

from sandbox import gestures
from sandbox.errors import Impossible


def trigger(site, *, person="U0ANNA", view_id=None):
    return site.permits.new_trigger(
        site.world.ids, team=site.world.team.id, person=person, view_id=view_id
    )


async def test_a_trigger_opens_one_modal(site, slack, sandbox, modal, refused):
    key = trigger(site)
    opened = await slack.views_open(trigger_id=key, view=modal())
    assert [view["id"] for view in await sandbox.views("U0ANNA")] == [opened["view"]["id"]]
    again = await refused(slack.views_open(trigger_id=key, view=modal()))
    assert again["error"] == "exchanged_trigger_id"


async def test_a_trigger_lives_three_seconds(site, slack, sandbox, modal, refused):
    key = trigger(site)
    await sandbox.clock(advance=2.9)
    late = trigger(site)
    await slack.views_open(trigger_id=key, view=modal())
    await sandbox.clock(advance=3.1)
    answer = await refused(slack.views_open(trigger_id=late, view=modal()))
    assert answer["error"] == "expired_trigger_id"


async def test_an_invented_trigger_is_invalid(slack, modal, refused):
    answer = await refused(slack.views_open(trigger_id="1.2.abc", view=modal()))
    assert answer["error"] == "invalid_trigger_id"


async def test_three_modals_lie_on_each_other_and_a_fourth_does_not(site, slack, modal, refused):
    view = (await slack.views_open(trigger_id=trigger(site), view=modal()))["view"]
    root = view["id"]
    for _ in range(2):
        below = view["id"]
        view = (await slack.views_push(trigger_id=trigger(site, view_id=below), view=modal()))[
            "view"
        ]
        assert (view["root_view_id"], view["previous_view_id"]) == (root, below)
    answer = await refused(
        slack.views_push(trigger_id=trigger(site, view_id=view["id"]), view=modal())
    )
    assert answer["error"] == "push_limit_reached"


async def test_nothing_can_be_pushed_on_a_modal_that_is_closed(
    site, slack, sandbox, modal, refused
):
    view = (await slack.views_open(trigger_id=trigger(site), view=modal()))["view"]
    key = trigger(site, view_id=view["id"])
    await sandbox.close("U0ANNA", view["id"])
    assert (await refused(slack.views_push(trigger_id=key, view=modal())))["error"] == "not_found"
    answer = await refused(slack.views_update(view_id=view["id"], view=modal()))
    assert answer["error"] == "not_found"


async def test_an_old_hash_conflicts(site, slack, modal, refused):
    view = (await slack.views_open(trigger_id=trigger(site), view=modal()))["view"]
    fresh = await slack.views_update(view_id=view["id"], hash=view["hash"], view=modal())
    assert fresh["view"]["hash"] != view["hash"]
    answer = await refused(slack.views_update(view_id=view["id"], hash=view["hash"], view=modal()))
    assert answer["error"] == "hash_conflict"


async def test_an_external_id_is_unique_and_finds_its_view(site, slack, modal, refused):
    view = modal(external_id="case-1")
    await slack.views_open(trigger_id=trigger(site), view=view)
    answer = await refused(slack.views_open(trigger_id=trigger(site), view=view))
    assert answer["error"] == "duplicate_external_id"
    updated = await slack.views_update(external_id="case-1", view=view)
    assert updated["view"]["external_id"] == "case-1"


async def test_home_is_published_per_person(slack, sandbox, refused):
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    first = await slack.views_publish(user_id="U0ANNA", view=home)
    await slack.views_publish(user_id="U0ANNA", view=home, hash=first["view"]["hash"])
    answer = await refused(
        slack.views_publish(user_id="U0ANNA", view=home, hash=first["view"]["hash"])
    )
    assert answer["error"] == "hash_conflict"
    assert (await sandbox.home("U0ANNA"))["type"] == "home"
    assert await sandbox.home("U0OMAR") is None


def inputs():
    label = {"type": "plain_text", "text": "x"}
    options = [
        {"text": {"type": "plain_text", "text": name}, "value": name} for name in ("a", "b", "c")
    ]

    def block(block_id, kind, **more):
        element = {"type": kind, "action_id": "it", **more}
        return {"type": "input", "block_id": block_id, "label": label, "element": element}

    return [
        block("select", "static_select", options=options, initial_option=options[0]),
        block("many", "multi_static_select", options=options),
        block("boxes", "checkboxes", options=options, initial_options=options[1:]),
        block("radio", "radio_buttons", options=options),
        block("date", "datepicker", initial_date="2026-11-22"),
        block("time", "timepicker"),
        block("person", "users_select"),
        block("number", "number_input", is_decimal_allowed=False, min_value="1"),
        block("text", "plain_text_input"),
    ]


async def test_the_state_of_a_form_holds_every_input_in_slacks_form(site, slack, modal):
    view = (await slack.views_open(trigger_id=trigger(site), view=modal(*inputs())))["view"]
    state = {block: actions["it"] for block, actions in site.world.views[view["id"]].state.items()}
    assert state["select"]["selected_option"]["value"] == "a"
    assert state["many"] == {"type": "multi_static_select", "selected_options": []}
    assert [one["value"] for one in state["boxes"]["selected_options"]] == ["b", "c"]
    assert state["radio"] == {"type": "radio_buttons", "selected_option": None}
    assert state["date"] == {"type": "datepicker", "selected_date": "2026-11-22"}
    assert state["time"] == {"type": "timepicker", "selected_time": None}
    assert state["person"] == {"type": "users_select", "selected_user": None}
    assert state["number"] == {"type": "number_input", "value": None}
    assert state["text"] == {"type": "plain_text_input", "value": None}


async def test_slacks_own_client_stops_an_incomplete_form(site, slack, sandbox, modal):
    view = (await slack.views_open(trigger_id=trigger(site), view=modal(*inputs())))["view"]
    filled = {
        "many": {"it": ["a", "c"]},
        "radio": {"it": "b"},
        "time": {"it": "09:00"},
        "person": {"it": "U0EVA"},
        "number": {"it": "0"},
    }
    answer = await sandbox.submit("U0ANNA", view["id"], filled)
    assert set(answer["client_errors"]) == {"number", "text"}
    assert await sandbox.deliveries() == []


async def test_a_form_takes_only_the_options_it_offers(site, slack, modal):
    view = (await slack.views_open(trigger_id=trigger(site), view=modal(*inputs())))["view"]
    with pytest.raises(Impossible, match="no option"):
        await gestures.submit(
            site, person="U0ANNA", view_id=view["id"], values={"select": {"it": "z"}}
        )


@pytest.fixture
async def answering(app, connected):
    """An app whose answers to forms are set by the test."""
    answers: dict = {"it": {}}
    heard: list = []

    @app.view("form")
    async def submitted(ack, body):
        heard.append(body)
        await ack(**answers["it"])

    @app.view_closed("form")
    async def closed(ack, body):
        heard.append(body)
        await ack()

    @app.action("it")
    async def chosen(ack, body):
        heard.append(body)
        await ack()

    return answers, heard


async def test_a_form_that_is_taken_closes(site, slack, sandbox, modal, answering):
    view = (await slack.views_open(trigger_id=trigger(site), view=modal()))["view"]
    answer = await sandbox.submit("U0ANNA", view["id"], {"reason": {"text": "För dyrt"}})
    assert answer["acked"]
    assert await sandbox.views("U0ANNA") == []
    heard = answering[1][0]
    assert heard["view"]["state"]["values"]["reason"]["text"]["value"] == "För dyrt"
    assert heard["view"]["hash"] == view["hash"]


async def test_errors_stand_at_their_block_and_the_form_stays(
    site, slack, sandbox, modal, answering
):
    answering[0]["it"] = {"response_action": "errors", "errors": {"reason": "Skriv mer"}}
    view = (await slack.views_open(trigger_id=trigger(site), view=modal()))["view"]
    answer = await sandbox.submit("U0ANNA", view["id"], {"reason": {"text": "x"}})
    assert answer["errors"] == {"reason": "Skriv mer"}
    assert len(await sandbox.views("U0ANNA")) == 1


async def test_errors_at_no_input_are_trouble(site, slack, sandbox, modal, answering):
    answering[0]["it"] = {"response_action": "errors", "errors": {"nowhere": "Skriv mer"}}
    view = (await slack.views_open(trigger_id=trigger(site), view=modal()))["view"]
    answer = await sandbox.submit("U0ANNA", view["id"], {"reason": {"text": "x"}})
    assert "nowhere" in answer["reason"]
    assert answer["warning"]


async def test_a_form_can_be_answered_by_update_push_and_clear(
    site, slack, sandbox, modal, answering
):
    view = (await slack.views_open(trigger_id=trigger(site), view=modal()))["view"]
    filled = {"reason": {"text": "x"}}
    answering[0]["it"] = {"response_action": "update", "view": modal(private_metadata="2")}
    await sandbox.submit("U0ANNA", view["id"], filled)
    (shown,) = await sandbox.views("U0ANNA")
    assert (shown["id"], shown["private_metadata"]) == (view["id"], "2")
    assert shown["state"]["values"]["reason"]["text"]["value"] == "x"
    answering[0]["it"] = {"response_action": "push", "view": modal()}
    pushed = await sandbox.submit("U0ANNA", view["id"], filled)
    assert [one["id"] for one in await sandbox.views("U0ANNA")] == [view["id"], pushed["view_id"]]
    answering[0]["it"] = {"response_action": "clear"}
    await sandbox.submit("U0ANNA", pushed["view_id"], filled)
    assert await sandbox.views("U0ANNA") == []


async def test_an_answer_that_is_not_valid_is_trouble(site, slack, sandbox, modal, answering):
    broken = modal(title={"type": "plain_text", "text": "x" * 25})
    answering[0]["it"] = {"response_action": "update", "view": broken}
    view = (await slack.views_open(trigger_id=trigger(site), view=modal()))["view"]
    answer = await sandbox.submit("U0ANNA", view["id"], {"reason": {"text": "x"}})
    assert "must be less than 25 characters" in answer["reason"]


async def test_closing_is_told_only_when_asked_for(site, slack, sandbox, modal, answering):
    quiet = (await slack.views_open(trigger_id=trigger(site), view=modal()))["view"]
    await sandbox.close("U0ANNA", quiet["id"])
    assert answering[1] == []
    loud = await slack.views_open(trigger_id=trigger(site), view=modal(notify_on_close=True))
    answer = await sandbox.close("U0ANNA", loud["view"]["id"])
    assert answer["acked"]
    assert answering[1][0]["type"] == "view_closed"
    assert "trigger_id" not in answering[1][0]


async def test_choosing_in_a_modal_carries_what_stands_in_the_other_inputs(
    site, slack, sandbox, modal, answering
):
    blocks = inputs()
    blocks[0]["dispatch_action"] = True
    view = (await slack.views_open(trigger_id=trigger(site), view=modal(*blocks)))["view"]
    await sandbox.press(
        "U0ANNA",
        view_id=view["id"],
        action_id="it",
        block_id="select",
        selected="b",
        values={"text": {"it": "halvskrivet"}},
    )
    heard = answering[1][0]
    assert heard["actions"][0]["selected_option"]["value"] == "b"
    values = heard["view"]["state"]["values"]
    assert values["select"]["it"]["selected_option"]["value"] == "b"
    assert values["text"]["it"]["value"] == "halvskrivet"
    assert heard["container"] == {"type": "view", "view_id": view["id"]}
    assert "response_url" not in heard


async def test_an_update_keeps_what_was_filled_in_where_ids_are_the_same(
    site, slack, sandbox, modal, answering
):
    blocks = inputs()
    blocks[0]["dispatch_action"] = True
    view = (await slack.views_open(trigger_id=trigger(site), view=modal(*blocks)))["view"]
    await sandbox.press(
        "U0ANNA", view_id=view["id"], action_id="it", block_id="select", selected="c"
    )
    fewer = [blocks[0], {**blocks[8], "block_id": "text2"}]
    updated = await slack.views_update(view_id=view["id"], view=modal(*fewer))
    values = updated["view"]["state"]["values"]
    assert values["select"]["it"]["selected_option"]["value"] == "c"
    assert values["text2"]["it"]["value"] is None


async def test_somebody_elses_modal_cannot_be_touched(site, slack, modal):
    view = (await slack.views_open(trigger_id=trigger(site), view=modal()))["view"]
    with pytest.raises(Impossible):
        await gestures.close(site, person="U0OMAR", view_id=view["id"])
