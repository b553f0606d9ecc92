import os.path
import json as j
from collections import OrderedDict
os.path.join("a", "b")
j.dumps({})
OrderedDict()
