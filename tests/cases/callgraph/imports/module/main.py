import tools
tools.job()
