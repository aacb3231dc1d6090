"""Names and groups of the substances that the interaction rules know."""

from prescriptions.rules.findings import Words

NAMES: dict[str, Words] = {
    slug: Words(zh, en)
    for slug, zh, en in (
        ("acarbose", "阿卡波糖", "acarbose"),
        ("alcohol", "饮酒", "alcohol"),
        ("alendronate", "阿仑膦酸", "alendronate"),
        ("aliskiren", "阿利吉仑", "aliskiren"),
        ("allopurinol", "别嘌醇", "allopurinol"),
        ("amiodarone", "胺碘酮", "amiodarone"),
        ("amlodipine", "氨氯地平", "amlodipine"),
        ("aspirin", "阿司匹林", "aspirin"),
        ("atorvastatin", "阿托伐他汀", "atorvastatin"),
        ("azathioprine", "硫唑嘌呤", "azathioprine"),
        ("azithromycin", "阿奇霉素", "azithromycin"),
        ("benazepril", "贝那普利", "benazepril"),
        ("benserazide", "苄丝肼", "benserazide"),
        ("benzbromarone", "苯溴马隆", "benzbromarone"),
        ("bisoprolol", "比索洛尔", "bisoprolol"),
        ("budesonide", "布地奈德", "budesonide"),
        ("calcium", "钙片", "calcium"),
        ("cholestyramine", "考来烯胺", "cholestyramine"),
        ("ciclosporin", "环孢素", "ciclosporin"),
        ("cimetidine", "西咪替丁", "cimetidine"),
        ("ciprofloxacin", "环丙沙星", "ciprofloxacin"),
        ("clarithromycin", "克拉霉素", "clarithromycin"),
        ("clopidogrel", "氯吡格雷", "clopidogrel"),
        ("colchicine", "秋水仙碱", "colchicine"),
        ("cotrimoxazole", "复方磺胺甲噁唑", "co-trimoxazole"),
        ("dapagliflozin", "达格列净", "dapagliflozin"),
        ("diclofenac", "双氯芬酸", "diclofenac"),
        ("digoxin", "地高辛", "digoxin"),
        ("diltiazem", "地尔硫䓬", "diltiazem"),
        ("donepezil", "多奈哌齐", "donepezil"),
        ("dutasteride", "度他雄胺", "dutasteride"),
        ("empagliflozin", "恩格列净", "empagliflozin"),
        ("enalapril", "依那普利", "enalapril"),
        ("entecavir", "恩替卡韦", "entecavir"),
        ("esomeprazole", "艾司奥美拉唑", "esomeprazole"),
        ("ezetimibe", "依折麦布", "ezetimibe"),
        ("febuxostat", "非布司他", "febuxostat"),
        ("felodipine", "非洛地平", "felodipine"),
        ("fenofibrate", "非诺贝特", "fenofibrate"),
        ("fluconazole", "氟康唑", "fluconazole"),
        ("formoterol", "福莫特罗", "formoterol"),
        ("furosemide", "呋塞米", "furosemide"),
        ("gemfibrozil", "吉非罗齐", "gemfibrozil"),
        ("gliclazide", "格列齐特", "gliclazide"),
        ("glimepiride", "格列美脲", "glimepiride"),
        ("grapefruit", "西柚", "grapefruit"),
        ("hydrochlorothiazide", "氢氯噻嗪", "hydrochlorothiazide"),
        ("hydrotalcite", "铝碳酸镁", "hydrotalcite"),
        ("ibuprofen", "布洛芬", "ibuprofen"),
        ("indapamide", "吲达帕胺", "indapamide"),
        ("insulin", "胰岛素", "insulin"),
        ("iodinated_contrast", "碘造影剂", "iodinated contrast"),
        ("irbesartan", "厄贝沙坦", "irbesartan"),
        ("iron", "铁剂", "iron"),
        ("isosorbide_mononitrate", "单硝酸异山梨酯", "isosorbide mononitrate"),
        ("itraconazole", "伊曲康唑", "itraconazole"),
        ("ketoconazole", "酮康唑", "ketoconazole"),
        ("levetiracetam", "左乙拉西坦", "levetiracetam"),
        ("levodopa", "左旋多巴", "levodopa"),
        ("levofloxacin", "左氧氟沙星", "levofloxacin"),
        ("levothyroxine", "左甲状腺素", "levothyroxine"),
        ("linagliptin", "利格列汀", "linagliptin"),
        ("liraglutide", "利拉鲁肽", "liraglutide"),
        ("lithium", "锂盐", "lithium"),
        ("losartan", "氯沙坦", "losartan"),
        ("mercaptopurine", "巯嘌呤", "mercaptopurine"),
        ("meropenem", "美罗培南", "meropenem"),
        ("metformin", "二甲双胍", "metformin"),
        ("methimazole", "甲巯咪唑", "methimazole"),
        ("methotrexate", "甲氨蝶呤", "methotrexate"),
        ("metoprolol", "美托洛尔", "metoprolol"),
        ("metronidazole", "甲硝唑", "metronidazole"),
        ("montelukast", "孟鲁司特", "montelukast"),
        ("nifedipine", "硝苯地平", "nifedipine"),
        ("nitroglycerin", "硝酸甘油", "nitroglycerin"),
        ("omeprazole", "奥美拉唑", "omeprazole"),
        ("pancreatin", "胰酶", "pancreatin"),
        ("perindopril", "培哚普利", "perindopril"),
        ("pioglitazone", "吡格列酮", "pioglitazone"),
        ("potassium", "氯化钾", "potassium chloride"),
        ("repaglinide", "瑞格列奈", "repaglinide"),
        ("rifampicin", "利福平", "rifampicin"),
        ("ritonavir", "利托那韦", "ritonavir"),
        ("rivaroxaban", "利伐沙班", "rivaroxaban"),
        ("rosuvastatin", "瑞舒伐他汀", "rosuvastatin"),
        ("sacubitril", "沙库巴曲", "sacubitril"),
        ("salbutamol", "沙丁胺醇", "salbutamol"),
        ("selegiline", "司来吉兰", "selegiline"),
        ("semaglutide", "司美格鲁肽", "semaglutide"),
        ("sertraline", "舍曲林", "sertraline"),
        ("sildenafil", "西地那非", "sildenafil"),
        ("simvastatin", "辛伐他汀", "simvastatin"),
        ("sitagliptin", "西格列汀", "sitagliptin"),
        ("spironolactone", "螺内酯", "spironolactone"),
        ("tadalafil", "他达拉非", "tadalafil"),
        ("tamsulosin", "坦索罗辛", "tamsulosin"),
        ("telmisartan", "替米沙坦", "telmisartan"),
        ("theophylline", "茶碱", "theophylline"),
        ("ticagrelor", "替格瑞洛", "ticagrelor"),
        ("tiotropium", "噻托溴铵", "tiotropium"),
        ("tramadol", "曲马多", "tramadol"),
        ("trimetazidine", "曲美他嗪", "trimetazidine"),
        ("valproate", "丙戊酸", "valproate"),
        ("valsartan", "缬沙坦", "valsartan"),
        ("verapamil", "维拉帕米", "verapamil"),
        ("warfarin", "华法林", "warfarin"),
    )
}
"""Short names by which people mention them."""


def _set(text: str) -> frozenset[str]:
    names = frozenset(text.split())
    unknown = names - NAMES.keys()
    if unknown:
        raise ValueError(f"substances without a name: {sorted(unknown)}")
    return names


ARB = _set("valsartan irbesartan losartan telmisartan")
ACEI = _set("perindopril enalapril benazepril")
BETA_BLOCKERS = _set("metoprolol bisoprolol")
STATINS = _set("atorvastatin rosuvastatin simvastatin")
NSAIDS = _set("ibuprofen diclofenac")
ANTITHROMBOTICS = _set("rivaroxaban warfarin aspirin clopidogrel ticagrelor")
STRONG_CYP3A4 = _set("clarithromycin itraconazole ketoconazole ritonavir")
POTASSIUM = _set("spironolactone potassium")
PDE5 = _set("sildenafil tadalafil")
NITRATES = _set("isosorbide_mononitrate nitroglycerin")
THIAZIDES = _set("hydrochlorothiazide indapamide")
SULFONYLUREAS = _set("gliclazide glimepiride")

substances = _set
"""A set of known substances from their names, parted by spaces."""


def mentioned_in(text: str) -> frozenset[str]:
    """The substances whose name stands in what a person wrote, e.g. "在吃氨氯地平和阿司匹林".

    A longer name hides a shorter one within it: 艾司奥美拉唑 is not also 奥美拉唑.
    """
    rest, found = text.lower(), set()
    for slug in sorted(NAMES, key=lambda slug: -len(NAMES[slug].zh)):
        for name in (NAMES[slug].zh, NAMES[slug].en):
            if name in rest:
                found.add(slug)
                rest = rest.replace(name, " ")
    return frozenset(found)
