"""Where the JSON Schema of the price file stands: ``price_file_schema.json`` beside this module."""
