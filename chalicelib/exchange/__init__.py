"""Permits between Parties: CITESEPermit XML and the SOAP messages of EPIX. Imported lazily, because lxml is."""
