"""A strict local Slack: the Web API, Socket Mode, signed HTTP and an HTTP control API."""
