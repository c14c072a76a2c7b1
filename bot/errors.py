"""What can go wrong, as a tree whose every branch says what happened and what to do next.

BotError(message, hint)         safe to show to a person; hint = what to do next
├ BadInput(field)               beside the field; the window stays open
├ NotAllowed                    says who may
│ └ NotYours(flow_id)           somebody else's flow; a manager is offered to take it over
├ NotHere                       not in this channel; says where
├ NumberBusy(flow_id)           somebody else holds the number's flow
├ StaleFlow                     the window is older than the flow; offers to reopen
├ AlreadyDone                   the same click arrived twice; nothing is shown, nothing happens
├ BudgetSpent(until)            our own guard line: when it opens again
└ GraphError (bot/graph/errors.py)
anything else = a bug           logged with a reference; the person sees the reference
"""

from datetime import datetime


class BotError(Exception):
    """Something a person can be told. `message` says what happened, `hint` what to do next."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class BadInput(BotError):
    """A value that cannot be used. `field` names the input it stands beside ("" when it was typed)."""

    def __init__(self, message: str, *, field: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.field = field


class NotAllowed(BotError):
    """This person may not do this. `hint` says who may."""


class NotYours(NotAllowed):
    """The flow is another person's. `may_join`: a code is out that an operator may offer to type."""

    def __init__(self, message: str, *, flow_id: str, hint: str = "", may_join: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.flow_id = flow_id
        self.may_join = may_join


class NotHere(BotError):
    """The command is not used in this channel. `hint` says where it is."""


class NumberBusy(BotError):
    """Another person's flow holds the number. One flow per number at a time."""

    def __init__(self, message: str, *, flow_id: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.flow_id = flow_id


class StaleFlow(BotError):
    """The window belongs to a flow that has moved on or ended."""


class AlreadyDone(BotError):
    """The same interaction was delivered again; its effect exists already."""


class BudgetSpent(BotError):
    """Our guard line, short of Meta's. `until` (UTC) is when it opens again; None: only with a manager.

    `metas_code`: the error number with which Meta set the wait, "" when it is ours.
    """

    def __init__(self, message: str, *, until: datetime | None, hint: str = "", metas_code: str = "") -> None:
        super().__init__(message, hint=hint)
        self.until = until
        self.metas_code = metas_code
