from .tools import job
