"""A question in plain words -> what is asked of the evidence -> an Answer with claims."""

from codeassist.replying.composing import Composer, Place
from codeassist.replying.inquiry import Inquiry
from codeassist.replying.understanding import Known, understand

__all__ = ["Composer", "Inquiry", "Known", "Place", "understand"]
