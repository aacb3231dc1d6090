"""The steps of a calculation in words, Chinese and English; kept with the bill, so never translated later."""

from decimal import Decimal

from kernel.money import ZERO
from pricing.rules.facts import ItemFact, PriceFact, QuoteContext, Step

TITLES: dict[str, tuple[str, str]] = {
    "231": ("主任医师", "chief physician"),
    "232": ("副主任医师", "associate chief physician"),
    "233": ("主治医师", "attending physician"),
    "234": ("医师", "physician"),
    "241": ("主任药师", "chief pharmacist"),
    "242": ("副主任药师", "associate chief pharmacist"),
    "243": ("主管药师", "pharmacist in charge"),
    "244": ("药师", "pharmacist"),
    "251": ("主任护师", "chief nurse"),
    "252": ("副主任护师", "associate chief nurse"),
    "253": ("主管护师", "nurse in charge"),
    "254": ("护师", "senior nurse"),
    "255": ("护士", "nurse"),
}
"""By code of the title, as in the register of practitioners."""

LEVELS: dict[int, tuple[str, str]] = {
    1: ("一级医疗机构价格", "price of primary institutions"),
    2: ("二级医疗机构价格", "price of secondary institutions"),
    3: ("三级医疗机构价格", "price of tertiary institutions"),
}


def steps_of(
    item: ItemFact, price: PriceFact, context: QuoteContext, *, basis: ItemFact | None = None
) -> tuple[Step, ...]:
    """The steps from the document's amount to the unit price, to which their amounts sum.

    ``basis`` is the item at whose price this one is charged; title and age then say that they add nothing.
    """
    if basis is None:
        return (_own_price(item, price),)
    return (
        _basis_price(item, basis, price),
        *_title_adds_nothing(item, context),
        *_age_adds_nothing(context),
    )


def exact_yuan(amount: Decimal) -> Decimal:
    """The same amount without needless zeros, but with two decimals at least: 10.000000 is 10.00."""
    shortest = amount.normalize()
    exponent = shortest.as_tuple().exponent
    return amount.quantize(ZERO) if isinstance(exponent, int) and exponent >= -2 else shortest


def _own_price(item: ItemFact, price: PriceFact) -> Step:
    scope, scope_en = _scope(price)
    return Step(
        item.name,
        item.name_en,
        exact_yuan(price.amount),
        f"项目代码 {item.code}，{scope}",
        f"Item code {item.code}, {scope_en}",
    )


def _basis_price(item: ItemFact, basis: ItemFact, price: PriceFact) -> Step:
    scope, scope_en = _scope(price)
    return Step(
        f"{item.name}，按{basis.name}",
        f"{item.name_en}, charged as: {basis.name_en}",
        exact_yuan(price.amount),
        f"项目代码 {basis.code}，{scope}",
        f"Item code {basis.code}, {scope_en}",
    )


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


def _scope(price: PriceFact) -> tuple[str, str]:
    """For whom the amount was set."""
    parts: list[tuple[str, str]] = []
    if price.institution_id is not None:
        parts.append(("本机构公布的价格", "the institution's own published price"))
    elif price.institution_level is not None:
        parts.append(LEVELS[price.institution_level])
    else:
        parts.append(("各级医疗机构同价", "one price for all levels"))
    if price.title is not None:
        parts.append(TITLES.get(price.title, (price.title, price.title)))
    return "，".join(zh for zh, _en in parts), ", ".join(en for _zh, en in parts)
