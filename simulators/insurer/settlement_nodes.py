"""Nodes of ``input`` from sign-in to settlement, field by field."""

from . import dictionary as codes
from .fields import Field, Node, day, moment, must, number, text

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
