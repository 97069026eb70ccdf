"""The paper letters are written on: every part's words arrive, in HTML and in text, with nothing let through raw."""

from datetime import date

from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.notifications.messages import letter
from kidspetite.foundation.notifications.types import (
    Button,
    Facts,
    Goods,
    GoodsLine,
    Letterhead,
    Paragraph,
    PencilMarks,
    Quotation,
    Sheet,
)

HEAD = Letterhead("Kids & Petite", "https://shop.example", "hello@shop.example", "(718) 555-0100", ("4 Tape Lane",))
SHEET = Sheet(
    title="A title <i>",
    preheader="Seen beside the subject",
    parts=(
        Paragraph("A plain sentence."),
        Quotation("Your message", "First line\n<script>alert(1)</script>"),
        Button("Open it", "https://shop.example/orders/abc?x=1&y=2"),
        Facts((("Going to", ("Maya", "12 Fern Street")),)),
        Goods(
            (GoodsLine("Bodysuit", "3–6 m, Clover", 2, Money(3700)),),
            (("Shipping", Money(500)), ("Total", Money(4200))),
        ),
        PencilMarks((("Ordered", date(2026, 12, 10)), ("Delivered", None))),
    ),
    footnote="A last word.",
)
WORDS = [
    "A plain sentence.", "Your message", "First line", "Open it", "Going to", "12 Fern Street", "Bodysuit",
    "3–6 m, Clover", "$37.00", "Shipping", "$42.00", "Ordered", "Dec 10, 2026", "Delivered", "A last word.",
    "4 Tape Lane", "hello@shop.example", "(718) 555-0100",
]  # fmt: skip


def drawn():
    return letter(SHEET, head=HEAD, key="k", kind="k", to="maya@home.example", subject="A subject")


def test_every_word_arrives_in_both_bodies():
    arrived = drawn()
    for word in WORDS:
        assert word in arrived.text, word
        assert word in arrived.html, word
    assert "Seen beside the subject" in arrived.html


def test_the_html_holds_no_stranger_s_markup_and_no_leftover_tag():
    html = drawn().html
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "A title &lt;i&gt;" in html
    assert "mj-" not in html.replace("mj-column-per-100", "").replace("mj-outlook-group-fix", "").replace(
        "mj-full-width", ""
    )
    assert 'href="https://shop.example/orders/abc?x=1&amp;y=2"' in html


def test_it_knows_light_and_dark_and_small_screens():
    html = drawn().html
    assert "prefers-color-scheme: dark" in html
    assert 'name="color-scheme"' in html
    assert "max-width:600px" in html.replace("max-width: 600px", "max-width:600px")
    assert "@media" in html


def test_the_text_is_tidy():
    text = drawn().text
    assert "\n\n\n" not in text
    assert text.startswith("A title <i>\n")
    assert "Open it: https://shop.example/orders/abc?x=1&y=2" in text
