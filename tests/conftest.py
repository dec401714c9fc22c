"""Property tests run the same everywhere, also on a slow machine."""

from hypothesis import HealthCheck, settings

settings.register_profile("mtfix", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("mtfix")
