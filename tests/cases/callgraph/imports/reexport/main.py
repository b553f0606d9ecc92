from pkg import job
import pkg
job()
pkg.job()
