"""Makes the annual trade report, the illegal trade report and the reconciliation."""
