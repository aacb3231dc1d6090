"""What the insurance app can do; jobs carry the conversations with the insurer."""

from insurance.operations.claims import abandon_claim, open_claim, reverse_claim, submit_claim

__all__ = ["abandon_claim", "open_claim", "reverse_claim", "submit_claim"]
