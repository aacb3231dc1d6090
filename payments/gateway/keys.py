"""Keys out of PEM."""

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key


def private_key(pem: bytes) -> RSAPrivateKey:
    """The merchant's own key.

    Raises:
        ValueError: it is not in PEM.
        TypeError: it is not RSA.
    """
    key = load_pem_private_key(pem, password=None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("the merchant's key is not RSA")
    return key


def public_key(pem: bytes) -> RSAPublicKey:
    """A platform's key.

    Raises:
        ValueError: it is not in PEM.
        TypeError: it is not RSA.
    """
    key = load_pem_public_key(pem)
    if not isinstance(key, RSAPublicKey):
        raise TypeError("a platform key is not RSA")
    return key
