"""What is wrong with a site and how to mend it."""

from keqiao.doctor.examining import examine
from keqiao.doctor.findings import Finding, Health

__all__ = ["Finding", "Health", "examine"]
