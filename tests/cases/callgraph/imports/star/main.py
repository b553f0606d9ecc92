from a import *

job()
