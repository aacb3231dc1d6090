"""The demonstration's keys: complete, private, and made once."""

import stat
from pathlib import Path

from cryptography.hazmat.primitives.serialization import load_pem_public_key

from simulators import keys

WHAT_THE_PRODUCT_READS = {
    "SECRET_KEY",
    "FIELD_ENCRYPTION_KEY",
    "WECHATPAY_MCHID",
    "WECHATPAY_APPID",
    "WECHATPAY_SERIAL",
    "WECHATPAY_PRIVATE_KEY_PATH",
    "WECHATPAY_APIV3_KEY",
    "WECHATPAY_APP_SECRET",
    "WECHATPAY_PUBLIC_KEY_ID",
    "WECHATPAY_PUBLIC_KEY_PATH",
    "ALIPAY_APP_ID",
    "ALIPAY_SELLER_ID",
    "ALIPAY_PRIVATE_KEY_PATH",
    "ALIPAY_PUBLIC_KEY_PATH",
    "RECEIPTS_SIGNING_KEY_PATH",
    "INSURANCE_TIF_PAASID",
    "INSURANCE_TIF_TOKEN",
    "INSURANCE_CSB_ACCESS_KEY",
    "INSURANCE_CSB_SECRET_KEY",
    "INSURANCE_SEALED_CLIENT_ID",
    "INSURANCE_SEALED_CLIENT_SECRET",
    "INSURANCE_SEALED_USERNAME",
    "INSURANCE_SEALED_PASSWORD",
    "INSURANCE_SEALED_PRIVATE_KEY",
    "INSURANCE_SEALED_PLATFORM_PUBLIC_KEY",
    "INSURANCE_MOBILE_APP_ID",
    "INSURANCE_MOBILE_APP_SECRET",
    "INSURANCE_MOBILE_PRIVATE_KEY",
    "INSURANCE_MOBILE_PLATFORM_PUBLIC_KEY",
    "INSURANCE_PRESCRIPTION_APP_ID",
    "INSURANCE_PRESCRIPTION_APP_SECRET",
    "INSURANCE_PRESCRIPTION_PRIVATE_KEY",
    "INSURANCE_PRESCRIPTION_PLATFORM_PUBLIC_KEY",
    "IDENTITY_APP_ID",
    "IDENTITY_APP_SECRET",
    "SMS_APP_ID",
    "SMS_APP_SECRET",
}


def test_everything_the_product_reads_is_there(tmp_path: Path) -> None:
    made = keys.ensure(tmp_path / "keys")

    assert set(made.settings) == WHAT_THE_PRODUCT_READS
    assert len(made.settings["WECHATPAY_APIV3_KEY"].encode()) == 32
    assert len(bytes.fromhex(made.settings["FIELD_ENCRYPTION_KEY"])) == 16
    for name in (name for name in made.settings if name.endswith("_KEY_PATH")):
        assert Path(made.settings[name]).is_file()


def test_running_it_again_changes_nothing(tmp_path: Path) -> None:
    first = keys.ensure(tmp_path)
    contents = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    second = keys.ensure(tmp_path)

    assert second.settings == first.settings
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == contents


def test_a_setting_that_is_missing_is_added_and_the_others_stay(tmp_path: Path) -> None:
    first = keys.ensure(tmp_path).settings
    env = tmp_path / keys.ENV_FILE
    env.write_text("".join(line for line in env.read_text().splitlines(keepends=True) if "SMS_" not in line))

    second = keys.ensure(tmp_path).settings

    assert second.keys() == first.keys()
    assert second["WECHATPAY_APIV3_KEY"] == first["WECHATPAY_APIV3_KEY"]


def test_only_the_owner_can_read_them(tmp_path: Path) -> None:
    made = keys.ensure(tmp_path / "keys")

    assert stat.S_IMODE(made.directory.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in made.directory.iterdir()} == {0o600}


def test_the_public_key_and_the_certificate_belong_to_their_private_keys(tmp_path: Path) -> None:
    made = keys.ensure(tmp_path)

    signer = made.private_key(keys.PUBLIC_KEY_SIGNER).public_key()
    platform = made.private_key(keys.PLATFORM_KEY).public_key()
    assert load_pem_public_key(made.pem(keys.PUBLIC_KEY)) == signer
    assert made.platform_certificate().public_key() == platform


def test_secrets_are_not_shown_when_the_keys_are_printed(tmp_path: Path) -> None:
    made = keys.ensure(tmp_path)

    assert made.settings["INSURANCE_TIF_TOKEN"] not in repr(made)
