from .near import near_job
from ..top import top_job
def go():
    near_job()
    top_job()
