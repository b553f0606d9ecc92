def fast():
    pass
def slow():
    pass
try:
    import missing_module_for_sure
    go = fast
except ImportError:
    go = slow
go()
