"""The tests: no network, no real model unless marked `model`."""
