"""Where people do it: pages that parse, call and present."""
