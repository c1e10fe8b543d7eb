"""A kept evaluation as one HTML page: plain values made here, the markup in the templates beside them."""
