"""apps.connections.open and blocks.validate."""

import hashlib
import hmac

from sandbox.errors import Refused
from sandbox.methods.call import Call
from sandbox.surfaces import find_problems, view_problems
from sandbox.world import JSON, App


def ticket_for(app: App, number: str) -> str:
    """Sign a ticket, so that one from before a restart is still good: the SDK tries it again."""
    seal = hmac.new(app.signing_secret.encode(), number.encode(), hashlib.sha256).hexdigest()
    return f"{number}.{seal[:16]}"


def is_ticket(app: App, ticket: str) -> bool:
    return hmac.compare_digest(ticket_for(app, ticket.partition(".")[0]), ticket)


def connections_open(call: Call) -> JSON:
    ticket = ticket_for(call.world.app, call.world.ids.new("T"))
    address = call.origin.replace("http", "ws", 1)
    return {"url": f"{address}/link?ticket={ticket}&app_id={call.world.app.id}"}


def blocks_validate(call: Call) -> JSON:
    """Check exactly one of blocks, view or message without sending it anywhere."""
    given = [name for name in ("blocks", "view", "message") if call.args.get(name) is not None]
    if len(given) != 1:
        raise Refused(
            "invalid_arguments",
            messages=["must provide exactly one of `blocks`, `view`, or `message`"],
        )
    name = given[0]
    value = call.json(name, error=f"invalid_{name}")
    if name == "view":
        problems = view_problems(value, surface=str(value.get("type", "modal")))
    else:
        blocks = value if name == "blocks" else value.get("blocks", [])
        problems = find_problems(blocks, surface="message", root="")
    if problems:
        raise Refused(
            f"invalid_{name}",
            errors=[
                {"code": "failed_constraint", "message": one.text, "pointer": one.pointer}
                for one in problems
            ],
        )
    return {}
