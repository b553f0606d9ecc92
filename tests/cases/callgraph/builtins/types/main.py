text = "a,b"
parts = text.split(",")
parts.append("c")
table = {"k": 1}
table.items()
for part in parts:
    part.upper()
