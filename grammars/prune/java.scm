; Java: what its nodes are to the pruner. The captures are explained in docs/prune.md.

; Names, texts
(identifier) @identifier
(type_identifier) @identifier
(string_literal) @string
(character_literal) @string
(line_comment) @comment
(block_comment) @comment
((block_comment) @docstring (#match? @docstring "^/\\*\\*"))

; Statements and the blocks that hold them
(program (_) @statement)
(block (_) @statement)
(constructor_body (_) @statement)
(class_body (_) @statement)
(interface_body (_) @statement)
(enum_body_declarations (_) @statement)
(annotation_type_body (_) @statement)
(switch_block_statement_group (statement) @statement)
(program) @block
(block) @block
(constructor_body) @block
(class_body) @block
(interface_body) @block
(enum_body) @block
(enum_body_declarations) @block
(annotation_type_body) @block
(switch_block) @block

; Declarations
(method_declaration name: (identifier) @name) @function
(constructor_declaration name: (identifier) @name) @function
(compact_constructor_declaration name: (identifier) @name) @function
(static_initializer) @function
(lambda_expression body: (block)) @closure
(class_declaration name: (identifier) @name) @class
(interface_declaration name: (identifier) @name) @class
(enum_declaration name: (identifier) @name) @class
(record_declaration name: (identifier) @name) @class
(annotation_type_declaration name: (identifier) @name) @class
(marker_annotation) @annotation
(annotation) @annotation

; Calls
(method_invocation) @call
(object_creation_expression) @call
(explicit_constructor_invocation) @call
(method_invocation name: (identifier) @call.name)
(object_creation_expression type: (type_identifier) @call.name)

; Control structures
(if_statement) @if @structure
(if_statement condition: (_) @test)
(if_statement consequence: (_) @then)
(if_statement alternative: (_) @else)
(for_statement) @for @structure
(for_statement init: (_) @init)
(for_statement condition: (_) @test)
(for_statement update: (_) @update)
(for_statement body: (_) @body)
(enhanced_for_statement) @foreach @structure
(enhanced_for_statement body: (_) @body)
(while_statement) @while @structure
(while_statement condition: (_) @test)
(while_statement body: (_) @body)
(do_statement) @do @structure
(do_statement condition: (_) @test)
(do_statement body: (_) @body)
(switch_expression) @switch @structure
(switch_expression body: (_) @body)
(switch_block_statement_group (switch_label) @label) @case
(switch_block_statement_group (switch_label "default")) @default
(switch_rule (switch_label) @label) @case @closed
(switch_rule (switch_label "default")) @default
(switch_label) @structure
(try_statement) @try @structure
(try_with_resources_statement) @try @structure
(try_statement body: (_) @body)
(try_with_resources_statement body: (_) @body)
(catch_clause) @catch @structure
(catch_clause body: (_) @body)
(finally_clause) @finally @structure
(synchronized_statement) @with @structure
(synchronized_statement body: (_) @body)
(labeled_statement) @labelled

; Simple statements
(return_statement) @return
(yield_statement) @break
(throw_statement) @throw
(break_statement) @break
(continue_statement) @continue
(assert_statement) @assert
(import_declaration) @import
(package_declaration) @import
(local_variable_declaration) @variable
(field_declaration) @variable
(expression_statement) @expression

; What a name does
(variable_declarator name: (identifier) @write)
(assignment_expression left: (identifier) @write "=")
(assignment_expression left: (identifier) @change)
(update_expression (identifier) @change)
(formal_parameter name: (identifier) @write)
(catch_formal_parameter name: (identifier) @write)
(enhanced_for_statement name: (identifier) @write)
(resource name: (identifier) @write)
(inferred_parameters (identifier) @write)
(lambda_expression parameters: (identifier) @write)
(instanceof_expression name: (identifier) @write)
(assignment_expression left: (field_access object: (identifier) @mutate))
(assignment_expression left: (array_access array: (identifier) @mutate))
(update_expression (array_access array: (identifier) @mutate))
(field_access field: (identifier) @member)
(method_invocation name: (identifier) @member)
(method_declaration name: (identifier) @member)
(scoped_identifier (identifier) @member)
(type_identifier) @member
(break_statement (identifier) @member)
(continue_statement (identifier) @member)
(labeled_statement . (identifier) @member)
