"""Which facts each document is made from: its name in flows.papers, and what reads them."""

from collections.abc import Callable, Mapping

from pydantic import BaseModel
from sqlalchemy import Connection

from bot.acts.paper_facts import decisions, reconciliation, reports
from bot.acts.paper_facts.matter import Order
from bot.office import Office
from flows.papers import PaperName

Read = Callable[[Connection, Office, Order], BaseModel]

FACTS: Mapping[PaperName, Read] = {
    "officer_report": decisions.officer_report,
    "delegated_decision": decisions.delegated_decision,
    "dispatch": decisions.dispatch,
    "follow_up": reports.follow_up,
    "part_report": reports.part_report,
    "annual_report": reports.annual_report,
    "reconciliation": reconciliation.reconciliation,
    "delegation_list": reports.delegation_list,
}
