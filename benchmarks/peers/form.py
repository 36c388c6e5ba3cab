"""The form that the peers ask: twenty-five questions of text, and conversations that stand in it.

Runs in their environment, with nothing of ours. Whoever has answered the last question begins anew,
so that a conversation never ends while it is measured.
"""

QUESTIONS = tuple(
    f"Fråga {number} av 25: vad är det viktigaste att veta om åtgärden, och varför?"
    for number in range(1, 26)
)
STOOD_AT = 10  # so many questions are answered in each conversation that is open
_LONG = (
    "Vi vill att fältgruppen arbetar alla kvällar under sommaren kring centrumstråken och "
    "ungdomsgårdarna. Gruppen möter unga där de är, känner skolornas personal och kan ringa "
    "föräldrar samma kväll. Erfarenheten från två tidigare somrar är god & väl dokumenterad."
)


def field(number: int) -> str:
    """What the answer to a question is kept under."""
    return f"answer_{number}"


def answered(conversation: int) -> dict[str, str]:
    """What has been said in a conversation so far: every other answer long, none like another's."""
    return {
        field(number): f"{conversation}.{number} {_LONG if number % 2 else _LONG[:40]}"
        for number in range(STOOD_AT)
    }
