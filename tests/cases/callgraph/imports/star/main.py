from a import *
job()
