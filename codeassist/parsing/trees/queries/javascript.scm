; inherits: ecmascript
(class_heritage (_) @base)
(field_definition property: (_) @given value: (_) @to)
