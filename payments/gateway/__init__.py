"""How this hospital speaks with WeChat Pay: messages, the port that callers see, and the client."""
