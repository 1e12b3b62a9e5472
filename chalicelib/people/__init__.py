"""Persons, posts, deputies of approvers, and the parts of cases and alerts that each agency sees."""
