"""What payments can do: orders in ``orders``, money back in ``refunds``, the channel's word in ``notifications``."""
