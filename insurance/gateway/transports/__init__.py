"""Ways through the gateway in front of the insurer: how a message is signed, wrapped and let in."""

from insurance.gateway.transports.csb import CsbKeys, CsbTransport
from insurance.gateway.transports.port import Opened, Transport
from insurance.gateway.transports.sealed import SealedKeys, SealedTransport
from insurance.gateway.transports.tif import TifTransport

__all__ = ["CsbKeys", "CsbTransport", "Opened", "SealedKeys", "SealedTransport", "TifTransport", "Transport"]
