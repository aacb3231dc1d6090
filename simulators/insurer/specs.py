"""The transactions that this insurer answers, field by field."""

from dataclasses import dataclass

from . import dictionary as codes
from .fields import Field, Node, day, moment, must, number, text

ENVELOPE: tuple[Field, ...] = (
    must("infno", 6),
    must("msgid", 30),
    must("mdtrtarea_admvs", 6),
    text("insuplc_admdvs", 6),
    must("recer_sys_code", 10),
    text("dev_no", 100),
    text("dev_safe_info", 2000),
    text("cainfo", 1024),
    text("signtype", 10),
    must("infver", 6),
    must("opter_type", 3, codes.OPTER_TYPE),
    must("opter", 30),
    must("opter_name", 50),
    moment("inf_time", required=True),
    must("fixmedins_code", 12),
    must("fixmedins_name", 200),
    text("sign_no", 30),
)

MOST_INPUT_CHARACTERS = 40000
MOST_FILE_CHARACTERS = 30_000_000  # of 9101, Base64


@dataclass(frozen=True)
class Transaction:
    """One transaction: its number, the nodes of ``input``, whether it needs a sign-in."""

    infno: str
    name: str
    nodes: tuple[Node, ...]
    needs_sign_in: bool = True


PSN_NO = must("psn_no", 30)
MDTRT_ID = must("mdtrt_id", 30)
CERTIFICATE = (must("mdtrt_cert_type", 3, codes.MDTRT_CERT_TYPE), must("mdtrt_cert_no", 50))

SIGN_IN = Node("signIn", (must("opter_no", 20), text("mac", 20), must("ip", 20)))
SIGN_OUT = Node("signOut", (must("sign_no", 30), text("opter_no", 20)))
PERSON = Node(
    "data",
    (
        must("mdtrt_cert_type", 3, codes.MDTRT_CERT_TYPE),
        text("mdtrt_cert_no", 50),
        text("card_sn", 32),
        moment("begntime"),
        text("psn_cert_type", 6, codes.PSN_CERT_TYPE),
        text("certno", 50),
        text("psn_name", 50),
    ),
)
REGISTRATION = Node(
    "data",
    (
        PSN_NO,
        must("insutype", 6, codes.INSUTYPE),
        moment("begntime", required=True),
        *CERTIFICATE,
        must("ipt_otp_no", 30),
        must("atddr_no", 30),
        must("dr_name", 50),
        must("dept_code", 30),
        must("dept_name", 100),
        must("caty", 6),
    ),
)
REGISTRATION_CANCEL = Node("data", (PSN_NO, MDTRT_ID, must("ipt_otp_no", 30)))
VISIT = Node(
    "mdtrtinfo",
    (
        MDTRT_ID,
        PSN_NO,
        must("med_type", 6, codes.MED_TYPE),
        moment("begntime", required=True),
        text("main_cond_dscr", 1000),
        text("dise_codg", 30),
        text("dise_name", 500),
        text("birctrl_type", 6),
        day("birctrl_matn_date"),
        text("matn_type", 6),
        text("exp_content", 4000),
    ),
)
DIAGNOSES = Node(
    "diseinfo",
    (
        must("diag_type", 3, codes.DIAG_TYPE),
        number("diag_srt_no", 2, 0),
        must("diag_code", 20),
        must("diag_name", 100),
        must("diag_dept", 50),
        must("dise_dor_no", 30),
        must("dise_dor_name", 50),
        moment("diag_time", required=True),
        must("vali_flag", 3, codes.FLAG),
    ),
    many=True,
)
FEES = Node(
    "feedetail",
    (
        must("feedetl_sn", 30),
        MDTRT_ID,
        PSN_NO,
        must("chrg_bchno", 30),
        text("dise_codg", 30),
        text("rxno", 30),
        must("rx_circ_flag", 3, codes.FLAG),
        moment("fee_ocur_time", required=True),
        must("med_list_codg", 50),
        must("medins_list_codg", 150),
        number("det_item_fee_sumamt", 16, 2),
        number("cnt", 16, 4),
        number("pric", 16, 6),
        text("sin_dos_dscr", 200),
        text("used_frqu_dscr", 200),
        Field("prd_days", "N", 4, 2),
        text("medc_way_dscr", 200),
        must("bilg_dept_codg", 30),
        must("bilg_dept_name", 100),
        must("bilg_dr_codg", 30),
        must("bilg_dr_name", 50),
        text("acord_dept_codg", 30),
        text("acord_dept_name", 100),
        text("orders_dr_code", 30),
        text("orders_dr_name", 50),
        must("hosp_appr_flag", 3, codes.HOSP_APPR_FLAG),
        text("tcmdrug_used_way", 6),
        text("etip_flag", 3, codes.FLAG),
        text("etip_hosp_code", 30),
        text("dscg_tkdrug_flag", 3, codes.FLAG),
        text("matn_fee_flag", 6),
        text("exp_content", 4000),
    ),
    many=True,
)
FEES_CANCEL = Node("data", (MDTRT_ID, must("chrg_bchno", 30), PSN_NO))
_SETTLEMENT = (
    PSN_NO,
    *CERTIFICATE,
    must("med_type", 6, codes.MED_TYPE),
    number("medfee_sumamt", 16, 2),
    must("psn_setlway", 6, codes.PSN_SETLWAY),
    MDTRT_ID,
    must("chrg_bchno", 30),
    must("acct_used_flag", 1, codes.FLAG),
    must("insutype", 6, codes.INSUTYPE),
    text("card_sn", 32),
    text("exp_content", 4000),
)
PRESETTLEMENT = Node("data", _SETTLEMENT)
SETTLEMENT = Node(
    "data",
    (
        *_SETTLEMENT,
        text("invono", 20),
        number("fulamt_ownpay_amt", 16, 2),
        number("overlmt_selfpay", 16, 2),
        number("preselfpay_amt", 16, 2),
        number("inscp_scp_amt", 16, 2),
        text("pub_hosp_rfom_flag", 3, codes.FLAG),
    ),
)
SETTLEMENT_CANCEL = Node("data", (must("setl_id", 30), MDTRT_ID, PSN_NO))
REVERSAL = Node("data", (PSN_NO, must("omsgid", 30), must("oinfno", 4)))
# ASSUMPTION: setl_id is required in the national text; here a visit may be given instead, because a hospital that
# never got the reply of 2207A does not know its number. The answer is then a list.
SETTLEMENT_QUERY = Node("data", (PSN_NO, text("setl_id", 30), text("mdtrt_id", 30)))

_TOTALS = (
    number("medfee_sumamt", 16, 2),
    number("fund_pay_sumamt", 16, 2),
)
STATEMENT = Node(
    "data",
    (
        must("insutype", 6, codes.INSUTYPE),
        must("clr_type", 6),
        must("setl_optins", 6),
        day("stmt_begndate", required=True),
        day("stmt_enddate", required=True),
        *_TOTALS,
        number("acct_pay", 16, 2),
        number("fixmedins_setl_cnt", 10, 0),
        text("refd_setl_flag", 3, codes.FLAG),
    ),
)
DETAIL_STATEMENT = Node(
    "data",
    (
        must("setl_optins", 6),
        must("file_qury_no", 30),
        day("stmt_begndate", required=True),
        day("stmt_enddate", required=True),
        *_TOTALS,
        number("cash_payamt", 16, 2),
        number("fixmedins_setl_cnt", 10, 0),
        text("clr_type", 6),
        text("insutype", 6, codes.INSUTYPE),
    ),
)
FILE_UPLOAD = Node(
    "fsUploadIn", (must("in", MOST_FILE_CHARACTERS), must("filename", 200), must("fixmedins_code", 30))
)
FILE_DOWNLOAD = Node(
    "fsDownloadIn", (must("file_qury_no", 30), must("filename", 200), must("fixmedins_code", 30))
)

TRANSACTIONS: dict[str, Transaction] = {
    row.infno: row
    for row in (
        Transaction("9001", "签到", (SIGN_IN,), needs_sign_in=False),
        Transaction("9002", "签退", (SIGN_OUT,)),
        Transaction("1101", "人员信息获取", (PERSON,)),
        Transaction("2201", "门诊挂号", (REGISTRATION,)),
        Transaction("2202", "门诊挂号撤销", (REGISTRATION_CANCEL,)),
        Transaction("2203A", "门诊就诊信息上传", (VISIT, DIAGNOSES)),
        Transaction("2204", "门诊费用明细上传", (FEES,)),
        Transaction("2205", "门诊费用明细撤销", (FEES_CANCEL,)),
        Transaction("2206A", "门诊预结算", (PRESETTLEMENT,)),
        Transaction("2207A", "门诊结算", (SETTLEMENT,)),
        Transaction("2208", "门诊结算撤销", (SETTLEMENT_CANCEL,)),
        Transaction("2601", "冲正交易", (REVERSAL,)),
        Transaction("5203", "结算信息查询", (SETTLEMENT_QUERY,)),
        Transaction("3201", "医药机构费用结算对总账", (STATEMENT,)),
        Transaction("3202", "医药机构费用结算对明细账", (DETAIL_STATEMENT,)),
        Transaction("9101", "文件上传", (FILE_UPLOAD,)),
        Transaction("9102", "文件下载", (FILE_DOWNLOAD,)),
    )
}
