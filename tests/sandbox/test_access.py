"""Tokens, scopes, methods, people and groups: who may ask, and what Slack knows of whom."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import serve
from sandbox.workspace import load


@pytest.mark.parametrize(
    ("token", "error"),
    [
        (None, "not_authed"),
        ("xoxb-other", "invalid_auth"),
        ("xapp-sandbox", "not_allowed_token_type"),
    ],
)
async def test_a_wrong_token_is_refused(site, refused, token, error):
    client = AsyncWebClient(token=token, base_url=f"{site.url}/api/")
    assert (await refused(client.auth_test()))["error"] == error


async def test_only_the_app_token_opens_connections(slack, refused):
    answer = await refused(slack.apps_connections_open(app_token="xoxb-sandbox"))
    assert answer["error"] == "not_allowed_token_type"
    opened = await slack.apps_connections_open(app_token="xapp-sandbox")
    assert opened["url"].startswith("ws://127.0.0.1:")


async def test_a_revoked_token_says_so(slack, sandbox, refused):
    await sandbox.do("revoke", token="xoxb-sandbox")
    assert (await refused(slack.auth_test()))["error"] == "token_revoked"


async def test_the_app_is_told_who_it_is(slack):
    me = await slack.auth_test()
    assert (me["user_id"], me["bot_id"], me["team_id"]) == ("U0BOT", "B0BOT", "T0SANDBOX")


async def test_a_missing_scope_is_named(refused):
    async with serve(load().with_app(scopes=("im:history",))) as site:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=f"{site.url}/api/")
        answer = await refused(client.chat_postMessage(channel="C0KLG", text="x"))
        assert answer == {
            "ok": False,
            "error": "missing_scope",
            "needed": "chat:write",
            "provided": "im:history",
        }
        answer = await refused(client.conversations_history(channel="C0KLG"))
        assert answer["needed"] == "groups:history"


async def test_reactions_and_pins_are_not_in_the_manifest(slack, refused):
    posted = await slack.chat_postMessage(channel="C0KLG", text="x")
    place = {"channel": "C0KLG", "timestamp": posted["ts"]}
    answer = await refused(slack.reactions_add(name="eyes", **place))
    assert answer["needed"] == "reactions:write"
    assert (await refused(slack.pins_add(**place)))["needed"] == "pins:write"


async def test_with_their_scopes_reactions_and_pins_work_once(refused):
    scopes = (*load().app.scopes, "reactions:write", "pins:write")
    async with serve(load().with_app(scopes=scopes)) as site:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=f"{site.url}/api/")
        posted = await client.chat_postMessage(channel="C0KLG", text="x")
        place = {"channel": "C0KLG", "timestamp": posted["ts"]}
        await client.reactions_add(name="eyes", **place)
        assert (await refused(client.reactions_add(name="eyes", **place)))["error"] == (
            "already_reacted"
        )
        await client.pins_add(**place)
        assert (await refused(client.pins_add(**place)))["error"] == "already_pinned"
        history = await client.conversations_history(channel="C0KLG")
        assert history["messages"][0]["reactions"] == [
            {"name": "eyes", "users": ["U0BOT"], "count": 1}
        ]
        await client.reactions_remove(name="eyes", **place)
        await client.pins_remove(**place)
        assert (await refused(client.pins_remove(**place)))["error"] == "no_pin"


@pytest.mark.parametrize("method", ["chat.scheduleMessage", "canvases.create", "no.such.method"])
async def test_what_is_not_there_is_an_unknown_method(slack, refused, method):
    assert (await refused(slack.api_call(method)))["error"] == "unknown_method"


async def test_arguments_may_come_as_query_form_or_json(slack):
    for way in ("params", "data", "json"):
        answer = await slack.api_call("users.info", **{way: {"user": "U0ANNA", "team_id": "T0"}})
        assert answer["user"]["profile"]["email"] == "anna.ek@exempelkommunen.se"


async def test_people_are_as_slack_describes_them(slack):
    guest = (await slack.users_info(user="U0GUEST"))["user"]
    stranger = (await slack.users_info(user="U0STRANGER"))["user"]
    gone = (await slack.users_info(user="U0GONE"))["user"]
    assert guest["is_restricted"]
    assert not guest["is_stranger"]
    assert (stranger["team_id"], stranger["is_stranger"]) == ("T0OTHER", True)
    assert gone["deleted"]


async def test_the_list_of_users_comes_in_pages_without_strangers(slack):
    ids, cursor = [], None
    while cursor != "":
        page = await slack.users_list(limit=5, cursor=cursor)
        ids += [user["id"] for user in page["members"]]
        cursor = page["response_metadata"]["next_cursor"]
    assert len(ids) == len(set(ids)) == 19
    assert "U0STRANGER" not in ids


async def test_a_person_is_found_by_address_unless_she_has_left(slack, refused):
    found = await slack.users_lookupByEmail(email="Karin.Holm@exempelkommunen.se")
    assert found["user"]["id"] == "U0KARIN"
    for email in ("bo.borta@exempelkommunen.se", "stina@annan.se", "ingen@exempelkommunen.se"):
        answer = await refused(slack.users_lookupByEmail(email=email))
        assert answer["error"] == "users_not_found"


async def test_without_the_email_scope_addresses_are_hidden():
    scopes = tuple(scope for scope in load().app.scopes if scope != "users:read.email")
    async with serve(load().with_app(scopes=scopes)) as site:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=f"{site.url}/api/")
        user = (await client.users_info(user="U0ANNA"))["user"]
        assert "email" not in user["profile"]


@pytest.mark.parametrize(
    ("person", "error"),
    [
        ("U0GONE", "user_disabled"),
        ("U0NOBODY", "user_not_found"),
        ("U0STRANGER", "user_not_visible"),
        ("", "users_list_not_supplied"),
    ],
)
async def test_a_conversation_that_cannot_be_opened(slack, refused, person, error):
    assert (await refused(slack.conversations_open(users=person)))["error"] == error


async def test_opening_a_conversation_twice_gives_the_same(slack):
    first = await slack.conversations_open(users="U0ANNA")
    again = await slack.conversations_open(users="U0ANNA")
    assert first["channel"]["id"] == again["channel"]["id"] == "D0ANNA"
    assert again["already_open"]


async def test_channels_are_listed_by_kind_and_membership(slack):
    await slack.conversations_open(users="U0ANNA")
    public = await slack.conversations_list()
    assert [channel["name"] for channel in public["channels"]] == ["allmant"]
    others = await slack.conversations_list(types="private_channel,im")
    assert [channel["id"] for channel in others["channels"]] == ["C0KLG", "D0ANNA"]
    members = await slack.conversations_members(channel="C0KLG")
    assert "U0GUEST" in members["members"]
    info = await slack.conversations_info(channel="C0KLG", include_num_members=True)
    assert (info["channel"]["is_private"], info["channel"]["num_members"]) == (True, 8)


async def test_joining_is_for_public_channels_and_needs_its_scope(slack, refused):
    answer = await refused(slack.conversations_join(channel="C0ALLMANT"))
    assert answer["needed"] == "channels:join"
    scopes = (*load().app.scopes, "channels:join")
    async with serve(load().with_app(scopes=scopes)) as site:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=f"{site.url}/api/")
        await client.conversations_join(channel="C0ALLMANT")
        await client.chat_postMessage(channel="C0ALLMANT", text="Hej alla")
        answer = await refused(client.conversations_join(channel="C0KLG"))
        assert answer["error"] == "method_not_supported_for_channel_type"


async def test_groups_and_team_are_known(slack, refused):
    assert (await slack.team_info())["team"]["name"] == "Exempelkommunen"
    assert (await slack.bots_info(bot="B0BOT"))["bot"]["user_id"] == "U0BOT"
    groups = await slack.usergroups_list(include_users=True)
    assert groups["usergroups"][0]["handle"] == "klg"
    users = await slack.usergroups_users_list(usergroup="S0KLG")
    assert len(users["users"]) == 4
    answer = await refused(slack.usergroups_users_list(usergroup="S0NONE"))
    assert answer["error"] == "no_such_subteam"


async def test_blocks_can_be_checked_without_a_token(site):
    client = AsyncWebClient(base_url=f"{site.url}/api/")
    fine = [{"type": "divider"}]
    assert (await client.api_call("blocks.validate", json={"blocks": fine}))["ok"]
