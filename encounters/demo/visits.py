"""Visits at the demonstration hospital before the first online one. Invented."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """One outpatient visit; patient and doctor are those of the registry's demonstration."""

    number: str
    id_number: str
    doctor: str
    days_before: int
    diagnosis: str
    disease: str
    chief_complaint: str
    present_illness: str
    past_history: str
    examination: str
    plan: str


VISITS = (
    VisitFacts(
        number="ODEMO000001",
        id_number="330106195603089829",
        doctor="D330100000001",
        days_before=60,
        diagnosis="I10.x00x002",
        disease="高血压",
        chief_complaint="发现血压升高 6 年，门诊复诊。",
        present_illness="6 年前体检发现血压升高，最高 168/96 mmHg，规律服用苯磺酸氨氯地平片 5 mg 每日一次。近 3 个月家庭自测血压 128–138/76–86 mmHg，无头痛、胸闷、心悸，无下肢水肿。",
        past_history="否认糖尿病、冠心病、脑卒中史。否认手术外伤史。",
        examination="血压 134/82 mmHg，心率 72 次/分，律齐，双肺呼吸音清，双下肢无水肿。肾功能、电解质正常。",
        plan="继续苯磺酸氨氯地平片 5 mg 每日一次；低盐饮食，每日测血压；血压平稳可线上复诊续方，有不适随诊。",
    ),
    VisitFacts(
        number="ODEMO000002",
        id_number="330106195306159712",
        doctor="D330100000001",
        days_before=300,
        diagnosis="I10.x00x002",
        disease="高血压",
        chief_complaint="高血压 10 年，门诊复诊。",
        present_illness="10 年前诊断高血压，服用缬沙坦胶囊 80 mg 每日一次，自测血压 135–145/80–90 mmHg，偶有头晕，无胸痛、肢体麻木。",
        past_history="否认糖尿病、冠心病史。吸烟史 20 年，已戒 8 年。",
        examination="血压 142/86 mmHg，心率 76 次/分，律齐，双下肢无水肿。",
        plan="继续缬沙坦胶囊 80 mg 每日一次，低盐饮食，3 个月后门诊复诊，复查肾功能、血钾。",
    ),
    VisitFacts(
        number="ODEMO000003",
        id_number="330106197905209848",
        doctor="D330100000002",
        days_before=30,
        diagnosis="E11.900",
        disease="2型糖尿病",
        chief_complaint="2 型糖尿病 3 年，门诊复诊。",
        present_illness="3 年前诊断 2 型糖尿病，服用二甲双胍片 0.5 g 每日两次，空腹血糖 6.1–7.0 mmol/L，餐后 2 小时 8–10 mmol/L，无多饮多尿，无低血糖发作。",
        past_history="否认高血压、冠心病史。",
        examination="身高 162 cm，体重 64 kg，血压 118/76 mmHg。糖化血红蛋白 6.7%，尿微量白蛋白正常。",
        plan="继续二甲双胍片 0.5 g 每日两次，糖尿病饮食，规律运动，3 个月复查糖化血红蛋白；血糖平稳可线上复诊续方。",
    ),
)
