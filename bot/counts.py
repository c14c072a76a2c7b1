"""What is counted for whoever watches the bot from outside; no count names a person, a number or a customer."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

PREFIX = "whatsapp_desk"


class Counts:
    """Counters of this process, in a registry of its own. Every label is one of a few words."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._webhook = self._counter(
            "webhook_requests", "Requests to the webhook, by how they were answered", "reason"
        )
        self._events = self._counter("webhook_events", "Events of Meta's that were new, by field", "field")
        self._slack = self._counter(
            "slack_requests", "Requests of Slack over HTTP, by how they were answered", "reason"
        )
        self._acks = self._counter("acknowledgements", "Deliveries of Slack acknowledged, by kind", "kind")
        self._graph = self._counter("graph_calls", "Calls to Meta's Graph API, by outcome", "outcome")
        self._diagnoses = self._counter("diagnoses", "Diagnoses made, by the cause they named", "cause")
        self._flows = Gauge(
            f"{PREFIX}_flows_ended",
            "Reconnects on record, by how they ended",
            ["end"],
            registry=self._registry,
        )
        self._owed = self._gauge("outbox_backlog", "Messages owed to Slack")
        self._waiting = self._gauge("events_backlog", "Events of Meta's received and not yet taken in")

    def _counter(self, name: str, meaning: str, label: str) -> Counter:
        return Counter(f"{PREFIX}_{name}", meaning, [label], registry=self._registry)

    def _gauge(self, name: str, meaning: str) -> Gauge:
        return Gauge(f"{PREFIX}_{name}", meaning, registry=self._registry)

    def webhook(self, reason: str) -> None:
        self._webhook.labels(reason).inc()

    def event(self, field: str, count: int = 1) -> None:
        self._events.labels(field).inc(count)

    def slack(self, reason: str) -> None:
        self._slack.labels(reason).inc()

    def acknowledged(self, kind: str) -> None:
        self._acks.labels(kind).inc()

    def graph_call(self, outcome: str) -> None:
        self._graph.labels(outcome).inc()

    def diagnosed(self, cause: str) -> None:
        """`cause`: its slug in the catalogue, or "none"."""
        self._diagnoses.labels(cause).inc()

    def page(self, *, owed: int, waiting: int, ends: Mapping[str, int]) -> bytes:
        """Everything in Prometheus' text format, with how much waits now and how flows on record ended."""
        self._owed.set(owed)
        self._waiting.set(waiting)
        for end, count in ends.items():
            self._flows.labels(end).set(count)
        return generate_latest(self._registry)
