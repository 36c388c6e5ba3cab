"""Posting, changing and reading messages, as Slack's own client does it."""

import pytest

from sandbox import gestures


async def test_a_post_to_a_person_lands_in_the_direct_message(slack, sandbox):
    posted = await slack.chat_postMessage(channel="U0ANNA", text="Hej")
    assert posted["channel"] == "D0ANNA"
    assert posted["message"]["bot_id"] == "B0BOT"
    assert [message["text"] for message in await sandbox.messages("U0ANNA")] == ["Hej"]


async def test_a_person_writes_and_history_has_it_escaped(slack, sandbox):
    ts = await sandbox.say("U0ANNA", "a < b & c > d")
    history = await slack.conversations_history(channel="D0ANNA")
    assert [(m["ts"], m["text"], m["user"]) for m in history["messages"]] == [
        (ts, "a &lt; b &amp; c &gt; d", "U0ANNA")
    ]


async def test_raw_text_keeps_links_as_slack_stores_them(slack, sandbox):
    await sandbox.say("U0ANNA", "<tel:070-1234567|070-1234567>", raw=True)
    history = await slack.conversations_history(channel="D0ANNA")
    assert history["messages"][0]["text"] == "<tel:070-1234567|070-1234567>"


async def test_history_comes_newest_first_in_pages_that_do_not_shift(slack, sandbox):
    texts = [str(number) for number in range(7)]
    for text in texts:
        await sandbox.say("U0ANNA", text)
    seen, cursor = [], None
    while cursor != "":
        page = await slack.conversations_history(channel="D0ANNA", limit=3, cursor=cursor)
        seen += [message["text"] for message in page["messages"]]
        cursor = page["response_metadata"]["next_cursor"]
        assert page["has_more"] == bool(cursor)
        if cursor:
            await sandbox.say("U0ANNA", "under tiden")
    assert seen == texts[::-1]


async def test_history_is_cut_by_oldest_and_latest(slack, sandbox):
    stamps = [await sandbox.say("U0ANNA", str(number)) for number in range(4)]
    between = await slack.conversations_history(
        channel="D0ANNA", oldest=stamps[0], latest=stamps[3]
    )
    assert [m["text"] for m in between["messages"]] == ["2", "1"]
    all_four = await slack.conversations_history(
        channel="D0ANNA", oldest=stamps[0], latest=stamps[3], inclusive=True
    )
    assert len(all_four["messages"]) == 4
    since_whole_second = await slack.conversations_history(
        channel="D0ANNA", oldest=stamps[0].partition(".")[0]
    )
    assert len(since_whole_second["messages"]) == 4


async def test_metadata_is_shown_only_when_asked_for(slack):
    metadata = {"event_type": "outbox", "event_payload": {"outbox_id": 7}}
    posted = await slack.chat_postMessage(channel="U0ANNA", text="Hej", metadata=metadata)
    plain = await slack.conversations_history(channel="D0ANNA")
    assert "metadata" not in plain["messages"][0]
    full = await slack.conversations_history(channel="D0ANNA", include_all_metadata=True)
    assert full["messages"][0]["metadata"] == metadata
    await slack.chat_update(channel="D0ANNA", ts=posted["ts"], text="Hej igen")
    thread = await slack.conversations_replies(
        channel="D0ANNA", ts=posted["ts"], include_all_metadata=True
    )
    assert thread["messages"][0]["metadata"] == metadata


async def test_replies_stay_out_of_history_and_count_at_their_root(slack, sandbox):
    root = await slack.chat_postMessage(channel="C0KLG", text="Kort")
    reply = await slack.chat_postMessage(channel="C0KLG", text="Svar", thread_ts=root["ts"])
    await slack.chat_postMessage(channel="C0KLG", text="Svar på svar", thread_ts=reply["ts"])
    await slack.chat_postMessage(
        channel="C0KLG", text="Till alla", thread_ts=root["ts"], reply_broadcast=True
    )
    history = await slack.conversations_history(channel="C0KLG")
    assert [m["text"] for m in history["messages"]] == ["Till alla", "Kort"]
    assert history["messages"][1]["reply_count"] == 3
    first = await slack.conversations_replies(channel="C0KLG", ts=root["ts"], limit=2)
    assert [m["text"] for m in first["messages"]] == ["Kort", "Svar", "Svar på svar"]
    rest = await slack.conversations_replies(
        channel="C0KLG", ts=root["ts"], cursor=first["response_metadata"]["next_cursor"]
    )
    assert [m["text"] for m in rest["messages"]] == ["Till alla"]
    assert len(await sandbox.messages("U0KARIN", channel="C0KLG", thread_ts=root["ts"])) == 4


async def test_update_without_blocks_removes_them(slack, button):
    actions = [{"type": "actions", "elements": [button()]}]
    posted = await slack.chat_postMessage(channel="U0ANNA", text="Fråga", blocks=actions)
    assert posted["message"]["blocks"][0]["block_id"]
    updated = await slack.chat_update(channel="D0ANNA", ts=posted["ts"], text="Svarat")
    assert "blocks" not in updated["message"]
    assert "edited" not in updated["message"]


async def test_update_refuses_text_above_4000_characters(slack, refused):
    posted = await slack.chat_postMessage(channel="U0ANNA", text="x" * 4000)
    await slack.chat_update(channel="D0ANNA", ts=posted["ts"], text="y" * 4000)
    answer = await refused(slack.chat_update(channel="D0ANNA", ts=posted["ts"], text="y" * 4001))
    assert answer["error"] == "msg_too_long"


async def test_a_very_long_text_becomes_several_messages(slack, sandbox):
    await slack.chat_postMessage(channel="U0ANNA", text="x" * 9000)
    assert [len(m["text"]) for m in await sandbox.messages("U0ANNA")] == [4000, 4000, 1000]


async def test_only_the_apps_own_messages_can_be_changed_or_deleted(slack, sandbox, refused):
    ts = await sandbox.say("U0ANNA", "mitt")
    answer = await refused(slack.chat_update(channel="D0ANNA", ts=ts, text="ditt"))
    assert answer["error"] == "cant_update_message"
    answer = await refused(slack.chat_delete(channel="D0ANNA", ts=ts))
    assert answer["error"] == "cant_delete_message"
    posted = await slack.chat_postMessage(channel="U0ANNA", text="bort")
    await slack.chat_delete(channel="D0ANNA", ts=posted["ts"])
    answer = await refused(slack.chat_update(channel="D0ANNA", ts=posted["ts"], text="?"))
    assert answer["error"] == "message_not_found"


async def test_an_ephemeral_is_seen_by_one_and_never_in_history(slack, sandbox, refused):
    whisper = await slack.chat_postEphemeral(channel="C0KLG", user="U0KARIN", text="Bara du")
    assert [m["ephemeral"] for m in await sandbox.messages("U0KARIN", channel="C0KLG")] == [True]
    assert await sandbox.messages("U0LARS", channel="C0KLG") == []
    assert (await slack.conversations_history(channel="C0KLG"))["messages"] == []
    answer = await refused(
        slack.chat_update(channel="C0KLG", ts=whisper["message_ts"], text="nytt")
    )
    assert answer["error"] == "message_not_found"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ({"channel": "C0ALLMANT", "text": "x"}, "not_in_channel"),
        ({"channel": "U0GONE", "text": "x"}, "channel_not_found"),
        ({"channel": "U0STRANGER", "text": "x"}, "channel_not_found"),
        ({"channel": "U0NOBODY", "text": "x"}, "channel_not_found"),
        ({"channel": "C0KLG", "text": ""}, "no_text"),
        ({"channel": "C0KLG", "blocks": "[not json"}, "invalid_blocks_format"),
        (
            {"channel": "C0KLG", "text": "x", "metadata": {"event_type": 1}},
            "invalid_metadata_format",
        ),
        ({"channel": "C0KLG", "text": "x", "thread_ts": "1.000000"}, "cannot_reply_to_message"),
        ({"channel": "C0KLG", "text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
    ],
)
async def test_a_post_that_slack_refuses(slack, refused, arguments, error):
    assert (await refused(slack.api_call("chat.postMessage", json=arguments)))["error"] == error


async def test_nobody_reaches_a_person_who_has_left(slack, sandbox, refused):
    posted = await slack.chat_postMessage(channel="U0LARS", text="före")
    await sandbox.do("person", person="U0LARS", deleted=True)
    for channel in ("U0LARS", posted["channel"]):
        answer = await refused(slack.chat_postMessage(channel=channel, text="efter"))
        assert answer["error"] == "channel_not_found"


async def test_an_archived_channel_takes_nothing(slack, sandbox, refused):
    posted = await slack.chat_postMessage(channel="C0KLG", text="före")
    await sandbox.do("archive", channel="C0KLG")
    answer = await refused(slack.chat_postMessage(channel="C0KLG", text="efter"))
    assert answer["error"] == "is_archived"
    answer = await refused(slack.chat_update(channel="C0KLG", ts=posted["ts"], text="efter"))
    assert answer["error"] == "is_inactive"


async def test_without_membership_a_private_channel_does_not_exist(slack, sandbox, refused):
    await sandbox.do("membership", channel="C0KLG", person="U0BOT", member=False)
    for call in (
        slack.chat_postMessage(channel="C0KLG", text="x"),
        slack.conversations_history(channel="C0KLG"),
        slack.conversations_info(channel="C0KLG"),
        slack.conversations_members(channel="C0KLG"),
    ):
        assert (await refused(call))["error"] == "channel_not_found"


async def test_public_history_needs_membership(slack, refused):
    answer = await refused(slack.conversations_history(channel="C0ALLMANT"))
    assert answer["error"] == "not_in_channel"


async def test_nobody_but_members_can_be_whispered_to(slack, refused):
    answer = await refused(slack.chat_postEphemeral(channel="C0KLG", user="U0ANNA", text="x"))
    assert answer["error"] == "user_not_in_channel"


async def test_a_permalink_names_the_thread(slack):
    root = await slack.chat_postMessage(channel="C0KLG", text="Kort")
    reply = await slack.chat_postMessage(channel="C0KLG", text="Svar", thread_ts=root["ts"])
    link = await slack.chat_getPermalink(channel="C0KLG", message_ts=reply["ts"])
    assert f"/archives/C0KLG/p{reply['ts'].replace('.', '')}?thread_ts=" in link["permalink"]


async def test_a_mention_is_written_as_slack_writes_it(site):
    said = gestures.say(
        site, person="U0KARIN", channel="C0KLG", text="@Trygghetslots och @lars berg"
    )
    text = site.world.message("C0KLG", said["ts"]).text
    assert text == "<@U0BOT> och <@U0LARS>"


async def test_timestamps_grow_and_never_repeat(site):
    stamps = [gestures.say(site, person="U0ANNA", text="x")["ts"] for _ in range(500)]
    assert stamps == sorted(set(stamps))
