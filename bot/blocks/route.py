"""Who decides and why, and the money that the case meets, in words: on KLG's card and to the deciders."""

from collections.abc import Iterable

from markupsafe import Markup

from bot.office import Office
from flows.case import AWAITS_DECISION, Case
from flows.decided import Routed, RouteReason
from flows.headroom import Headroom


def said(office: Office, route: Routed) -> Markup:
    """Who decides by which rule, and every reason on a line of its own."""
    return office.texts(
        "decision.route.said",
        to=office.texts.plain(f"decision.route.to.{route.to}"),
        rule=route.rule,
        reasons=reasons(office, route.reasons),
    ).strip()


def standing(office: Office, case: Case) -> Markup:
    """The route while it leads somewhere; "" when there is none, or the decision has been made."""
    waits = case.state in AWAITS_DECISION
    return said(office, case.route) if waits and case.route is not None else Markup()


def reasons(office: Office, found: Iterable[RouteReason]) -> list[Markup]:
    """Each reason with its figures."""
    return [_reason(office, reason) for reason in found]


def money(office: Office, found: Iterable[Headroom]) -> Markup:
    """What is left of cap and pot, kind by kind, and what would be if this were granted."""
    lines = [
        office.texts(
            "decision.route.money",
            of=one,
            kind=office.texts.plain(f"decision.said.kinds.{one.kind}"),
        ).strip()
        for one in found
    ]
    return Markup("\n\n").join(lines)


def _reason(office: Office, reason: RouteReason) -> Markup:
    kind = office.texts.plain(f"decision.said.kinds.{reason.kind}") if reason.kind else ""
    figures = reason.amount is not None and reason.limit is not None and reason.used is not None
    return office.texts(
        f"decision.reasons.{reason.code}",
        reason=reason,
        figures=figures,
        kind=kind,
        klg=office.programme.names.klg,
    ).strip()
