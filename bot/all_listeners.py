"""Everything that is listened to. Each part keeps its own in its listeners module, as `ACTIONS` and `VIEWS`."""

from bot.dispatch import Listeners
from bot.listeners import (
    assessment,
    board,
    commands,
    decision,
    forms,
    home,
    inbox,
    intake,
    klg_channel,
    money,
    reminders,
    reporting,
    search,
    substitutes,
    transfer,
)
from bot.listeners.dispatch import ACTIONS as DISPATCH_ACTIONS

LISTENERS = Listeners(
    actions=intake.ACTIONS
    | assessment.ACTIONS
    | board.ACTIONS
    | decision.ACTIONS
    | home.ACTIONS
    | inbox.ACTIONS
    | klg_channel.ACTIONS
    | money.ACTIONS
    | search.ACTIONS
    | reporting.ACTIONS
    | DISPATCH_ACTIONS
    | reminders.ACTIONS
    | substitutes.ACTIONS
    | transfer.ACTIONS,
    views=forms.VIEWS
    | assessment.VIEWS
    | board.VIEWS
    | decision.VIEWS
    | inbox.VIEWS
    | money.VIEWS
    | reporting.VIEWS
    | search.VIEWS
    | substitutes.VIEWS
    | transfer.VIEWS,
    message=intake.message,
    message_given_up=intake.message_given_up,
    edited=commands.edited,
    home_opened=home.opened,
    person_changed=commands.person_changed,
    command=commands.command,
)
