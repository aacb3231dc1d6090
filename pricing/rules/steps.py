"""The steps of a calculation, Chinese and English; kept with the bill, so never translated later."""

from collections.abc import Iterator
from decimal import Decimal

from kernel.money import ZERO
from pricing.rules.facts import Band, ItemFact, PriceFact, QuoteContext, Step
from pricing.rules.kinds import ItemKind
from pricing.rules.wording import TITLES, band_in_words, exact_yuan, plain, plain_yuan, scope


def own_price(item: ItemFact, price: PriceFact, unit: Decimal) -> Step:
    """The amount that the document says."""
    return _of_item(item, price, item.name, item.name_en, unit)


def rate_of_base(
    item: ItemFact, price: PriceFact, rate: Decimal, unit: Decimal, base_name: tuple[str, str]
) -> Step:
    """A part of another price."""
    percent = plain(rate * 100)
    text = f"{item.name}：{base_name[0]}单价的 {percent}%"
    return _of_item(
        item, price, text, f"{item.name_en}: {percent}% of the unit price of {base_name[1]}", unit
    )


def band_price(item: ItemFact, price: PriceFact, band: Band) -> Step:
    """The amount of one band."""
    within, within_en = band_in_words(band, price.band_axis)
    return _of_item(item, price, f"{item.name}（{within}）", f"{item.name_en} ({within_en})", band.amount)


def counted_units(item: ItemFact, price: PriceFact, band: Band, number: Decimal) -> Step:
    """The units of one band."""
    within, within_en = band_in_words(band, price.band_axis)
    return _times(f"{item.name}（{within}）", f"{item.name_en} ({within_en})", band.amount, number)


def base_units(item: ItemFact, price: PriceFact, included: Decimal, base: Decimal) -> Step:
    """The units that the base amount includes."""
    text = f"{item.name}，含 {plain(included)} {item.unit}"
    return _of_item(item, price, text, f"{item.name_en}, {plain(included)} × {item.unit_en} included", base)


def further_units(item: ItemFact, further: Decimal, each: Decimal) -> Step:
    """The units beyond the base."""
    text = f"超出部分 {plain(further)} {item.unit}"
    return _times(text, f"{plain(further)} × {item.unit_en} more", each, further)


def units(item: ItemFact, unit: Decimal, quantity: Decimal) -> Step:
    """So many units at one price."""
    return _times(item.name, item.name_en, unit, quantity)


def cap(price: PriceFact, difference: Decimal) -> Step:
    """What is not charged because of a cap; the amount is negative or zero."""
    notes = list(_caps(price))
    zh, en = "，".join(zh for zh, _en in notes), ", ".join(en for _zh, en in notes)
    return Step("封顶", "Cap", exact_yuan(difference), zh, en)


def of_basis(
    item: ItemFact, basis: ItemFact, price: PriceFact, steps: tuple[Step, ...], context: QuoteContext
) -> tuple[Step, ...]:
    """The steps of an item charged at another one's price; title and age then say that they add nothing."""
    text, text_en = f"{item.name}，按{basis.name}", f"{item.name_en}, charged as: {basis.name_en}"
    named = _of_item(basis, price, text, text_en, steps[0].amount)
    if item.kind is ItemKind.EXTENSION:
        return (named, *steps[1:])
    return (named, *steps[1:], *_title_adds_nothing(item, context), *_age_adds_nothing(context))


def _title_adds_nothing(item: ItemFact, context: QuoteContext) -> tuple[Step, ...]:
    if context.practitioner_title is None:
        return ()
    code = context.practitioner_title
    title, title_en = TITLES.get(code, (code, code))
    return (
        Step(
            f"职称：{title}",
            f"Title: {title_en}",
            ZERO,
            f"{item.name}不区分职称",
            f"{item.name_en} does not differ by title",
        ),
    )


def _age_adds_nothing(context: QuoteContext) -> tuple[Step, ...]:
    if context.patient_age is None:
        return ()
    age = context.patient_age
    return (Step(f"年龄：{age} 岁", f"Age: {age}", ZERO, "没有按年龄的加收", "No surcharge by age"),)


def _of_item(item: ItemFact, price: PriceFact, text: str, text_en: str, amount: Decimal) -> Step:
    """A step that rests on the item's row in the tariff."""
    for_whom, for_whom_en = scope(price)
    note, note_en = f"项目代码 {item.code}，{for_whom}", f"Item code {item.code}, {for_whom_en}"
    return Step(text, text_en, exact_yuan(amount), note, note_en)


def _times(text: str, text_en: str, each: Decimal, number: Decimal) -> Step:
    sum_shown = f"¥{plain_yuan(each)} × {plain(number)}"
    return Step(text, text_en, exact_yuan(each * number), sum_shown, sum_shown)


def _caps(price: PriceFact) -> Iterator[tuple[str, str]]:
    if price.cap_amount is not None:
        most = plain_yuan(price.cap_amount)
        yield f"每次最高 ¥{most}", f"at most ¥{most} for one charge"
    if price.period_cap_amount is not None:
        most, days = plain_yuan(price.period_cap_amount), price.period_cap_days or 1
        zh, en = ("每日", "a day") if days == 1 else (f"{days} 日内", f"{days} days")
        yield f"{zh}最高 ¥{most}", f"at most ¥{most} in {en}"
