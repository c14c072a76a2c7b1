"""The wire ids of a diagnosis: they stand in messages for years and never change."""

OPEN = "diagnose.open"  # "Diagnose"; value: the number's id
AGAIN = "diagnose.again"  # value: the number's id
ALL = "diagnose.all"  # "Read again" below the list of all numbers
PREVIOUS = "diagnose.previous"  # value: the page
NEXT = "diagnose.next"  # value: the page
MORE = "diagnose.more"  # "Show all checks"; value: number id and diagnosis
FEWER = "diagnose.fewer"  # the same, folded again
RIGHT = "diagnose.right"  # value: number id, diagnosis, code of the verdict
WRONG = "diagnose.wrong"
WINDOW = "diagnose.window"

EXPLAIN = "explain.open"  # "What is this?"; value: Meta's number, then Meta's words
EXPLAINED = "explain.window"

SUBSCRIBE_APP = "fix.subscribe_app"  # all fixes: number id and diagnosis
RESTORE_WEBHOOK = "fix.restore_webhook"
REFRESH_TOKEN = "fix.refresh_token"  # noqa: S105  # an id, not a token
ASK_MANAGER = "fix.ask_manager"
PREPARE_TICKET = "fix.prepare_ticket"
