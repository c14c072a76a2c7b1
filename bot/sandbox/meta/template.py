"""A message template as Meta keeps it."""

from dataclasses import dataclass


@dataclass(slots=True)
class TemplateRecord:
    """Its key for people is name and language; its `id` is digits here, and a number in webhooks."""

    id: str
    name: str
    language: str = "en_US"
    status: str = "APPROVED"
    category: str = "UTILITY"
