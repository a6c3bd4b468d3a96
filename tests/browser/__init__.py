"""The product in a real browser: journeys, accessibility, layout, search and comparison."""
