"""The catalog as a site for people: static pages of a published build, and how they are written."""
