"""What people do with letters and steps: the engine between the rules, the tables and the pages."""
