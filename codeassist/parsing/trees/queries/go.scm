(function_declaration name: (identifier) @name parameters: (_) @params) @def.function
(method_declaration receiver: (parameter_list (parameter_declaration name: (_)? @bind.name type: [(type_identifier) @owner @bind.type (generic_type type: (_) @owner @bind.type) (pointer_type (type_identifier) @owner @bind.type) (pointer_type (generic_type type: (_) @owner @bind.type))])) name: (_) @name parameters: (_) @params) @def.method
(func_literal parameters: (_) @params) @def.function
(short_var_declaration left: (expression_list . (identifier) @given .) right: (expression_list . (func_literal) @to .))
(type_declaration (type_spec name: (_) @name type: (struct_type)) @def.class)
(type_declaration (type_spec name: (_) @name type: (interface_type)) @def.class)
(field_declaration !name type: (type_identifier) @base)
(field_declaration !name type: (pointer_type (type_identifier) @base))
(field_declaration !name (pointer_type) @base)
(call_expression function: (identifier) @call.name arguments: (_) @args) @call
(call_expression function: (selector_expression operand: (_) @call.receiver field: (_) @call.name) arguments: (_) @args) @call
(import_spec name: (package_identifier) @import.alias path: (interpreted_string_literal) @import.path)
(import_spec !name path: (interpreted_string_literal) @import.path)
(package_clause (_) @namespace)
(short_var_declaration left: (expression_list . (identifier) @bind.name) right: (expression_list . (composite_literal type: (type_identifier) @bind.type)))
(short_var_declaration left: (expression_list . (identifier) @bind.name) right: (expression_list . (unary_expression operand: (composite_literal type: (type_identifier) @bind.type))))
(var_spec name: (_) @bind.name type: (type_identifier) @bind.type)
(var_spec name: (_) @bind.name type: (pointer_type (type_identifier) @bind.type))
(parameter_declaration name: (_) @bind.name type: (type_identifier) @bind.type)
(parameter_declaration name: (_) @bind.name type: (pointer_type (type_identifier) @bind.type))
(field_declaration name: (_) @bind.field type: (type_identifier) @bind.type)
(field_declaration name: (_) @bind.field type: (pointer_type (type_identifier) @bind.type))
(if_statement condition: (_) @test consequence: (_) @body alternative: (_)? @orelse) @stmt.if
(for_statement (for_clause condition: (_)? @test) body: (_) @body) @stmt.for
(for_statement (range_clause right: (_) @test) body: (_) @body) @stmt.for
(for_statement . (_) @test body: (_) @body) @stmt.while
(for_statement . body: (_) @body) @stmt.while
(expression_switch_statement value: (_)? @test) @stmt.match
(type_switch_statement value: (_) @test) @stmt.match
(select_statement) @stmt.match
(return_statement) @stmt.return
(break_statement) @stmt.break
(continue_statement) @stmt.continue
