"""Limits on who is paid for what: sex, age, kind of insurance, mode, level, course, disease, line of therapy.

Source: 国家医保局智能监管规则和知识点 (两库), batches 1, 3 to 6, 8 to 10 and 12 to 18, as published.
"""

from collections.abc import Iterator
from decimal import Decimal

from screening.rules.facts import OrderFacts, OrderLine, PointFact, RuleFact, Words
from screening.rules.findings import PAY_HERSELF, SAY_WHY, Found, of_line
from screening.rules.kinds import Mode

SEXES = {"1": Words("男性", "men"), "2": Words("女性", "women")}
MODES = {
    Mode.INPATIENT.value: Words("住院", "inpatients"),
    Mode.OUTPATIENT.value: Words("门诊", "outpatients"),
}
LEVELS = {1: Words("一级", "level 1"), 2: Words("二级", "level 2"), 3: Words("三级", "level 3")}
INSURANCES = {
    "410": Words("工伤保险", "work injury insurance"),
    "510": Words("生育保险", "maternity insurance"),
}


def points_met(order: OrderFacts, rule: RuleFact) -> Iterator[tuple[OrderLine, PointFact]]:
    """Each line with each knowledge point that speaks of it."""
    for line in order.lines:
        for point in rule.points:
            if point.concerns(line):
                yield line, point


def sex(order: OrderFacts, rule: RuleFact) -> Iterator[Found]:
    """与限定性别不符: what is for one sex is ordered for the other."""
    for line, point in points_met(order, rule):
        if point.limit in SEXES and order.sex != point.limit:
            of = SEXES[point.limit]
            yield of_line(
                rule, line, f"{{name}}限{of.zh}使用", f"{{name}} is for {of.en} only", way_on=PAY_HERSELF
            )


def age(order: OrderFacts, rule: RuleFact) -> Iterator[Found]:
    """参保人年龄超出儿童年龄限制: what is for children is ordered for somebody older."""
    for line, point in points_met(order, rule):
        most = point.limit_number or rule.thresholds.get("most_years", Decimal(0))
        if order.age > most:
            yield of_line(
                rule, line, f"{{name}}限 {most:f} 岁及以下儿童使用",
                f"{{name}} is for children of at most {most:f} years", way_on=PAY_HERSELF,
            )  # fmt: skip


def insurance_type(order: OrderFacts, rule: RuleFact) -> Iterator[Found]:
    """参保人险种非工伤保险, 非生育保险: paid by another insurance only."""
    for line, point in points_met(order, rule):
        if point.limit in INSURANCES and order.insurance_type != point.limit:
            by = INSURANCES[point.limit]
            yield of_line(
                rule,
                line,
                f"{{name}}仅由{by.zh}支付",
                f"{{name}} is paid by {by.en} only",
                way_on=PAY_HERSELF,
            )


def visit_mode(order: OrderFacts, rule: RuleFact) -> Iterator[Found]:
    """使用药品的就医方式不符合限定就医方式: what is paid for inpatients is ordered for somebody else."""
    for line, point in points_met(order, rule):
        if point.limit in MODES and order.mode.value != point.limit:
            of = MODES[point.limit]
            yield of_line(
                rule,
                line,
                f"{{name}}限{of.zh}使用时支付",
                f"{{name}} is paid for {of.en} only",
                way_on=PAY_HERSELF,
            )


def level(order: OrderFacts, rule: RuleFact) -> Iterator[Found]:
    """使用药品的医疗机构级别低于限定级别: the hospital is of a lower level than the point demands."""
    for line, point in points_met(order, rule):
        least = int(point.limit_number or 0)
        if order.institution_level < least <= 3:
            of = LEVELS[least]
            yield of_line(
                rule, line, f"{{name}}限{of.zh}及以上医疗机构使用",
                f"{{name}} is paid at hospitals of {of.en} and above only", way_on=PAY_HERSELF,
            )  # fmt: skip


def course(order: OrderFacts, rule: RuleFact) -> Iterator[Found]:
    """使用药品的日期总计超过限制天数: the days of this order and of what went before are more than is paid."""
    for line, point in points_met(order, rule):
        most = int(point.limit_number or 0)
        before = sum(item.days for item in order.earlier if line.is_same_as(item.national_code, item.name))
        total = before + line.days
        if most and total > most:
            yield of_line(
                rule, line, f"{{name}}支付不超过 {most} 天，连同此前共 {total} 天",
                f"{{name}} is paid for at most {most} days; with what went before it is {total}", way_on=SAY_WHY,
            )  # fmt: skip


def indication(order: OrderFacts, rule: RuleFact) -> Iterator[Found]:
    """使用药品的疾病诊断不符合限定支付适应症: no diagnosis of the record is one it is paid for."""
    for line, point in points_met(order, rule):
        if not _is_indicated(order, point):
            yield of_line(
                rule, line, f"{{name}}的支付范围是“{point.condition}”，病历诊断不在其中",
                f"{{name}} is paid for “{point.condition}”, and no diagnosis of the record is among it", way_on=SAY_WHY,
            )  # fmt: skip


def _is_indicated(order: OrderFacts, point: PointFact) -> bool:
    """By the codes of the point; without any, whether its words name a diagnosis of the record."""
    if point.diagnosis_codes:
        return any(one.code.startswith(point.diagnosis_codes) for one in order.diagnoses)
    return any(one.name and one.name in point.condition for one in order.diagnoses)


def second_line(order: OrderFacts, rule: RuleFact) -> Iterator[Found]:
    """没有一线药品使用无效或不能耐受的证据: a second-line medicine without evidence that the first line failed."""
    for line, _point in points_met(order, rule):
        yield of_line(
            rule, line, "{name}限二线使用，需有一线药品无效或不能耐受的证据",
            "{name} is a second-line medicine: it needs evidence that the first line failed or was not tolerated",
            way_on=SAY_WHY,
        )  # fmt: skip


def controlled_online(order: OrderFacts, rule: RuleFact) -> Iterator[Found]:
    """互联网诊疗时开具麻醉药品精神药品: narcotic and psychotropic medicines are never ordered online.

    Source: 国卫医发〔2018〕25号; 两库 batch 10.
    """
    if order.mode is not Mode.ONLINE:
        return
    for line, _point in points_met(order, rule):
        yield of_line(
            rule, line, "{name}是麻醉或精神药品，互联网诊疗不得开具", "{name} is narcotic or psychotropic and must not be ordered online",
            way_on=Words("请删除，并引导患者线下就诊。", "Remove it and send the patient to the hospital for it."),
        )  # fmt: skip
