"""A stand-in for the text message service: it keeps what it is given and shows each phone's inbox."""
