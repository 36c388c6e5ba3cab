"""A person submits or closes a modal; the app's answer decides what happens to it."""

import re
from dataclasses import replace

from sandbox import blocks, payloads, shapes
from sandbox.dialogs import changed, opened
from sandbox.errors import Impossible, Refused
from sandbox.gestures.messages import store
from sandbox.gestures.presses import answered
from sandbox.gestures.sight import acting, home_for, message_for, view_for
from sandbox.site import Site
from sandbox.world import JSON, View

TROUBLE = "Det gick inte att ansluta till appen. Försök igen."


async def submit(site: Site, *, person: str, view_id: str, values: JSON | None = None) -> JSON:
    """Submit a modal; inputs that `values` does not name keep what they hold.

    A file input takes a list of `{name, content_base64}`. Returns `{client_errors}` when Slack's
    own client stops it, otherwise `{acked, ms, response_action, errors, view_id, warning?}`.
    """
    view = view_for(site, person, view_id)
    if not view.content.get("submit"):
        raise Impossible("this view has nothing to submit")
    state = blocks.filled(view.content["blocks"], view.state, _stored(site, view, values or {}))
    view = replace(view, state=state)
    site.world.put_view(view)
    if problems := client_errors(view):
        return {"client_errors": problems}
    payload = payloads.interaction(site, "view_submission", person=person, view_id=view.id)
    payload |= {"view": shapes.view(site.world, view), "response_urls": []}
    delivery = await site.courier.ask("interactive", payload)
    result = answered(site, person, delivery)
    result |= {"response_action": None, "errors": None, "view_id": view.id}
    if delivery.acked and view.id in site.world.views:
        result |= _obey(site, site.world.views[view.id], delivery.response)
    return result


def _stored(site: Site, view: View, values: JSON) -> JSON:
    """Store what is put into file inputs, and hand on the file objects."""
    inputs = {
        (block["block_id"], element["action_id"])
        for block, element in blocks.elements(view.content["blocks"])
        if element["type"] == "file_input"
    }
    done: JSON = {}
    for block_id, actions in values.items():
        for action_id, value in actions.items():
            kept = value
            if (block_id, action_id) in inputs:
                ids = [store(site, person=view.person, **one) for one in value or []]
                kept = [
                    shapes.file(site.world, site.world.files[key], origin=site.origin)
                    for key in ids
                ]
            done.setdefault(block_id, {})[action_id] = kept
    return done


def client_errors(view: View) -> dict[str, str]:
    """Check what Slack's client checks before it sends anything: block_id → what is wrong."""
    problems: dict[str, str] = {}
    for block, element in blocks.elements(view.content["blocks"]):
        if block["type"] != "input":
            continue
        name = blocks.VALUE_FIELDS[element["type"]][0]
        value = view.state[block["block_id"]][element["action_id"]].get(name)
        if value is None or value in ([], ""):
            if not block.get("optional", False):
                problems[block["block_id"]] = "Fyll i det här fältet."
        elif problem := _misfit(element, value):
            problems[block["block_id"]] = problem
    return problems


def _misfit(element: JSON, value: object) -> str | None:
    longest, shortest = int(element.get("max_length", 3000)), int(element.get("min_length", 0))
    if isinstance(value, str) and len(value) > longest:
        return f"Högst {longest} tecken."
    if isinstance(value, str) and len(value) < shortest:
        return f"Minst {shortest} tecken."
    if element["type"] == "number_input":
        return _not_in_range(element, str(value))
    if element["type"] == "email_text_input" and not re.fullmatch(r"\S+@\S+\.\S+", str(value)):
        return "Skriv en e-postadress."
    most = int(element.get("max_selected_items") or element.get("max_files") or 100)
    return "För många val." if isinstance(value, list) and len(value) > most else None


def _not_in_range(element: JSON, value: str) -> str | None:
    pattern = r"-?\d+(\.\d+)?" if element.get("is_decimal_allowed") else r"-?\d+"
    if not re.fullmatch(pattern, value):
        return "Skriv ett tal."
    low, high = element.get("min_value"), element.get("max_value")
    if low is not None and float(value) < float(low):
        return f"Minst {low}."
    if high is not None and float(value) > float(high):
        return f"Högst {high}."
    return None


def _obey(site: Site, view: View, answer: JSON | str | None) -> JSON:
    """Do what the app answered to a form."""
    if not answer:
        site.world.close_view(view.id)
        return {}
    action = answer.get("response_action") if isinstance(answer, dict) else None
    try:
        if action == "clear":
            for one in site.world.stack(view.person):
                site.world.close_view(one.id)
            return {"response_action": action}
        if action == "errors" and isinstance(answer, dict):
            return {"response_action": action, "errors": _on_inputs(view, answer["errors"])}
        if action == "update" and isinstance(answer, dict):
            changed(site, view, answer["view"])
            return {"response_action": action}
        if action == "push" and isinstance(answer, dict):
            pushed = opened(site, answer["view"], person=view.person, above=view)
            return {"response_action": action, "view_id": pushed.id}
    except (Refused, KeyError, TypeError, AttributeError) as error:
        site.world.warn(view.person, TROUBLE)
        return {"warning": TROUBLE, "response_action": action, "reason": _reason(error)}
    site.world.warn(view.person, TROUBLE)
    return {"warning": TROUBLE, "reason": f"not a view answer: {answer!r}"}


def _reason(error: Exception) -> str:
    if isinstance(error, Refused):
        return f"{error.code}: {error.extra}"
    return repr(error)


def _on_inputs(view: View, errors: dict[str, str]) -> dict[str, str]:
    """Refused unless every error stands at an input block, as Slack demands."""
    inputs = {one["block_id"] for one in view.content["blocks"] if one["type"] == "input"}
    if unknown := set(errors) - inputs:
        raise Refused("invalid_arguments", messages=[f"no input block {min(unknown)}"])
    return errors


async def close(site: Site, *, person: str, view_id: str) -> JSON:
    """Close the modal, and those below it when it says `clear_on_close`."""
    view = view_for(site, person, view_id)
    clear = bool(view.content.get("clear_on_close"))
    gone = site.world.stack(person) if clear else [view]
    for one in gone:
        site.world.close_view(one.id)
    if not view.content.get("notify_on_close"):
        return {"closed": [one.id for one in gone]}
    payload = payloads.interaction(site, "view_closed", person=person)
    del payload["trigger_id"]
    payload |= {"view": shapes.view(site.world, view), "is_cleared": clear}
    result = answered(site, person, await site.courier.ask("interactive", payload))
    return result | {"closed": [one.id for one in gone]}


async def suggest(
    site: Site,
    *,
    person: str,
    action_id: str,
    text: str,
    channel: str | None = None,
    ts: str | None = None,
    view_id: str | None = None,
    home: bool = False,
    block_id: str | None = None,
) -> JSON:
    """Type in an external select. Returns `{options}` or `{option_groups}` as the app gives them."""
    acting(site, person)
    payload = payloads.interaction(site, "block_suggestion", person=person)
    del payload["trigger_id"]
    if home or view_id is not None:
        view = home_for(site, person) if home else view_for(site, person, str(view_id))
        shown, where = view.content["blocks"], payloads.in_view(site, view)
    else:
        message = message_for(site, person, channel, str(ts))
        shown, where = message.blocks, payloads.in_message(site, message, person=person)
    block, element = blocks.find(shown, action_id=action_id, block_id=block_id, value=None)
    payload |= where | {
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "value": text,
    }
    delivery = await site.courier.ask("interactive", payload)
    found = delivery.response if isinstance(delivery.response, dict) else {"options": []}
    return answered(site, person, delivery) | found
