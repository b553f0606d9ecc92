"""Expression texts over recorded variables; they stand among the records because views use them too."""

from codeassist.records.operands import SHORT as SHORT
from codeassist.records.operands import Piece as Piece
from codeassist.records.operands import Unknown as Unknown
from codeassist.records.operands import evaluate as evaluate
from codeassist.records.operands import names as names
from codeassist.records.operands import parse as parse
from codeassist.records.operands import spell as spell
