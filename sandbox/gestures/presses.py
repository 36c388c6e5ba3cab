"""A person presses a button or chooses in a select, date picker, menu or box."""

from dataclasses import replace

from sandbox import blocks, payloads
from sandbox.courier import Delivery
from sandbox.errors import Impossible
from sandbox.gestures.sight import acting, home_for, message_for, view_for
from sandbox.site import Site
from sandbox.world import JSON, View

_CARRIED = ("text", "value", "url", "placeholder", "confirm", "style")


async def press(
    site: Site,
    *,
    person: str,
    action_id: str,
    channel: str | None = None,
    ts: str | None = None,
    view_id: str | None = None,
    home: bool = False,
    block_id: str | None = None,
    value: str | None = None,
    selected: object = None,
    values: JSON | None = None,
) -> JSON:
    """Press or choose; in a message (`channel`, `ts`), a modal (`view_id`) or App Home (`home`).

    `selected` is what is chosen: an option's value, several, or a date. `values` is what stands in
    the other inputs right now (block_id → action_id → value). Returns `{acked, ms, warning?}`.
    """
    acting(site, person)
    wish = {"action_id": action_id, "block_id": block_id, "value": value}
    if home or view_id is not None:
        view = home_for(site, person) if home else view_for(site, person, str(view_id))
        payload = _in_view(site, view, wish=wish, selected=selected, values=values or {})
    else:
        payload = _in_message(
            site, person, channel, str(ts), wish=wish, selected=selected, values=values or {}
        )
    return answered(site, person, await site.courier.ask("interactive", payload))


def answered(site: Site, person: str, delivery: Delivery) -> JSON:
    """Say how the app answered; the person is warned when it did not."""
    result: JSON = {"acked": delivery.acked, "ms": delivery.ms}
    if not delivery.acked:
        result["warning"] = f"{site.world.app.name} svarade inte. Försök igen."
        site.world.warn(person, result["warning"])
    return result


def _in_message(
    site: Site,
    person: str,
    channel: str | None,
    ts: str,
    *,
    wish: JSON,
    selected: object,
    values: JSON,
) -> JSON:
    message = message_for(site, person, channel, ts)
    block, element = blocks.find(message.blocks, **wish)
    state = blocks.filled(message.blocks, message.state.get(person, {}), values)
    action = _action(site, block, element, selected=selected, state=state)
    message = site.world.put_message(replace(message, state={**message.state, person: state}))
    payload = payloads.interaction(site, "block_actions", person=person)
    return payload | payloads.in_message(site, message, person=person) | {"actions": [action]}


def _in_view(site: Site, view: View, *, wish: JSON, selected: object, values: JSON) -> JSON:
    shown = view.content["blocks"]
    block, element = blocks.find(shown, **wish)
    state = blocks.filled(shown, view.state, values)
    action = _action(site, block, element, selected=selected, state=state)
    view = replace(view, state=state)
    site.world.put_view(view)
    payload = payloads.interaction(
        site, "block_actions", person=view.person, view_id=None if view.is_home else view.id
    )
    return payload | payloads.in_view(site, view) | {"actions": [action]}


def _action(site: Site, block: JSON, element: JSON, *, selected: object, state: JSON) -> JSON:
    """Build the action; what is chosen is written into `state`, too."""
    kind = element["type"]
    action: JSON = {
        "type": kind,
        "block_id": block["block_id"],
        "action_id": element["action_id"],
        "action_ts": site.world.ids.ts(),
    }
    action |= {
        key: given
        for key, given in element.items()
        if key in _CARRIED or key.startswith("initial_")
    }
    if kind == "overflow":
        fit = [option for option in element["options"] if option.get("value") == selected]
        if not fit:
            raise Impossible(f"{element['action_id']} has no option {selected!r}")
        return action | {"selected_option": fit[0]}
    if kind not in blocks.VALUE_FIELDS:
        return action
    if block["type"] == "input" and not block.get("dispatch_action"):
        raise Impossible(f"{element['action_id']} sends nothing before the form is submitted")
    if selected is not None:
        state[block["block_id"]][element["action_id"]] = blocks.chosen(element, selected)
    now: JSON = state[block["block_id"]][element["action_id"]]
    return action | now
