"""Code lists of the national platform, as far as an outpatient hospital meets them."""

MDTRT_CERT_TYPE = frozenset({"01", "02", "03", "99"})
PSN_CERT_TYPE = frozenset(
    {
        "01",
        "02",
        "03",
        "04",
        "05",
        "06",
        "07",
        "08",
        "09",
        "10",
        "11",
        "12",
        "13",
        "14",
        "15",
        "16",
        "17",
        "90",
    }
    | {"91", "99"}
)
INSUTYPE = frozenset(
    {"310", "320", "330", "340", "350", "360", "370", "380", "390", "391", "392", "399", "410", "510"}
)
MED_TYPE = frozenset(
    {
        "11",
        "12",
        "13",
        "14",
        "15",
        "19",
        "81",
        "21",
        "22",
        "23",
        "24",
        "25",
        "26",
        "27",
        "28",
        "41",
        "51",
        "52",
    }
    | {"53", "61"}
)
PSN_SETLWAY = frozenset({"01", "02", "0201", "0202"})
DIAG_TYPE = frozenset({"1", "2", "3"})
FLAG = frozenset({"0", "1"})
HOSP_APPR_FLAG = frozenset({"0", "1", "2"})
OPTER_TYPE = frozenset({"1", "2", "3"})
