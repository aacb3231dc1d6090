"""How this hospital sends a text message to a mobile phone."""
