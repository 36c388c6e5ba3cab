"""What the page *Vad händer* shows: the newest Web API calls and deliveries, newest first."""

import json
from typing import Any

from sandbox.courier import Delivery
from sandbox.pages.names import moment
from sandbox.site import Call, Site

SHOWN = 100


def facts(site: Site) -> dict[str, Any]:
    """Collect the last calls and deliveries, and how the app is connected."""
    return {
        "sockets": site.courier.sockets.count,
        "request_url": site.courier.request_url,
        "calls": [_call(one) for one in reversed([*site.calls][-SHOWN:])],
        "deliveries": [_delivery(one) for one in reversed([*site.courier.log][-SHOWN:])],
    }


def _call(call: Call) -> dict[str, Any]:
    return {
        "n": call.n,
        "at": _clock(call.at),
        "method": call.method,
        "ok": call.ok,
        "error": call.error,
        "json": _pretty(call.args),
    }


def _delivery(delivery: Delivery) -> dict[str, Any]:
    report = delivery.report()
    what = report["payload"]
    return {
        **report,
        "at": _clock(delivery.at),
        "under_way": not delivery.settled.is_set(),
        "what": what.get("command") or what.get("callback_id") or _subject(what),
        "json": _pretty({"response": report["response"], "payload": what}),
    }


def _subject(payload: dict[str, Any]) -> str:
    actions = payload.get("actions") or []
    if actions:
        return str(actions[0].get("action_id", ""))
    view = payload.get("view") or {}
    return str(view.get("callback_id") or payload.get("event", {}).get("subtype", ""))


def _clock(seconds: float) -> str:
    return f"{moment(seconds):%H:%M:%S.%f}"[:-3]


def _pretty(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)
