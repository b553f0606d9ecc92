"""Recognition of algorithms by the marks of their code and their answers, never by names."""

from codeassist.evidence.algorithms.order import needed_order as needed_order
from codeassist.evidence.algorithms.recognising import SECONDS as SECONDS
from codeassist.evidence.algorithms.recognising import recognise as recognise
