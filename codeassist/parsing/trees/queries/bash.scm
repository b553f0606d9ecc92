(function_definition name: (_) @name) @def.function
(command name: (command_name (word) @call.name)) @call
(command name: (command_name (word) @_source) . argument: (_) @import.file (#match? @_source "^(source|\\.)$"))
(if_statement condition: (_) @test) @stmt.if
(for_statement value: (_)? @test body: (_) @body) @stmt.for
(c_style_for_statement condition: (_)? @test body: (_) @body) @stmt.for
(while_statement condition: (_) @test body: (_) @body) @stmt.while
(case_statement value: (_) @test) @stmt.match
