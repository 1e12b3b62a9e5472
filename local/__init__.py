"""The local run: all of Tamga on one machine. A local engine (ministack) stands in for AWS."""
