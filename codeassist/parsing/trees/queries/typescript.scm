; inherits: ecmascript
(class_heritage (extends_clause value: (_) @base))
(abstract_class_declaration name: (_) @name) @def.class
(interface_declaration name: (_) @name) @def.class
(public_field_definition name: (_) @given value: (_) @to)
(variable_declarator name: (identifier) @bind.name type: (type_annotation [(type_identifier) @bind.type (generic_type name: (type_identifier) @bind.type) (nested_type_identifier name: (type_identifier) @bind.type)]))
(required_parameter pattern: (identifier) @bind.name type: (type_annotation [(type_identifier) @bind.type (generic_type name: (type_identifier) @bind.type) (nested_type_identifier name: (type_identifier) @bind.type)]))
(optional_parameter pattern: (identifier) @bind.name type: (type_annotation [(type_identifier) @bind.type (generic_type name: (type_identifier) @bind.type) (nested_type_identifier name: (type_identifier) @bind.type)]))
(required_parameter (accessibility_modifier) pattern: (identifier) @bind.field type: (type_annotation [(type_identifier) @bind.type (generic_type name: (type_identifier) @bind.type) (nested_type_identifier name: (type_identifier) @bind.type)]))
(public_field_definition name: (_) @bind.field type: (type_annotation [(type_identifier) @bind.type (generic_type name: (type_identifier) @bind.type) (nested_type_identifier name: (type_identifier) @bind.type)]))
(public_field_definition name: (_) @bind.field value: (new_expression constructor: (identifier) @bind.type))
