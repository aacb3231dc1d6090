"""What each transaction of the e-prescription centre must hold, field by field.

Source: the notes on D001 to D007 of a public integration; lengths of ``mdtrtinfo`` and ``diseinfo`` as in D005.
"""

from simulators.insurer.fields import Field, field_violations, moment, must, number, text

YES_NO = frozenset({"0", "1"})


def _maybe(name: str, length: int, places: int) -> Field:
    return Field(name, "N", length, places)


HEAD = (
    must("mdtrtCertType", 3, frozenset({"01", "02", "03"})), must("mdtrtCertNo", 50), text("cardSn", 32),
    must("bizTypeCode", 3, frozenset({"01", "02"})), text("rxExraAttrCode", 3, frozenset({"01", "02", "03"})),
    text("ecToken", 64), text("authNo", 100), text("insuPlcNo", 6), text("mdtrtareaNo", 6), must("hospRxno", 40),
    text("initRxno", 40), must("rxTypeCode", 3), moment("prscTime", required=True), number("rxDrugCnt", 16, 4),
    number("valiDays", 10, 0), moment("valiEndTime", required=True), text("longRxFlag", 3, YES_NO),
)  # fmt: skip
DRUG = (
    must("medListCodg", 50), text("fixmedinsHilistId", 30), text("hospPrepFlag", 3, YES_NO),
    must("rxItemTypeCode", 30, frozenset({"11", "12", "13"})), text("rxItemTypeName", 100),
    must("drugGenname", 100), must("drugDosform", 30), must("drugSpec", 40), text("drugProdname", 255),
    text("prdrName", 100), must("medcWayCodg", 10), must("medcWayDscr", 100), moment("medcBegntime", required=True),
    moment("medcEndtime", required=True), number("medcDays", 8, 2), must("sinDosunt", 20), number("sinDoscnt", 16, 4),
    must("usedFrquCodg", 10), must("usedFrquName", 30), must("drugDosunt", 20), number("drugCnt", 16, 4),
    _maybe("drugPric", 16, 6), _maybe("drugSumamt", 16, 2), must("hospApprFlag", 3, frozenset({"0", "1", "2"})),
    text("selfPayRea", 6), text("realDscr", 1000),
)  # fmt: skip
VISIT = (
    must("fixmedinsName", 200), must("fixmedinsCode", 20), must("mdtrtId", 30), must("medType", 6),
    must("iptOtpNo", 30), must("otpIptFlag", 3, frozenset({"1", "2"})), text("psnNo", 30), must("patnName", 40),
    must("psnCertType", 6), must("certno", 50), number("patnAge", 4, 1), _maybe("patnHgt", 6, 2), _maybe("patnWt", 6, 2),
    must("gend", 6, frozenset({"1", "2", "9"})), text("algsHis", 1000), must("prscDeptName", 50), text("prscDeptCode", 30),
    must("drCode", 20), must("prscDrName", 50), text("prscDrCertType", 6), text("prscDrCertno", 50),
    text("drProfttlCodg", 20), text("drProfttlName", 20), text("caty", 6), moment("mdtrtTime", required=True),
    text("diseCodg", 30), text("diseName", 500), must("spDiseFlag", 1, YES_NO), must("maindiagCode", 30),
    must("maindiagName", 100), text("diseCondDscr", 2000), must("fstdiagFlag", 3, YES_NO),
)  # fmt: skip
DIAGNOSIS = (
    must("diagType", 3), must("maindiagFlag", 3, YES_NO), number("diagSrtNo", 2, 0), must("diagCode", 30),
    must("diagName", 100), must("diagDept", 50), must("diagDeptCode", 20), must("diagDrNo", 30), must("diagDrName", 50),
    moment("diagTime", required=True),
)  # fmt: skip
SIGNED = (
    must("rxTraceCode", 20), must("hiRxno", 30), must("mdtrtId", 30), must("patnName", 40), must("psnCertType", 6),
    must("certno", 50), must("fixmedinsName", 200), must("fixmedinsCode", 20), must("drCode", 20), must("prscDrName", 50),
    must("pharDeptName", 50), must("pharDeptCode", 30), text("pharProfttlCodg", 20), text("pharProfttlName", 20),
    must("pharCode", 20), text("pharCertType", 6), text("pharCertno", 50), must("pharName", 50),
    text("pharPracCertNo", 50), moment("pharChkTime", required=True),
)  # fmt: skip
SIGN = (must("fixmedinsCode", 20), must("originalValue", 100_000), must("originalRxFile", 5_000_000))
UPLOAD = (*SIGNED, must("rxFile", 5_000_000), must("signDigest", 4000))
UNDO = (
    must("hiRxno", 30), must("fixmedinsCode", 20), must("drCode", 20), must("undoDrName", 50),
    must("undoDrCertType", 6), must("undoDrCertno", 50), must("undoRea", 200), moment("undoTime", required=True),
)  # fmt: skip
ASK = (
    must("hiRxno", 30), must("fixmedinsCode", 20), must("mdtrtId", 30), must("psnName", 50),
    must("psnCertType", 6), must("certno", 50),
)  # fmt: skip


def violations(fields: tuple[Field, ...], content: dict[str, object]) -> list[str]:
    """Name everything that is wrong with one message or node."""
    return field_violations(fields, content)


def precheck_violations(content: dict[str, object]) -> list[str]:
    """Name everything that is wrong with D001: its head, every medicine, the visit, every diagnosis."""
    found = violations(HEAD, content)
    for name, fields in (("rxdrugdetail", DRUG), ("diseinfo", DIAGNOSIS)):
        rows = content.get(name)
        if not isinstance(rows, list) or not rows:
            found.append(f"节点{name}缺失")
            continue
        for row in rows:
            found += violations(fields, row)
    visit = content.get("mdtrtinfo")
    return [*found, *(violations(VISIT, visit) if isinstance(visit, dict) else ["节点mdtrtinfo缺失"])]
