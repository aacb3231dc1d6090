"""Knowledge points in the columns in which the National Healthcare Security Administration publishes them (两库)."""

from screening.rules.knowledge_file.faults import WORDS, Fault
from screening.rules.knowledge_file.reading import KnowledgeRead, ReadPoint, read_knowledge
from screening.rules.knowledge_file.sheets import MOST_BYTES

__all__ = ["MOST_BYTES", "WORDS", "Fault", "KnowledgeRead", "ReadPoint", "read_knowledge"]
