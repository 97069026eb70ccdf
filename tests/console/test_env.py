"""The environment: every fault at once, no secret told, nothing unsafe in production, and an example that is true."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kidspetite.config import env_words
from kidspetite.config.env import ROOT, Env, EnvFaults, Rate, read_env

SAFE = {
    "KP_ENV": "production",
    "SECRET_KEY": "k9-" + "abcdefghijklmnopqrstuvwxyz0123456789" * 2,
    "DATABASE_URL": "postgresql://shop:hunter2@db.example:5432/shop",
    "BASE_URL": "https://shop.example",
    "CRON_SECRET": "a-long-enough-cron-secret",
    "SMTP_URL": "smtps://mailer:pa55@mail.example:465",
    "MAIL_FROM": "Kids Petite <hello@kidspetite.test>",
    "STRIPE_SECRET_KEY": "sk_live_123",
    "STRIPE_PUBLISHABLE_KEY": "pk_live_123",
    "STRIPE_WEBHOOK_SECRET": "whsec_123",
}


@pytest.fixture
def environment(monkeypatch, tmp_path):
    """Sets exactly the given names; everything else of the shop is unset."""

    def settle(**values: str) -> None:
        for name in list(os.environ):
            if name.upper().lower() in Env.model_fields or name.startswith("KP_"):
                monkeypatch.delenv(name)
        for name, value in {"KP_ENV_FILE": "none", "KP_DATA_DIR": str(tmp_path), **values}.items():
            monkeypatch.setenv(name, value)

    settle()
    return settle


def faults() -> dict[str, str]:
    with pytest.raises(EnvFaults) as refused:
        read_env()
    return {fault.name: str(fault) for fault in refused.value.faults}


def test_development_needs_nothing(environment):
    env, notes = read_env()
    assert env.kp_env == "development"
    assert env.reservation_ttl_seconds == 900
    assert (str(env.rate_checkout), env.rate_hold_pieces) == ("30/minute", 60)
    assert env.public_url == "http://127.0.0.1:8000"
    assert notes == []


def test_every_fault_is_told_at_once_with_what_is_expected_and_where_to_get_it(environment):
    environment(PORT="eighty", RATE_CART="lots", DATABASE_URL="mysql://x", BASE_URL="shop", RESERVATION_TTL_SECONDS="0")
    found = faults()
    assert set(found) == {"PORT", "RATE_CART", "DATABASE_URL", "BASE_URL", "RESERVATION_TTL_SECONDS"}
    assert "Expected a rate such as 60/minute" in found["RATE_CART"]
    assert "Where to get it: your database provider" in found["DATABASE_URL"]


def test_broken_and_unsafe_values_are_told_together(environment):
    environment(**{**SAFE, "PORT": "eighty", "SECRET_KEY": "short", "RATE_LIMITS": "off"})
    assert set(faults()) == {"PORT", "SECRET_KEY", "RATE_LIMITS"}


def test_no_secret_is_ever_printed(environment, capsys):
    secrets = {"SECRET_KEY": "s3cr3t-a", "DATABASE_URL": "mysql://u:s3cr3t-b@h", "STRIPE_SECRET_KEY": "s3cr3t-c"}
    environment(KP_ENV="production", **secrets)
    with pytest.raises(EnvFaults) as refused:
        read_env()
    assert "s3cr3t" not in str(refused.value) + repr(refused.value.faults)
    assert refused.value.__cause__ is None or "s3cr3t" not in str(refused.value.__cause__)

    environment(**SAFE)
    assert env_words.tell(["print"]) == 0
    told = capsys.readouterr().out
    assert "SECRET_KEY=(set)" in told
    assert "hunter2" not in told + repr(read_env()[0])
    assert "pa55" not in told


def test_production_starts_when_everything_is_safe(environment):
    environment(**SAFE)
    env, _ = read_env()
    assert env.is_production
    assert env.hosts == ["shop.example"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "x" * 80}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"BASE_URL": "http://shop.example"}, "BASE_URL"),
        ({"BASE_URL": ""}, "BASE_URL"),
        ({"ALLOWED_HOSTS": "shop.example,*"}, "ALLOWED_HOSTS"),
        ({"RATE_LIMITS": "off"}, "RATE_LIMITS"),
        ({"DATABASE_URL": ""}, "DATABASE_URL"),
        ({"STRIPE_SECRET_KEY": "", "STRIPE_PUBLISHABLE_KEY": "", "STRIPE_WEBHOOK_SECRET": ""}, "STRIPE_SECRET_KEY"),
        ({"STRIPE_WEBHOOK_SECRET": ""}, "STRIPE_WEBHOOK_SECRET"),
        ({"CRON_SECRET": ""}, "CRON_SECRET"),
        ({"CRON_SECRET": "short"}, "CRON_SECRET"),
        ({"SMTP_URL": ""}, "SENDGRID_API_KEY"),
        ({"MAIL_FROM": "hello@kidspetite.example"}, "MAIL_FROM"),
        ({"STRIPE_API_BASE": "http://elsewhere.example"}, "STRIPE_API_BASE"),
        ({"KP_TEST_DATABASE": "1"}, "KP_TEST_DATABASE"),
    ],
)
def test_production_refuses(environment, change, named):
    environment(**{**SAFE, **change})
    assert list(faults()) == [named]


def test_a_preview_may_run_with_the_sandbox_gateway(environment):
    gateways = {name: "" for name in SAFE if name.startswith("STRIPE")}
    environment(**{**SAFE, **gateways, "KP_ALLOW_SANDBOX": "1"})
    assert read_env()[0].has_only_sandbox_gateway


def test_a_mistyped_name_is_pointed_out(environment):
    environment(KP_ENVV="production", KP_SOMETHING_ELSE="1")
    _, notes = read_env()
    assert notes == [
        "KP_ENVV is not a setting of this shop. Did you mean KP_ENV?",
        "KP_SOMETHING_ELSE is not a setting of this shop.",
    ]


def test_half_of_a_provider_is_a_note_in_development(environment):
    environment(TWILIO_ACCOUNT_SID="AC1")
    _, notes = read_env()
    assert [note.split(":")[0] for note in notes] == ["TWILIO_AUTH_TOKEN", "TWILIO_FROM"]


def test_development_makes_its_key_once_and_keeps_it_to_itself(environment, tmp_path):
    first, second = read_env()[0].reveal("secret_key"), read_env()[0].reveal("secret_key")
    assert first == second
    assert len(first) >= 50
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
def test_two_first_starts_agree_on_one_key(tmp_path):
    code = "from kidspetite.config.env import load_env; print(load_env().reveal('secret_key'))"
    environment = {"PATH": os.environ["PATH"], "KP_DATA_DIR": str(tmp_path), "KP_ENV_FILE": "none"}
    started = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    assert len({process.communicate()[0] for process in started}) == 1


def test_the_example_is_up_to_date():
    assert env_words.EXAMPLE.read_text() == env_words.example(), "run ./shop env example --write"


def test_the_example_names_the_models_and_their_end():
    lines = env_words.example().splitlines()
    for line in ("OPENAI_MODEL=gpt-4o-mini", "OPENAI_MODEL_LARGE=gpt-4o"):
        assert "2027-01-14" in lines[lines.index(line) - 1]


def test_the_example_used_as_it_is_changes_nothing(environment):
    environment()
    plain, _ = read_env()
    environment(KP_ENV_FILE=".env.example")
    copied, notes = read_env()
    assert notes == []
    differing = {name for name in Env.model_fields if getattr(plain, name) != getattr(copied, name)}
    assert differing <= {"kp_env_file"}


def test_every_setting_says_what_it_is_for_what_it_expects_and_where_to_get_it():
    for name, field in Env.model_fields.items():
        extra = field.json_schema_extra
        assert field.description, name
        assert isinstance(extra, dict), name
        assert extra["expected"], name
        assert extra["where"], name


@given(st.integers(1, 10**8), st.sampled_from(["second", "minute", "hour", "day"]))
def test_a_rate_reads_back_as_it_was_written(count, period):
    assert str(Rate.parse(f"{count}/{period}")) == f"{count}/{period}"


@given(st.text(max_size=12))
def test_anything_else_is_no_rate(text):
    try:
        rate = Rate.parse(text)
    except ValueError:
        return
    assert rate.count >= 1
    assert rate.seconds in {1, 60, 3600, 86400}


@pytest.mark.parametrize(
    ("arguments", "code"), [(["check"], 0), (["example"], 0), (["bogus"], 2), (["example", "x"], 2)]
)
def test_the_command_has_honest_exit_codes(environment, capsys, arguments, code):
    assert env_words.tell(arguments) == code
    assert bool(capsys.readouterr().out) == (code == 0)


def test_the_command_fails_on_a_fault_without_a_traceback(tmp_path: Path):
    environment = {"PATH": os.environ["PATH"], "PORT": "x", "KP_DATA_DIR": str(tmp_path), "KP_ENV_FILE": "none"}
    done = subprocess.run(
        [sys.executable, "manage.py", "env", "check"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("The settings have 1 fault:\n  PORT:")
