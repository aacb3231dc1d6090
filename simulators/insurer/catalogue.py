"""The insurer's catalogue: which codes it knows, their class, own-share first and price limit.

DEMONSTRATION. The drug codes are invented (``…DEMO…``) and the classes indicative; they change every year and
must be replaced by the national catalogue before any real use. The one real code is the ordinary outpatient
consultation, 001102000010000.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

A = "01"  # 甲: wholly within scope
B = "02"  # 乙: the person first pays a share
C = "03"  # 丙: wholly the person's own

CONSULTATION = "02"  # med_chrgitm_type 诊察
WESTERN_DRUG = "09"  # med_chrgitm_type 西药
OTHER = "14"  # med_chrgitm_type 其他

DEMO_SELFPAY = {A: Decimal(0), B: Decimal("0.10"), C: Decimal(1)}


@dataclass(frozen=True)
class CatalogueItem:
    """One listed item.

    ``selfpay_rate`` is a fraction of the amount within the price limit; ``price_limit`` is yuan for one unit,
    None when there is none; ``limited_use`` means that the hospital must vouch for the indication.
    """

    code: str
    name: str
    level: str
    selfpay_rate: Decimal
    charge_type: str
    price_limit: Decimal | None = None
    limited_use: bool = False


_DEMO_DRUGS: tuple[tuple[int, str, str, str], ...] = (
    (1, "XC08CA", "苯磺酸氨氯地平片 5mg", A),
    (2, "XC08CA", "硝苯地平控释片 30mg", A),
    (3, "XC08CA", "非洛地平缓释片 5mg", B),
    (4, "XC09CA", "缬沙坦胶囊 80mg", A),
    (5, "XC09CA", "厄贝沙坦片 150mg", B),
    (6, "XC09CA", "氯沙坦钾片 50mg", B),
    (7, "XC09CA", "替米沙坦片 40mg", B),
    (8, "XC09AA", "培哚普利叔丁胺片 4mg", B),
    (9, "XC09AA", "马来酸依那普利片 10mg", A),
    (10, "XC09AA", "盐酸贝那普利片 10mg", B),
    (11, "XC09DX", "沙库巴曲缬沙坦钠片 100mg", B),
    (12, "XC07AB", "琥珀酸美托洛尔缓释片 47.5mg", B),
    (13, "XC07AB", "富马酸比索洛尔片 5mg", B),
    (14, "XC03B", "吲达帕胺缓释片 1.5mg", A),
    (15, "XC03A", "氢氯噻嗪片 25mg", A),
    (16, "XC03D", "螺内酯片 20mg", A),
    (17, "XC03C", "呋塞米片 20mg", A),
    (18, "XC10AA", "阿托伐他汀钙片 20mg", A),
    (19, "XC10AA", "瑞舒伐他汀钙片 10mg", B),
    (20, "XC10AA", "辛伐他汀片 20mg", A),
    (21, "XC10AX", "依折麦布片 10mg", B),
    (22, "XC10AB", "非诺贝特胶囊 200mg", B),
    (23, "XB01AC", "阿司匹林肠溶片 100mg", A),
    (24, "XB01AC", "硫酸氢氯吡格雷片 75mg", A),
    (25, "XB01AC", "替格瑞洛片 90mg", B),
    (26, "XB01AF", "利伐沙班片 20mg", B),
    (27, "XB01AA", "华法林钠片 2.5mg", A),
    (28, "XC01D", "单硝酸异山梨酯缓释片 40mg", A),
    (29, "XC01E", "盐酸曲美他嗪缓释片 35mg", B),
    (30, "XC01A", "地高辛片 0.25mg", A),
    (31, "XA10BA", "盐酸二甲双胍缓释片 0.5g", A),
    (32, "XA10BB", "格列美脲片 2mg", A),
    (33, "XA10BB", "格列齐特缓释片 30mg", B),
    (34, "XA10BF", "阿卡波糖片 50mg", A),
    (35, "XA10BX", "瑞格列奈片 1mg", B),
    (36, "XA10BG", "盐酸吡格列酮片 15mg", B),
    (37, "XA10BH", "磷酸西格列汀片 100mg", B),
    (38, "XA10BH", "利格列汀片 5mg", B),
    (39, "XA10BK", "达格列净片 10mg", B),
    (40, "XA10BK", "恩格列净片 10mg", B),
    (45, "XH03A", "左甲状腺素钠片 50µg", A),
    (46, "XH03B", "甲巯咪唑片 10mg", A),
    (47, "XM04", "非布司他片 40mg", B),
    (48, "XM04", "别嘌醇片 100mg", A),
    (49, "XM04", "苯溴马隆片 50mg", B),
    (50, "XM04", "秋水仙碱片 0.5mg", A),
    (51, "XR03AK", "布地奈德福莫特罗吸入粉雾剂 160/4.5µg", B),
    (52, "XR03B", "噻托溴铵粉吸入剂 18µg", B),
    (53, "XR03DC", "孟鲁司特钠片 10mg", B),
    (54, "XR03A", "沙丁胺醇气雾剂 100µg", A),
    (56, "XA02BC", "奥美拉唑肠溶胶囊 20mg", A),
    (59, "XN06DA", "盐酸多奈哌齐片 5mg", B),
    (60, "XN04BA", "多巴丝肼片 250mg", A),
    (61, "XN03AG", "丙戊酸钠缓释片 0.5g", A),
    (62, "XN03AX", "左乙拉西坦片 0.5g", B),
    (63, "XN06AB", "盐酸舍曲林片 50mg", B),
    (64, "XG04CB", "度他雄胺软胶囊 0.5mg", B),
    (65, "XG04C", "盐酸坦索罗辛缓释胶囊 0.2mg", A),
    (66, "XM05BA", "阿仑膦酸钠片 70mg", B),
)

# For trials of the price limit and of the limited use; no hospital sells them.
_TRIAL_ITEMS = (
    CatalogueItem(
        "XZ99ZADEMO901", "限价试验药品", B, Decimal("0.10"), WESTERN_DRUG, price_limit=Decimal("30.00")
    ),
    CatalogueItem("XZ99ZADEMO902", "限适应症试验药品", A, Decimal(0), WESTERN_DRUG, limited_use=True),
    CatalogueItem("XZ99ZADEMO903", "先自付百分之五试验药品", B, Decimal("0.05"), WESTERN_DRUG),
)


def demo_drug_code(row: int, drug_class: str) -> str:
    """Name a demo drug: its class (at most six characters), DEMO and the row of the seed table."""
    return f"{drug_class[:6]}DEMO{row:03d}"


def _listed() -> dict[str, CatalogueItem]:
    consultation = CatalogueItem("001102000010000", "普通门诊诊察费", A, DEMO_SELFPAY[A], CONSULTATION)
    drugs = (
        CatalogueItem(demo_drug_code(row, drug_class), name, level, DEMO_SELFPAY[level], WESTERN_DRUG)
        for row, drug_class, name, level in _DEMO_DRUGS
    )
    return {item.code: item for item in (consultation, *drugs, *_TRIAL_ITEMS)}


CATALOGUE = _listed()


# The first share differs between provinces; the catalogue of the place of treatment counts (就医地目录).
LOCAL_SELFPAY: dict[str, dict[str, Decimal]] = {"11": {"XC09CADEMO005": Decimal("0.20")}}


def item_for(code: str, treatment_area: str = "") -> CatalogueItem:
    """Find a listed item as the place of treatment lists it; a code that is not listed is the person's own (丙)."""
    unlisted = CatalogueItem(code, "目录外项目", C, DEMO_SELFPAY[C], OTHER)
    item = CATALOGUE.get(code, unlisted)
    local = LOCAL_SELFPAY.get(treatment_area[:2], {})
    return replace(item, selfpay_rate=local[code]) if code in local else item


def is_listed(code: str) -> bool:
    """Say whether the catalogue knows the code."""
    return code in CATALOGUE
