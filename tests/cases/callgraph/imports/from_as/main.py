from pkg.tools import job as work
from pkg import tools as t
work()
t.other()
