; inherits: c
(function_definition declarator: (function_declarator declarator: (field_identifier) @name parameters: (_) @params)) @def.method
(function_definition declarator: (reference_declarator (function_declarator declarator: (_) @name parameters: (_) @params))) @def.function
(function_definition declarator: (pointer_declarator declarator: (function_declarator declarator: (field_identifier) @name parameters: (_) @params))) @def.method
(function_definition declarator: (function_declarator declarator: (qualified_identifier) @name parameters: (_) @params)) @def.function
(function_definition declarator: (pointer_declarator declarator: (function_declarator declarator: (qualified_identifier) @name parameters: (_) @params))) @def.function
(function_definition declarator: (function_declarator declarator: (destructor_name) @name parameters: (_) @params)) @def.method
(function_definition declarator: (function_declarator declarator: (operator_name) @name parameters: (_) @params)) @def.method
(lambda_expression declarator: (abstract_function_declarator parameters: (_) @params)) @def.function
(init_declarator declarator: (identifier) @given value: (lambda_expression) @to)
(class_specifier name: (_) @name body: (_)) @def.class
(struct_specifier name: (_) @name body: (_)) @def.class
(base_class_clause (type_identifier) @base)
(base_class_clause (qualified_identifier) @base)
(base_class_clause (template_type name: (_) @base))
(namespace_definition name: (_) @namespace)
(call_expression function: (qualified_identifier scope: (_) @call.receiver name: (_) @call.name) arguments: (_) @args) @call
(call_expression function: (template_function name: (_) @call.name) arguments: (_) @args) @call
(new_expression type: (_) @call.name arguments: (_)? @args) @call.new
(declaration type: (type_identifier) @bind.type declarator: (init_declarator declarator: (identifier) @bind.name))
(declaration type: (type_identifier) @bind.type declarator: (identifier) @bind.name)
(declaration type: (qualified_identifier name: (type_identifier) @bind.type) declarator: [(identifier) @bind.name (pointer_declarator declarator: (identifier) @bind.name) (init_declarator declarator: (identifier) @bind.name) (init_declarator declarator: (pointer_declarator declarator: (identifier) @bind.name))])
(declaration type: [(type_identifier) @call.name (qualified_identifier) @call.name] declarator: (init_declarator declarator: (identifier) value: [(argument_list) @args (initializer_list) @args])) @call.new
(parameter_declaration type: (qualified_identifier name: (type_identifier) @bind.type) declarator: [(identifier) @bind.name (pointer_declarator declarator: (identifier) @bind.name) (reference_declarator (identifier) @bind.name)])
(declaration type: (type_identifier) @bind.type declarator: (init_declarator declarator: (pointer_declarator declarator: (identifier) @bind.name)))
(declaration declarator: (init_declarator declarator: (identifier) @bind.name value: (new_expression type: (type_identifier) @bind.type)))
(declaration declarator: (init_declarator declarator: (pointer_declarator declarator: (identifier) @bind.name) value: (new_expression type: (type_identifier) @bind.type)))
(parameter_declaration type: (type_identifier) @bind.type declarator: (identifier) @bind.name)
(parameter_declaration type: (type_identifier) @bind.type declarator: (pointer_declarator declarator: (identifier) @bind.name))
(parameter_declaration type: (type_identifier) @bind.type declarator: (reference_declarator (identifier) @bind.name))
(field_declaration type: (type_identifier) @bind.type declarator: (field_identifier) @bind.field)
(field_declaration type: (type_identifier) @bind.type declarator: (pointer_declarator declarator: (field_identifier) @bind.field))
(for_range_loop right: (_) @test body: (_) @body) @stmt.for
(try_statement body: (_) @body (catch_clause body: (_) @handlers)?) @stmt.try
(throw_statement) @stmt.raise
