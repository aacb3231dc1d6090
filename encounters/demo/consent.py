"""The consent text of the demonstration hospital, version 1.

What it must say: C-01 (互联网医院管理办法（试行）第十八条: 风险告知、知情同意), V-02 and V-06 (办法第十六、十九条), C-04
(保存 15 年、3 年), C-15 (投诉). A hospital has its own lawyer read it before it goes live.
"""

from typing import Any

_BODY = """\
一、什么是互联网复诊。互联网复诊是本院执业医师通过网络，为已经在实体医院确诊的常见病、慢性病患者提供的复诊服务。医师通过文字、图片与您交流，查看您提供的资料，可以开具处方，但不能当面为您检查身体。

二、只限同一种病的复诊。按照国家规定，不得对首诊患者开展互联网诊疗。您需要提供实体医院对同一种疾病的诊断证明材料，例如门诊病历、住院病历、出院小结或诊断证明，或者使用本院保存的病历。是否符合复诊条件由接诊医师判断。

三、网上看病的局限。医师不能触诊、听诊，也不能当场做检查、检验；您描述得不准确、照片不清楚或网络中断，都可能影响医师的判断，延误诊治。请如实说明病情、过敏史和正在服用的药物，本人使用本人的账号就诊。

四、什么时候会停止。出现下列情况，医师会立即停止线上诊疗，并请您到医院就诊：病情发生变化、需要当面检查；医师发现属于首诊；资料不能证明复诊；其他不适合网上诊疗的情形。急症请勿等待，立即拨打 120 或到最近的急诊。

五、费用和医保。互联网复诊按公布的普通门诊诊察费收取，与线下同价，付费前会列明金额和依据。参保人员符合规定的部分由医保支付，其余由您自付。医师未接诊或因第四条停止的，已付费用按规则原路退回。

六、病历和处方的保存。本次就诊形成的电子病历按门诊电子病历管理，保存不少于 15 年；图文对话等诊疗过程记录保存不少于 3 年。处方由药师审核合格后生效。您可以随时在线查看自己的病历、处方和费用。

七、个人信息保护。您的健康信息属于敏感个人信息，只用于为您诊疗、结算医保、配药以及法律规定的监管，在境内保存并加密敏感内容，未经您同意不作他用。您可以不同意本知情同意书，那样我们无法在网上为您诊疗，您仍可到门诊就诊。

八、意见和投诉。您对服务有意见，可拨打医院公布的电话或向医院投诉管理部门反映；对处理结果不满意，可向医院登记的卫生健康行政部门反映。签名即表示您已阅读、理解并同意以上内容，愿意接受互联网复诊。"""

_BODY_EN = """\
1. What an online re-diagnosis is. A licensed doctor of this hospital sees you again over the network for a common or chronic disease that a hospital has already diagnosed. The doctor exchanges text and pictures with you, reads the papers you provide and may prescribe, but cannot examine you in person.

2. Only for the same disease. By national rules first visits may not be held online. You have to provide proof that a hospital has diagnosed the same disease, such as an outpatient or inpatient record, a discharge summary or a diagnosis certificate, or use a record this hospital holds. The doctor who receives you judges whether it is a re-diagnosis.

3. Limits. The doctor cannot touch or listen to you and cannot do tests on the spot. An inaccurate description, an unclear picture or a broken connection may mislead the doctor and delay your treatment. Please describe your illness, your allergies and the medicines you take truthfully, and use your own account for yourself.

4. When it is stopped. The doctor stops at once and asks you to come to the hospital when your condition has changed or has to be examined in person, when it turns out to be a first visit, when the papers do not prove a re-diagnosis, or when online care does not fit for another reason. Do not wait in an emergency: call 120 or go to the nearest emergency department.

5. Price and insurance. The price is the published ordinary outpatient consultation fee, the same as at the hospital; the amount and its basis are shown before you pay. What the medical insurance covers is paid by it, the rest by you. If no doctor receives you, or the visit is stopped under section 4, what you paid goes back the way it came, by the published rules.

6. What is kept. The electronic record of the visit is kept as an outpatient record for at least 15 years; the conversation and other records of the process for at least 3 years. A prescription takes effect after a pharmacist has passed it. You can read your records, prescriptions and bills online at any time.

7. Privacy. Your health information is sensitive personal information. It is used only to treat you, to settle with the insurance, to dispense medicine and for the supervision the law asks for; it stays in China, its sensitive parts encrypted, and serves nothing else without your consent. You may decline this consent; we then cannot treat you online, and you can still come to the outpatient department.

8. Complaints. You can call the number the hospital publishes or turn to its complaints office; if you are not satisfied with the answer, turn to the health administration the hospital is registered with. By signing you say that you have read and understood this text, agree to it and wish to be seen online."""

CONSENT: dict[str, Any] = {
    "kind": "online_revisit",
    "version": 1,
    "title": "互联网复诊知情同意书",
    "title_en": "Informed consent to an online re-diagnosis",
    "body": _BODY,
    "body_en": _BODY_EN,
}
