"""The way to the insurer: messages, the port the app speaks to, the client behind it."""
