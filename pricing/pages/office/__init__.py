"""The price office: drafts, review, publishing, import and export."""
