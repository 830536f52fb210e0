"""The libraries as the roof sees them: their use cases joined, their sources configured."""
