# -*- coding: latin-1 -*-
def grüße():
    pass


grüße()
