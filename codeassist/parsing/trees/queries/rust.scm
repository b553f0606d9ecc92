(function_item name: (_) @name parameters: (_) @params) @def.function
(function_signature_item name: (_) @name parameters: (_) @params) @def.function
(closure_expression parameters: (_) @params) @def.function
(let_declaration pattern: (identifier) @given value: (closure_expression) @to)
(struct_item name: (_) @name) @def.class
(enum_item name: (_) @name) @def.class
(union_item name: (_) @name) @def.class
(trait_item name: (_) @name) @def.class
(impl_item trait: (_)? @base type: [(type_identifier) @name (generic_type type: (_) @name) (scoped_type_identifier name: (_) @name)]) @def.scope
(mod_item name: (_) @namespace)
(call_expression function: (identifier) @call.name arguments: (_) @args) @call
(call_expression function: (field_expression value: (_) @call.receiver field: (_) @call.name) arguments: (_) @args) @call
(call_expression function: (scoped_identifier path: (_)? @call.receiver name: (_) @call.name) arguments: (_) @args) @call
(call_expression function: (generic_function function: (identifier) @call.name) arguments: (_) @args) @call
(call_expression function: (generic_function function: (scoped_identifier path: (_)? @call.receiver name: (_) @call.name)) arguments: (_) @args) @call
(call_expression function: (generic_function function: (field_expression value: (_) @call.receiver field: (_) @call.name)) arguments: (_) @args) @call
(macro_invocation macro: (_) @call.name) @call.macro
(use_declaration argument: (scoped_identifier) @import.path)
(use_as_clause path: (scoped_identifier) @import.path alias: (_) @import.alias)
(use_list (use_as_clause path: (identifier) @import.member alias: (_) @import.alias)) @import.list
(mod_item name: (_) @import.mod !body)
(use_list (identifier) @import.item) @import.list
(use_declaration argument: (use_wildcard (_) @import.star))
(let_declaration pattern: (identifier) @bind.name type: (type_identifier) @bind.type)
(let_declaration pattern: (identifier) @bind.name value: (struct_expression name: (type_identifier) @bind.type))
(let_declaration pattern: (identifier) @bind.name value: (call_expression function: (scoped_identifier path: (identifier) @bind.type)))
(let_declaration pattern: (mut_pattern) @bind.name value: (call_expression function: (scoped_identifier path: (identifier) @bind.type)))
(parameter pattern: (identifier) @bind.name type: (type_identifier) @bind.type)
(parameter pattern: (identifier) @bind.name type: (reference_type type: (type_identifier) @bind.type))
(field_declaration name: (_) @bind.field type: (type_identifier) @bind.type)
(if_expression condition: (_) @test consequence: (_) @body alternative: (_)? @orelse) @stmt.if
(for_expression value: (_) @test body: (_) @body) @stmt.for
(while_expression condition: (_) @test body: (_) @body) @stmt.while
(loop_expression body: (_) @body) @stmt.while
(match_expression value: (_) @test body: (_) @body) @stmt.match
(return_expression) @stmt.return
(break_expression) @stmt.break
(continue_expression) @stmt.continue
