"""The key a demonstration signs its documents with; a hospital's comes from an authority for electronic signatures."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from cryptography.x509.oid import NameOID

FILE = "receipts_signing.p12"
NAME = "Xinglin demonstration, documents"
_YEARS = 10


def new_key_and_certificate() -> bytes:
    """A key of 3072 bits with a certificate signed by itself, as PKCS #12 without a password."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    return pkcs12.serialize_key_and_certificates(NAME.encode(), key, _certificate(key), None, NoEncryption())


def _certificate(key: rsa.RSAPrivateKey) -> x509.Certificate:
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)]), datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * _YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_signs_documents(), critical=True)
    )
    return builder.sign(key, SHA256())


def _signs_documents() -> x509.KeyUsage:
    """Signatures that cannot be denied, and nothing else."""
    names = (
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
    )
    others = dict.fromkeys((*names, "decipher_only"), False)
    return x509.KeyUsage(digital_signature=True, content_commitment=True, **others)
