"""What stands in a form: the values typed so far and the errors beside them. Rules live in the rooms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kidspetite.foundation.kernel.errors import FieldError


@dataclass(frozen=True)
class Typed:
    """A form as it is shown: nothing that was typed is lost, and each error stands by its field and in the summary."""

    values: Mapping[str, str]
    errors: tuple[FieldError, ...] = ()

    def value(self, name: str) -> str:
        return self.values.get(name) or ""

    def error(self, name: str) -> str | None:
        return next((str(fault.message) for fault in self.errors if _control(fault) == name), None)

    @property
    def summary(self) -> list[dict[str, str]]:
        """For `ui.form_errors`: each error with the id of its control."""
        return [{"field": f"id_{_control(fault)}", "message": str(fault.message)} for fault in self.errors]

    def having(self, errors: Iterable[FieldError]) -> Typed:
        return Typed(self.values, tuple(errors))


def _control(fault: FieldError) -> str:
    """`shipping_address.postal_code` is typed in the control `postal_code`."""
    return fault.field.rsplit(".", 1)[-1]
