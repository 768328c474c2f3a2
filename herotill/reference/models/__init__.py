from .highsites import Highsite

__all__ = ["Highsite"]
