"""Views of the insurance office: rules, files of knowledge points, findings."""
