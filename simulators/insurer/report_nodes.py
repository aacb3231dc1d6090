"""Nodes of ``input`` of statements, files, analyses, care records and drug movements, field by field."""

from . import dictionary as codes
from .fields import Field, Node, Rows, day, moment, must, number, text
from .settlement_nodes import DIAGNOSES, MDTRT_ID, PSN_NO

MOST_FILE_CHARACTERS = 60_000_000  # of 9101, Base64

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

_ORDERS = Rows(
    "fsi_order_dtos",
    (
        must("rx_id", 50),
        text("rxno", 20),
        must("long_drord_flag", 3, codes.FLAG),
        text("hilist_type", 3),
        text("chrg_type", 3),
        must("hilist_code", 50),
        must("hilist_name", 50),
        text("hilist_dosform", 50),
        must("hosplist_code", 20),
        must("hosplist_name", 50),
        number("cnt", 6, 2),
        number("pric", 16, 2),
        number("sumamt", 16, 2),
        number("ownpay_amt", 16, 2),
        number("selfpay_amt", 16, 2),
        text("spec", 100),
        text("spec_unt", 20),
        moment("drord_begn_date", required=True),
        moment("drord_stop_date"),
        must("drord_dept_codg", 30),
        must("drord_dept_name", 50),
        must("drord_dr_codg", 30),
        must("drord_dr_name", 30),
        must("curr_drord_flag", 3, codes.FLAG),
    ),
)
_ANALYSED_DIAGNOSES = Rows(
    "fsi_diagnose_dtos",
    (
        must("dise_id", 50),
        must("maindise_flag", 3, codes.FLAG),
        must("dias_srt_no", 2),
        must("dise_codg", 30),
        must("dise_name", 200),
        moment("dise_date", required=True),
    ),
)
_ANALYSED_VISITS = Rows(
    "fsi_encounter_dtos",
    (
        must("mdtrt_id", 50),
        must("medins_id", 50),
        must("medins_name", 200),
        must("medins_admdvs", 6),
        moment("adm_date", required=True),
        must("dscg_main_dise_codg", 20),
        must("dscg_main_dise_name", 50),
        must("dr_codg", 20),
        must("adm_dept_codg", 20),
        must("adm_dept_name", 50),
        must("med_type", 3, codes.MED_TYPE),
        number("medfee_sumamt", 16, 2),
        number("ownpay_amt", 16, 2),
        number("selfpay_amt", 16, 2),
        must("insutype", 3, codes.INSUTYPE),
        must("reim_flag", 3, codes.FLAG),
        must("out_setl_flag", 3, codes.FLAG),
        _ANALYSED_DIAGNOSES,
        _ORDERS,
    ),
)
ANALYSIS = Node(
    "data",
    (
        must("syscode", 50),
        must("trig_scen", 3),
        Rows(
            "patient_dtos",
            (
                must("patn_id", 50),
                must("patn_name", 50),
                must("gend", 3),
                day("brdy", required=True),
                must("poolarea", 10),
                must("curr_mdtrt_id", 50),
                _ANALYSED_VISITS,
            ),
        ),
    ),
)
HANDLING = Node(
    "data",
    (
        must("warn_type", 3, frozenset({"1", "2"})),
        Rows(
            "warns",
            (
                must("warn_rslt_id", 50),
                must("dspo_way", 3, frozenset({"1", "2"})),
                text("dspo_way_rea", 500),
            ),
        ),
    ),
)
VISIT_QUERY = Node(
    "data",
    (
        PSN_NO,
        moment("begntime", required=True),
        moment("endtime", required=True),
        text("med_type", 6, codes.MED_TYPE),
        text("mdtrt_id", 30),
    ),
)
CUMULATIVE_QUERY = Node("data", (PSN_NO, text("cum_ym", 6)))
FILING_QUERY = Node("data", (PSN_NO,))
CARE = (
    Node(
        "rgstinfo",
        (
            MDTRT_ID,
            PSN_NO,
            must("mdtrt_sn", 30),
            must("med_type", 6, codes.MED_TYPE),
            moment("rgst_time", required=True),
            moment("mdtrt_time", required=True),
            must("dept_code", 30),
            must("dept_name", 100),
            must("dr_codg", 30),
            must("dr_name", 50),
            must("fstdiag_flag", 3, codes.FLAG),
            must("internet_flag", 3, codes.FLAG),
        ),
    ),
    Node(
        "caseinfo",
        (
            must("chfcomp", 4000),
            text("dise_now", 4000),
            text("past_his", 4000),
            text("algs_his", 4000),
            text("phys_exam", 4000),
            text("trt_opnn", 4000),
        ),
    ),
    DIAGNOSES,
    Node(
        "rxinfo",
        (
            must("rxno", 30),
            moment("prsc_time", required=True),
            must("med_list_codg", 50),
            must("medins_list_codg", 150),
            must("drug_name", 200),
            text("drug_spec", 200),
            number("cnt", 16, 4),
            must("cnt_unt", 20),
            must("prsc_dr_codg", 30),
            must("prsc_dr_name", 50),
        ),
        many=True,
        optional=True,
    ),
)
MOVEMENT = Node(
    "selinfo",
    (
        must("med_list_codg", 50),
        must("fixmedins_hilist_id", 30),
        must("fixmedins_hilist_name", 200),
        must("fixmedins_bchno", 30),
        must("prsc_dr_name", 50),
        must("phar_name", 50),
        must("phar_prac_cert_no", 50),
        text("setl_id", 30),
        must("mdtrt_sn", 30),
        text("psn_no", 30),
        must("psn_cert_type", 6, codes.PSN_CERT_TYPE),
        text("certno", 50),
        text("psn_name", 50),
        must("manu_lotnum", 30),
        day("manu_date", required=True),
        day("expy_end"),
        must("rx_flag", 3, codes.FLAG),
        must("trdn_flag", 3, codes.FLAG),
        Field("finl_trns_pric", "N", 16, 6),
        text("rxno", 40),
        must("rx_circ_flag", 3, codes.FLAG),
        must("rtal_docno", 40),
        number("sel_retn_cnt", 16, 4),
        moment("sel_retn_time", required=True),
        must("sel_retn_opter_name", 50),
        text("memo", 500),
        must("mdtrt_setl_type", 3, frozenset({"1", "2"})),
        Rows("drugtracinfo", (must("drug_trac_codg", 40),)),
    ),
)
