"""A configuration of Gunicorn, as a module."""

control_socket = "/run/chosen.ctl"
