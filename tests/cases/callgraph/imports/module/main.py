import tools

tools.job()
