"""A person's own needs after they were submitted: looking, matches, supplements, withdrawal."""
