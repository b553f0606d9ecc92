from one import *
from two import *

both()
only()
