"""Pure rules that find suspicious patterns in a year of permits."""
