; JavaScript: what its nodes are to the pruner. The captures are explained in docs/prune.md.

; Names, texts
(identifier) @identifier
(property_identifier) @identifier
(private_property_identifier) @identifier
(shorthand_property_identifier) @identifier
(shorthand_property_identifier_pattern) @identifier
(statement_identifier) @identifier
(string) @string
(template_string) @string
(regex) @string
(comment) @comment
((comment) @docstring (#match? @docstring "^/\\*\\*"))

; Statements and the blocks that hold them
(program (_) @statement)
(statement_block (_) @statement)
(class_body (_) @statement)
(switch_case body: (_) @statement)
(switch_default body: (_) @statement)
(program) @block
(statement_block) @block
(class_body) @block
(switch_body) @block

; Declarations
(function_declaration name: (identifier) @name) @function
(generator_function_declaration name: (identifier) @name) @function
(method_definition name: (_) @name) @function
(variable_declarator name: (identifier) @name value: [(arrow_function) (function_expression)])
(arrow_function body: (statement_block)) @closure
(function_expression) @closure
(class_declaration name: (_) @name) @class
(decorator) @annotation

; Calls
(call_expression) @call
(new_expression) @call
(call_expression function: (identifier) @call.name)
(call_expression function: (member_expression property: (property_identifier) @call.name))
(new_expression constructor: (identifier) @call.name)

; Control structures
(if_statement) @if @structure
(if_statement condition: (_) @test)
(if_statement consequence: (_) @then)
(else_clause) @else @structure
(else_clause (_) @body)
(for_statement) @for @structure
(for_statement initializer: (_) @init)
(for_statement condition: (_) @test)
(for_statement increment: (_) @update)
(for_statement body: (_) @body)
(for_in_statement) @foreach @structure
(for_in_statement body: (_) @body)
(while_statement) @while @structure
(while_statement condition: (_) @test)
(while_statement body: (_) @body)
(do_statement) @do @structure
(do_statement condition: (_) @test)
(do_statement body: (_) @body)
(switch_statement) @switch @structure
(switch_statement body: (_) @body)
(switch_case) @case @structure
(switch_default) @case @default @structure
(switch_case value: (_) @label)
(try_statement) @try @structure
(try_statement body: (_) @body)
(catch_clause) @catch @structure
(catch_clause body: (_) @body)
(finally_clause) @finally @structure
(finally_clause body: (_) @body)
(with_statement) @with @structure
(with_statement body: (_) @body)
(labeled_statement) @labelled

; Simple statements
(return_statement) @return
(throw_statement) @throw
(break_statement) @break
(continue_statement) @continue
(import_statement) @import
(lexical_declaration) @variable
(variable_declaration) @variable
(expression_statement) @expression

; What a name does
(variable_declarator name: (identifier) @write)
(assignment_expression left: (identifier) @write)
(augmented_assignment_expression left: (identifier) @change)
(update_expression argument: (identifier) @change)
(array_pattern (identifier) @write)
(pair_pattern value: (identifier) @write)
(assignment_pattern left: (identifier) @write)
(rest_pattern (identifier) @write)
(shorthand_property_identifier_pattern) @write
(formal_parameters (_) @write)
(arrow_function parameter: (identifier) @write)
(catch_clause parameter: (identifier) @write)
(for_in_statement left: (identifier) @write)
(function_declaration name: (identifier) @write)
(class_declaration name: (_) @write)
(import_clause (identifier) @write)
(import_specifier name: (identifier) @write)
(import_specifier alias: (identifier) @write)
(namespace_import (identifier) @write)
(assignment_expression left: (member_expression object: (identifier) @mutate))
(assignment_expression left: (subscript_expression object: (identifier) @mutate))
(augmented_assignment_expression left: (member_expression object: (identifier) @mutate))
(property_identifier) @member
(private_property_identifier) @member
(statement_identifier) @member
