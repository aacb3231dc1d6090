"""4301 门急诊诊疗记录: field names other than those of the nodes are our guess, as the hospital's side says."""

from simulators.insurer.call import Call, Refusal
from simulators.insurer.doctors import refuse_unknown_doctors
from simulators.insurer.records import CareRecord

from .lookups import visit_of


def take_care_record(call: Call) -> None:
    """Keep the record of a visit that is registered here; a later report replaces an earlier one."""
    said = call.input["rgstinfo"]
    visit = visit_of(call, said, lock=True)
    if visit.ipt_otp_no != said["mdtrt_sn"]:
        raise Refusal("mdtrt_sn与挂号的门诊号不一致")
    if said["fstdiag_flag"] == "1" and said["internet_flag"] == "1":
        raise Refusal("互联网诊疗不得为初诊")
    drugs = call.input.get("rxinfo") or []
    refuse_unknown_doctors([said["dr_codg"], *(row.get("prsc_dr_codg") for row in drugs)])
    CareRecord.objects.update_or_create(
        visit=visit, defaults={"content": call.input, "reported_at": call.now}
    )
