"""What the product costs, measured as ratios in one run; never part of the tests."""
