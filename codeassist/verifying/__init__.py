"""Claims + traces -> verdicts; the judge never asks the accused."""
