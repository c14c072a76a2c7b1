"""`health_status`: entity by entity, with the SIP trap in the top value (meta-graph.md §3)."""

from bot.sandbox.meta.account import AccountRecord, BusinessRecord
from bot.sandbox.meta.errors import Json
from bot.sandbox.meta.number import REGISTERED, NumberRecord

SIP_ERROR: Json = {
    "error_code": 138024,
    "error_description": "SIP calling is not configured for this phone number.",
    "possible_solution": "Configure a SIP server for this phone number.",
}


def of_number(
    number: NumberRecord, account: AccountRecord, business: BusinessRecord, app_id: str, status: str
) -> Json:
    """`status` is the number's as this read shows it."""
    entities = [_number(number, status), _account(account), _business(business)]
    entities.append(_entity("APP", app_id))
    return {"can_send_message": _top(entities, number.sip_trap), "entities": entities}


def of_account(account: AccountRecord, business: BusinessRecord, app_id: str) -> Json:
    entities = [_account(account), _business(business), _entity("APP", app_id)]
    return {"can_send_message": _top(entities, False), "entities": entities}


def _number(number: NumberRecord, status: str) -> Json:
    problems = list(number.problems)
    if status not in REGISTERED:
        problems.append((133010, "The phone number is not registered.", "Register the phone number."))
    entity = _entity("PHONE_NUMBER", number.id, problems)
    if number.sip_trap:
        errors = entity.get("errors")
        entity["can_receive_call_sip"] = "BLOCKED"
        entity["errors"] = [*(errors if isinstance(errors, list) else []), SIP_ERROR]
    return entity


def _account(account: AccountRecord) -> Json:
    problems = list(account.problems)
    if account.locked:
        problems.append((131031, "The account is locked.", "Appeal in Business Support Home."))
    return _entity("WABA", account.id, problems, account.notes)


def _business(business: BusinessRecord) -> Json:
    verified = business.verification == "verified"
    return _entity(
        "BUSINESS", business.id, notes=[] if verified else ["Business has not passed verification."]
    )


def _entity(
    kind: str,
    node_id: str,
    problems: list[tuple[int, str, str]] | None = None,
    notes: list[str] | None = None,
) -> Json:
    entity: Json = {"entity_type": kind, "id": node_id, "can_send_message": "AVAILABLE"}
    if problems:
        entity["can_send_message"] = "BLOCKED"
        entity["errors"] = [
            {"error_code": code, "error_description": words, "possible_solution": way_out}
            for code, words, way_out in problems
        ]
    elif notes:
        entity |= {"can_send_message": "LIMITED", "additional_info": list(notes)}
    return entity


def _top(entities: list[Json], sip_trap: bool) -> str:
    words = {entity["can_send_message"] for entity in entities}
    if sip_trap or "BLOCKED" in words:
        return "BLOCKED"
    return "LIMITED" if "LIMITED" in words else "AVAILABLE"
