"""The register of breeding and propagating operations with their yield."""
