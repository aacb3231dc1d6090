"""I1 to I30: pairs that should not be taken together, as data.

Source: drug knowledge file (KB) and general knowledge (G); every one needs a pharmacist's check before real use.
``{a}`` and ``{b}`` stand for the two medicines.
"""

from dataclasses import dataclass
from decimal import Decimal

from prescriptions.rules.findings import NOTHING, Severity, Words
from prescriptions.rules.substances import (
    ACEI,
    ARB,
    BETA_BLOCKERS,
    NITRATES,
    NSAIDS,
    PDE5,
    POTASSIUM,
    STATINS,
    STRONG_CYP3A4,
    substances,
)


@dataclass(frozen=True, slots=True)
class Interaction:
    """One row: any of ``a`` together with any of ``b``."""

    rule: str
    a: frozenset[str]
    b: frozenset[str]
    severity: Severity
    grade: str
    message: Words
    way_on: Words = NOTHING
    a_daily_over: Decimal | None = None
    """Holds only when more than so many mg of ``a`` are taken a day."""
    a_most_daily: Decimal | None = None
    """A daily dose of ``a`` in mg that heals it."""
    a_swap_to: str = ""
    diagnosed: tuple[str, ...] = ()
    """Holds only with a diagnosis of one of these categories."""


_GRAVE, _WARN = Severity.GRAVE, Severity.WARN
_CHANGE = Words("换药，或写理由保留。", "Change one of them, or write why both are kept.")
_WATCH = Words("告知患者并安排复查。", "Tell the patient and arrange a check.")


def _words(zh: str, en: str) -> Words:
    return Words(zh, en)


INTERACTIONS: tuple[Interaction, ...] = (
    Interaction("I1", substances("simvastatin"), STRONG_CYP3A4, _GRAVE, "KB",
        _words("{a}与{b}同用，肌病和横纹肌溶解风险升高", "{a} with {b}: higher risk of myopathy and rhabdomyolysis"), _CHANGE, a_swap_to="rosuvastatin"),
    Interaction("I2", substances("simvastatin rosuvastatin"), substances("gemfibrozil"), _GRAVE, "KB",
        _words("{a}与{b}同用，肌病风险升高", "{a} with {b}: higher risk of myopathy"), _CHANGE),
    Interaction("I3", substances("rosuvastatin"), substances("ciclosporin"), _GRAVE, "KB",
        _words("{b}使{a}血药浓度升高", "{b} raises the level of {a}"), _CHANGE),
    Interaction("I4", substances("colchicine"), substances("clarithromycin"), _GRAVE, "KB",
        _words("{a}与{b}同用可致严重中毒", "{a} with {b} can cause severe poisoning"), _CHANGE),
    Interaction("I5", substances("febuxostat"), substances("azathioprine mercaptopurine"), _GRAVE, "KB",
        _words("{a}使{b}毒性升高，禁止同用", "{a} makes {b} toxic: not together"), _CHANGE),
    Interaction("I5", substances("allopurinol"), substances("azathioprine mercaptopurine"), _GRAVE, "G",
        _words("{a}使{b}毒性升高", "{a} makes {b} toxic"), _CHANGE),
    Interaction("I6", substances("ticagrelor"), STRONG_CYP3A4, _GRAVE, "KB",
        _words("{b}使{a}血药浓度升高，出血风险升高", "{b} raises the level of {a}: bleeding"), _CHANGE),
    Interaction("I6", substances("aspirin"), substances("ticagrelor"), _WARN, "KB",
        _words("{a}每日超过 100 mg 会降低{b}的疗效", "more than 100 mg {a} a day weakens {b}"), Words("将阿司匹林减到 100 mg 以内。", "Reduce aspirin to 100 mg or less."),
        a_daily_over=Decimal(100), a_most_daily=Decimal(100)),
    Interaction("I7", substances("rivaroxaban"), substances("ketoconazole ritonavir rifampicin"), _GRAVE, "KB",
        _words("{b}明显改变{a}的血药浓度", "{b} changes the level of {a} strongly"), _CHANGE),
    Interaction("I9", ARB | ACEI, POTASSIUM, _WARN, "KB",
        _words("{a}与{b}同用，血钾可能升高", "{a} with {b}: potassium may rise"), Words("复查血钾和肾功能。", "Check potassium and kidney function.")),
    Interaction("I10", ARB | ACEI, NSAIDS | substances("lithium"), _WARN, "KB",
        _words("{a}与{b}同用，注意肾功能和血药浓度", "{a} with {b}: watch kidney function and levels"), _WATCH),
    Interaction("I11", substances("telmisartan"), substances("aliskiren"), _GRAVE, "KB",
        _words("糖尿病患者禁止{a}与{b}同用", "{a} with {b} is forbidden in diabetes"), _CHANGE, diagnosed=("E10", "E11", "E14")),
    Interaction("I12", substances("nifedipine"), substances("clarithromycin grapefruit"), _WARN, "KB",
        _words("{b}使{a}血药浓度升高，血压可能过低", "{b} raises the level of {a}: low blood pressure"), _WATCH),
    Interaction("I13", substances("gliclazide"), NSAIDS | substances("alcohol warfarin cotrimoxazole"), _WARN, "KB",
        _words("{a}与{b}同用，低血糖风险升高", "{a} with {b}: higher risk of low blood sugar"), _WATCH),
    Interaction("I14", substances("acarbose"), substances("pancreatin cholestyramine"), _WARN, "KB",
        _words("{b}影响{a}的疗效", "{b} changes the effect of {a}"), _WATCH),
    Interaction("I15", STATINS | substances("azithromycin"), substances("warfarin"), _WARN, "KB",
        _words("{a}可增强{b}的抗凝作用", "{a} can strengthen {b}"), Words("复查 INR。", "Check the INR.")),
    Interaction("I16", ACEI, ARB, _GRAVE, "G",
        _words("{a}与{b}同用（双重 RAS 抑制），高钾和肾损害风险升高", "{a} with {b} (double RAS blockade): high potassium, kidney damage"), _CHANGE),
    Interaction("I17", substances("sacubitril"), ACEI, _GRAVE, "G",
        _words("{a}与{b}须间隔 36 小时以上，禁止同用", "{a} and {b} must be 36 hours apart"), _CHANGE),
    Interaction("I18", NITRATES, PDE5, _GRAVE, "G",
        _words("{a}与{b}同用可致严重低血压", "{a} with {b} can cause severe low blood pressure"), _CHANGE),
    Interaction("I19", BETA_BLOCKERS, substances("verapamil diltiazem"), _GRAVE, "G",
        _words("{a}与{b}同用，心动过缓和传导阻滞风险升高", "{a} with {b}: slow heart and conduction block"), _CHANGE),
    Interaction("I20", substances("clopidogrel"), substances("omeprazole esomeprazole"), _WARN, "G",
        _words("{b}降低{a}的抗血小板作用", "{b} weakens {a}"), Words("考虑换用其他抑酸药。", "Consider another acid blocker.")),
    Interaction("I21", substances("digoxin"), substances("amiodarone verapamil clarithromycin"), _GRAVE, "G",
        _words("{b}使{a}血药浓度升高，可致中毒", "{b} raises the level of {a}: poisoning"), _CHANGE),
    Interaction("I22", substances("simvastatin"), substances("amlodipine amiodarone"), _WARN, "G",
        _words("{a}与{b}同用，每日不超过 20 mg，肌病风险升高", "{a} with {b}: at most 20 mg a day, higher risk of myopathy"),
        Words("减到 20 mg，或换其他他汀，或写理由保留。", "Reduce to 20 mg, take another statin, or write why it is kept."),
        a_daily_over=Decimal(20), a_most_daily=Decimal(20), a_swap_to="atorvastatin"),
    Interaction("I23", substances("warfarin"), substances("metronidazole fluconazole amiodarone levofloxacin"), _GRAVE, "G",
        _words("{b}增强{a}的抗凝作用，出血风险升高", "{b} strengthens {a}: bleeding"), _CHANGE),
    Interaction("I24", substances("sertraline"), substances("selegiline tramadol"), _GRAVE, "G",
        _words("{a}与{b}同用可致 5-羟色胺综合征", "{a} with {b} can cause serotonin syndrome"), _CHANGE),
    Interaction("I25", substances("valproate"), substances("meropenem"), _GRAVE, "G",
        _words("{b}使{a}血药浓度骤降，癫痫可能发作", "{b} makes the level of {a} fall: seizures"), _CHANGE),
    Interaction("I26", substances("theophylline"), substances("ciprofloxacin clarithromycin cimetidine"), _WARN, "G",
        _words("{b}使{a}血药浓度升高", "{b} raises the level of {a}"), _WATCH),
    Interaction("I27", substances("levothyroxine"), substances("calcium iron hydrotalcite"), _WARN, "G",
        _words("{b}影响{a}吸收，须间隔 4 小时", "{b} hinders {a}: 4 hours apart"), Words("在用法中写明间隔。", "Write the interval in the directions.")),
    Interaction("I28", substances("metformin"), substances("iodinated_contrast"), _GRAVE, "G",
        _words("使用{b}前后 48 小时停用{a}", "stop {a} for 48 hours around {b}"), _CHANGE),
    Interaction("I29", substances("repaglinide"), substances("gemfibrozil"), _GRAVE, "G",
        _words("{b}使{a}血药浓度升高，可致严重低血糖", "{b} raises the level of {a}: severe low blood sugar"), _CHANGE),
    Interaction("I29", substances("repaglinide"), substances("clopidogrel"), _WARN, "G",
        _words("{b}使{a}血药浓度升高，注意低血糖", "{b} raises the level of {a}: low blood sugar"), _WATCH),
    Interaction("I30", substances("methotrexate"), substances("cotrimoxazole"), _GRAVE, "G",
        _words("{a}与{b}同用，骨髓抑制风险升高", "{a} with {b}: bone marrow"), _CHANGE),
    Interaction("I30", substances("methotrexate"), substances("aspirin"), _WARN, "KB",
        _words("{b}使{a}排泄减慢", "{b} slows the removal of {a}"), _WATCH),
)  # fmt: skip
"""I8 (antithrombotics) counts medicines and stands in ``interactions``."""
