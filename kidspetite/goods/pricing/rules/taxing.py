"""The tax of a quote: by the state's rule, or by what a provider of local rates said of exactly this basket."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

from kidspetite.foundation.kernel.money import Money
from kidspetite.goods.pricing.rules.tax import line_tax, shipping_tax, taxable
from kidspetite.goods.pricing.types import (
    ClothingTax,
    Destination,
    Note,
    NoteCode,
    Quote,
    QuotedLine,
    TaxAnswer,
    TaxBasis,
    Taxed,
    TaxedLine,
    TaxTable,
)

TABLE = "table"


def with_tax(sent: Quote, destination: Destination, tax: TaxTable | TaxAnswer) -> Quote:
    """The same quote with its tax and total. Expects one that has a shipping price."""
    if isinstance(tax, TaxAnswer):
        told = taxed_of(sent, destination)
        return (
            _as_told(sent, destination, tax) if told.print == tax.print else _by_rule(sent, destination, tax.otherwise)
        )
    return _by_rule(sent, destination, tax)


def taxed_of(sent: Quote, destination: Destination) -> Taxed:
    """What the tax of a quote depends on. Expects one that has a shipping price."""
    assert sent.shipping is not None
    lines = tuple(TaxedLine(line.sku, line.net, line.quantity) for line in sent.lines)
    return Taxed(lines, sent.shipping, destination)


def _by_rule(sent: Quote, destination: Destination, table: TaxTable) -> Quote:
    assert sent.shipping is not None
    rule = table.rule_of(destination.state)
    if rule is None:
        return _unruled(sent, destination, table)
    nets = [line.net for line in sent.lines]
    taxed = [taxable(line.net, quantity=line.quantity, rule=rule) for line in sent.lines]
    on_shipping = shipping_tax(sent.shipping, nets=nets, taxed=taxed, rule=rule)
    lines = tuple(
        dataclasses.replace(line, tax=line_tax(line.net, quantity=line.quantity, rule=rule)) for line in sent.lines
    )
    basis = TaxBasis(TABLE, rule.rate, _name(rule))
    priced = _added(sent, lines, on_shipping, basis)
    return _noted(priced, NoteCode.TAX_IS_ESTIMATED if priced.tax else NoteCode.CLOTHES_UNTAXED)


def _unruled(sent: Quote, destination: Destination, table: TaxTable) -> Quote:
    """Not collected there; or collected, and nobody has written down how much it is."""
    assert sent.shipping is not None
    nothing = Money.zero(sent.shipping.currency)
    if destination.state not in table.unknown:
        return _added(sent, sent.lines, nothing, None)
    missing = TaxBasis(TABLE, Decimal(0), f"{destination.state}: no rule")
    return _noted(_added(sent, sent.lines, nothing, missing), NoteCode.TAX_RULE_MISSING)


def _as_told(sent: Quote, destination: Destination, answer: TaxAnswer) -> Quote:
    """By the provider. A rate that was asked for with a ZIP alone is an estimate still: a ZIP has several rates."""
    lines = tuple(dataclasses.replace(line, tax=tax) for line, tax in zip(sent.lines, answer.told.lines, strict=True))
    basis = TaxBasis(answer.source, answer.told.rate, answer.told.reference)
    priced = _added(sent, lines, answer.told.shipping, basis)
    if not priced.tax:
        return _noted(priced, NoteCode.CLOTHES_UNTAXED)
    return priced if destination.line1 else _noted(priced, NoteCode.TAX_IS_ESTIMATED)


def _added(sent: Quote, lines: tuple[QuotedLine, ...], on_shipping: Money, basis: TaxBasis | None) -> Quote:
    assert sent.shipping is not None
    tax = Money.total(line.tax for line in lines) + on_shipping
    total = sent.subtotal - sent.discount + sent.shipping + tax
    return dataclasses.replace(sent, lines=lines, tax=tax, shipping_tax=on_shipping, total=total, tax_basis=basis)


def _noted(priced: Quote, code: NoteCode) -> Quote:
    return dataclasses.replace(priced, notes=(*priced.notes, Note(code)))


def _name(rule: ClothingTax) -> str:
    return f"{rule.state} since {rule.since}" if rule.since else rule.state
