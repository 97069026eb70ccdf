"""Letters as SendGrid's own templates: pushed from our paper, filled with a letter's fields, looked through."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from kidspetite.config.env import Env
from kidspetite.foundation.notifications import operations, queries
from kidspetite.foundation.notifications.errors import NoSuchKind, NoTemplates, PostUnreachable, TemplatesRefused
from kidspetite.foundation.notifications.messages.handlebars import template_of, unknown_fields
from kidspetite.foundation.notifications.providers.sendgrid import SendGridPostman
from kidspetite.foundation.notifications.providers.sendgrid_templates import SendGridTemplates
from kidspetite.foundation.notifications.types import Case, Letter, ProviderTemplate
from tests.fakes.sendgrid import KEY, FakeSendGrid, fake_sendgrid
from tests.fakes.wired import use

pytestmark = pytest.mark.django_db
GONE = "d-" + "0" * 32


@pytest.fixture
def sendgrid():
    with fake_sendgrid() as fake:
        yield fake
    assert [problem for problem in fake.judge.problems if "uuid" not in problem] == []


def wired(monkeypatch, fake: FakeSendGrid, *, key: str = KEY, **chosen: str) -> None:
    ids = {kind.replace("_", "-"): template for kind, template in chosen.items()}
    use(monkeypatch, "templates", {"sendgrid": SendGridTemplates(key=key, api_base=fake.url, chosen=ids, timeout=5)})


def sample(kind: str = "order-shipped", case: Case = Case.REAL) -> Letter:
    return queries.examples()[kind](case)


def command(*told: str) -> str:
    out = StringIO()
    call_command("sendgrid_templates", *told, stdout=out, stderr=StringIO())
    return out.getvalue()


class TestPushing:
    def test_every_kind_has_its_template_and_a_setting_for_it(self, sendgrid, monkeypatch):
        wired(monkeypatch, sendgrid)
        lines = command("push").splitlines()
        kinds = {kind: Env.model_fields[f"sendgrid_template_{kind.replace('-', '_')}"] for kind in queries.examples()}
        assert len(lines) == len(kinds) == len(sendgrid.shelf)
        told = dict(line.lower().split("=") for line in lines)
        assert len(Env(_env_file=None, **told).sendgrid_templates) == len(kinds)

    def test_pushed_again_it_is_a_newer_version_of_the_same(self, sendgrid, monkeypatch):
        wired(monkeypatch, sendgrid)
        assert command("push") == command("push")
        versions = [[one["active"] for one in template["versions"]] for template in sendgrid.shelf.values()]
        assert all(active == [0, 1] for active in versions)

    def test_one_that_is_switched_on_is_written_where_it_is(self, sendgrid, monkeypatch):
        mine = "d-" + "a" * 32
        sendgrid.shelf[mine] = {"id": mine, "name": "by hand", "generation": "dynamic", "versions": []}
        wired(monkeypatch, sendgrid, order_shipped=mine)
        assert operations.push_templates(["order-shipped"]) == {"order-shipped": mine}

    def test_what_we_push_shows_only_what_its_letters_have(self):
        for kind, draw in queries.examples().items():
            letter = draw(Case.REAL)
            assert unknown_fields(template_of(letter), letter) == [], kind

    def test_its_html_is_our_paper(self):
        html = template_of(sample()).html
        assert "mj-" not in html.replace("mj-column-per-100", "").replace("mj-outlook-group-fix", "").replace(
            "mj-full-width", ""
        )
        for place in ("{{title}}", "{{#each parts}}", 'href="{{this.button.url}}"', "{{this.goods.total.amount}}"):
            assert place in html
        assert html.count("{{#") == html.count("{{/")
        assert "prefers-color-scheme: dark" in html
        assert "{{unsubscribe_url}}" not in html, "a letter about an order cannot be unsubscribed from"

    def test_faults_are_told_in_words(self, sendgrid, monkeypatch):
        with pytest.raises(NoTemplates):
            operations.push_templates()
        wired(monkeypatch, sendgrid)
        with pytest.raises(NoSuchKind):
            operations.push_templates(["invoice"])
        with pytest.raises(CommandError, match="order-shipped"):
            command("push", "invoice")
        wired(monkeypatch, sendgrid, key="SG.old")
        with pytest.raises(TemplatesRefused) as refusal:
            operations.push_templates(["welcome"])
        assert "401 authorization required" in refusal.value.facts["answer"]
        sendgrid.mood = "503"
        wired(monkeypatch, sendgrid)
        with pytest.raises(PostUnreachable):
            operations.push_templates(["welcome"])


class TestChecking:
    def test_a_field_that_no_letter_has_is_named(self, sendgrid, monkeypatch):
        wired(monkeypatch, sendgrid)
        (template,) = operations.push_templates(["order-shipped"]).values()
        wired(monkeypatch, sendgrid, order_shipped=template)
        assert "fine" in command("check")
        sendgrid.shelf[template]["versions"][-1]["html_content"] = (
            "{{! a note }}{{order_numbr}} {{order_number}} {{#if shop.fax}}{{shop.name}}{{else}}x{{/if}} "
            '{{insert name "default=friend"}} {{#each parts}}{{this.paragraph}}{{@index}}{{../title}}{{/each}}'
        )
        with pytest.raises(CommandError, match="another look"):
            command("check")
        (report,) = operations.check_templates()
        assert report.unknown == ("order_numbr", "shop.fax")
        assert "order_number" in report.known

    def test_one_that_is_gone_or_empty_is_told(self, sendgrid, monkeypatch):
        wired(monkeypatch, sendgrid, order_shipped=GONE)
        (report,) = operations.check_templates()
        assert "404" in report.fault
        empty = "d-" + "b" * 32
        sendgrid.shelf[empty] = {"id": empty, "name": "empty", "generation": "dynamic", "versions": []}
        wired(monkeypatch, sendgrid, order_shipped=empty)
        (report,) = operations.check_templates()
        assert report.fault == "no version of it is active"

    @pytest.mark.parametrize("words", ["", "{{", "{{}}", "{{{{{{", "{{#if}}", "x" * 10_000, "{{title}}}}{{/}}"])
    def test_broken_words_are_no_crash(self, words):
        unknown_fields(ProviderTemplate(words, words, words), sample())

    @pytest.mark.parametrize("typed", ["d-1", "order-shipped", "d-" + "g" * 32, "D-" + "a" * 32])
    def test_an_id_that_is_none_is_refused_at_the_start(self, typed):
        with pytest.raises(ValueError, match="sendgrid_template_order_shipped"):
            Env(_env_file=None, sendgrid_template_order_shipped=typed)


class TestSending:
    def postman(self, fake: FakeSendGrid, template: str) -> SendGridPostman:
        return SendGridPostman(
            key=KEY, api_base=fake.url, sender="hello@shop.example", templates={"order-shipped": template}
        )

    def test_a_letter_with_a_template_is_sent_as_fields(self, sendgrid, monkeypatch):
        wired(monkeypatch, sendgrid)
        (template,) = operations.push_templates(["order-shipped"]).values()
        letter = sample(case=Case.EDGE)
        self.postman(sendgrid, template).deliver(letter)
        (mail,) = sendgrid.taken
        assert mail["template_id"] == template
        assert "content" not in mail
        told = mail["personalizations"][0]["dynamic_template_data"]
        assert told["subject"] == letter.subject
        assert told["order_number"] in letter.subject
        assert mail["personalizations"][0]["custom_args"] == {"letter": letter.key}

    def test_others_leave_on_our_own_paper(self, sendgrid):
        self.postman(sendgrid, GONE).deliver(sample("welcome"))
        assert "template_id" not in sendgrid.taken[0]

    def test_a_template_that_is_gone_keeps_no_letter_from_leaving(self, sendgrid):
        self.postman(sendgrid, GONE).deliver(sample())
        (mail,) = sendgrid.taken
        assert "template_id" not in mail
        assert [part["type"] for part in mail["content"]] == ["text/plain", "text/html"]

    def test_a_provider_that_is_down_is_asked_once(self, sendgrid):
        sendgrid.mood = "503"
        with pytest.raises(PostUnreachable):
            self.postman(sendgrid, GONE).deliver(sample())
