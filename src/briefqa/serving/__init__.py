"""The index over HTTP, and the page that asks it: what `briefqa serve` runs. Needs the extra `web`."""
