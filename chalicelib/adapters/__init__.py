"""The outside world behind the ports; the only importers of boto3 and pynamodb."""
