from space.tools import job
import space.tools
job()
space.tools.job()
