"""The wire ids of the reconnect wizard. Old messages still hold them: they never change."""

from handlers.views.field import Field

# buttons (action_id); value: the flow's id unless said otherwise
OPEN = "reconnect.open"  # "Reconnect"; value: the number's id
CONTINUE = "reconnect.continue"
CANCEL = "reconnect.cancel"
SEND_AGAIN = "reconnect.send_again"
CALL = "reconnect.call"
HAND_OFF = "reconnect.hand_off"  # "Someone else has the phone"
TAKE_BACK = "reconnect.take_back"
ENTER = "reconnect.enter"  # "Enter code", in the direct message
NEW_PIN = "reconnect.new_pin"
CHECK = "reconnect.check"  # "Check status"
JOIN = "reconnect.join"
TAKE_OVER = "reconnect.take_over"
REFRESH = "reconnect.refresh"  # the wizard's own "Try refreshing permissions"
BUTTONS = (
    OPEN, CONTINUE, CANCEL, SEND_AGAIN, CALL, HAND_OFF, TAKE_BACK, ENTER, NEW_PIN, CHECK, JOIN, TAKE_OVER, REFRESH,
)  # fmt: skip

# windows with a submit (callback_id)
SEND = "reconnect.send"
VERIFY = "reconnect.verify"
HANDED = "reconnect.handed"
CONNECT = "reconnect.connect"
SET_PIN = "reconnect.set_pin"
SUBMITS = (SEND, VERIFY, HANDED, CONNECT, SET_PIN)
WINDOW = "reconnect.window"  # every window without a submit

# inputs
NUMBER = Field("reconnect.number", "reconnect.number.choice", "Number")
METHOD = Field("reconnect.method", "reconnect.method.choice", "How should Meta send the code?")
LANGUAGE = Field("reconnect.language", "reconnect.language.choice", "Language of the message")
CODE = Field("reconnect.code", "reconnect.code.text", "Verification code")
ANYWAY = Field("reconnect.anyway", "reconnect.anyway.tick", "Not six digits")
HOLDER = Field("reconnect.holder", "reconnect.holder.person", "Who has the phone?")
PIN = Field("reconnect.pin", "reconnect.pin.text", "Two-step PIN")
FRESH_PIN = Field("reconnect.fresh_pin", "reconnect.fresh_pin.text", "New two-step PIN")
SURE = Field("reconnect.sure", "reconnect.sure.tick", "This replaces the old PIN")
