from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from kidspetite.foundation.notifications.errors import PostUnreachable, TemplatesRefused
from kidspetite.foundation.notifications.providers.sendgrid import first_error
from kidspetite.foundation.notifications.types import ProviderTemplate
from kidspetite.foundation.plumbing import http

A_PAGE = 200


class SendGridTemplates:
    """The TemplateShelf port over SendGrid's dynamic templates."""

    code = "sendgrid"

    def __init__(self, *, key: str, api_base: str, chosen: Mapping[str, str], timeout: float = 10.0) -> None:
        self._http = http.client(api_base, timeout=timeout, headers={"Authorization": f"Bearer {key}"})
        self.chosen = chosen

    def kept(self) -> dict[str, str]:
        found: dict[str, str] = {}
        page = ""
        while True:
            asked: dict[str, str | int] = {"generations": "dynamic", "page_size": A_PAGE}
            told = self._asked("GET", "/v3/templates", params=asked | ({"page_token": page} if page else {}))
            found |= {str(one["name"]): str(one["id"]) for one in told.get("result", [])}
            page = _next_page(told)
            if not page:
                return found

    def add(self, name: str) -> str:
        return str(self._asked("POST", "/v3/templates", json={"name": name, "generation": "dynamic"})["id"])

    def write(self, template_id: str, template: ProviderTemplate, *, name: str) -> None:
        version = {
            "name": name, "subject": template.subject, "html_content": template.html,
            "plain_content": template.text, "generate_plain_content": False, "active": 1, "editor": "code",
            "test_data": template.sample,
        }  # fmt: skip
        self._asked("POST", f"/v3/templates/{template_id}/versions", json=version)

    def read(self, template_id: str) -> ProviderTemplate | None:
        versions = self._asked("GET", f"/v3/templates/{template_id}").get("versions", [])
        live = next((one for one in versions if one.get("active") == 1), None)
        if live is None:
            return None
        told = self._asked("GET", f"/v3/templates/{template_id}/versions/{live['id']}")
        return ProviderTemplate(
            str(told.get("subject", "")), str(told.get("html_content") or ""), str(told.get("plain_content") or "")
        )

    def _asked(self, method: str, path: str, **told: Any) -> dict[str, Any]:
        try:
            answer = self._http.request(method, path, **told)
        except http.Failed as fault:
            raise PostUnreachable(answer=type(fault).__name__) from fault
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS or answer.status_code >= 500:
            raise PostUnreachable(answer=f"SendGrid {answer.status_code}")
        if not answer.is_success:
            raise TemplatesRefused(answer=f"SendGrid {answer.status_code} {first_error(answer.text)}".strip())
        return dict(answer.json())


def _next_page(told: dict[str, Any]) -> str:
    following = (told.get("_metadata") or {}).get("next") or ""
    return str(httpx.URL(following).params.get("page_token", "")) if following else ""
