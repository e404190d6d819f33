; C#: what its nodes are to the pruner. The captures are explained in docs/prune.md.

; Names, texts
(identifier) @identifier
(string_literal) @string
(verbatim_string_literal) @string
(raw_string_literal) @string
(interpolated_string_expression) @string
(character_literal) @string
(comment) @comment
((comment) @docstring (#match? @docstring "^///"))

; Statements and the blocks that hold them
(compilation_unit (_) @statement)
(block (_) @statement)
(declaration_list (_) @statement)
(compilation_unit) @block
(block) @block
(declaration_list) @block
(switch_body) @block
(accessor_list) @block
(enum_member_declaration_list) @block

; Declarations
(method_declaration name: (identifier) @name) @function
(constructor_declaration name: (identifier) @name) @function
(local_function_statement name: (identifier) @name) @function
(property_declaration name: (identifier) @name) @function
(accessor_declaration) @function
(lambda_expression body: (block)) @closure
(class_declaration name: (identifier) @name) @class
(struct_declaration name: (identifier) @name) @class
(record_declaration name: (identifier) @name) @class
(interface_declaration name: (identifier) @name) @class
(enum_declaration name: (identifier) @name) @class
(namespace_declaration name: (_) @name) @class
(attribute_list) @annotation

; Calls
(invocation_expression) @call
(object_creation_expression) @call
(invocation_expression function: (identifier) @call.name)
(invocation_expression function: (member_access_expression name: (identifier) @call.name))
(object_creation_expression type: (identifier) @call.name)

; Control structures
(if_statement) @if @structure
(if_statement condition: (_) @test)
(if_statement consequence: (_) @then)
(if_statement alternative: (_) @else)
(for_statement) @for @structure
(for_statement initializer: (_) @init)
(for_statement condition: (_) @test)
(for_statement update: (_) @update)
(for_statement body: (_) @body)
(foreach_statement) @foreach @structure
(foreach_statement body: (_) @body)
(while_statement) @while @structure
(while_statement condition: (_) @test)
(while_statement body: (_) @body)
(do_statement) @do @structure
(do_statement condition: (_) @test)
(do_statement body: (_) @body)
(switch_statement) @switch @structure
(switch_statement body: (_) @body)
(switch_section) @case @structure
(switch_section . (constant_pattern) @label)
(switch_section . (declaration_pattern) @label)
(switch_section . (relational_pattern) @label)
(switch_section "default") @default
(try_statement) @try @structure
(try_statement body: (_) @body)
(catch_clause) @catch @structure
(catch_clause body: (_) @body)
(finally_clause) @finally @structure
(using_statement) @with @structure
(using_statement body: (_) @body)
(lock_statement) @with @structure
(lock_statement (block) @body)
(labeled_statement) @labelled

; Simple statements
(return_statement) @return
(throw_statement) @throw
(break_statement) @break
(continue_statement) @continue
(goto_statement) @goto
(using_directive) @import
(local_declaration_statement) @variable
(field_declaration) @variable
(expression_statement) @expression

; What a name does
(variable_declarator name: (identifier) @write)
(assignment_expression left: (identifier) @write "=")
(assignment_expression left: (identifier) @change)
(prefix_unary_expression (identifier) @change)
(postfix_unary_expression (identifier) @change)
(foreach_statement left: (identifier) @write)
(parameter name: (identifier) @write)
(catch_declaration name: (identifier) @write)
(assignment_expression left: (member_access_expression expression: (identifier) @mutate))
(assignment_expression left: (element_access_expression expression: (identifier) @mutate))
(member_access_expression name: (identifier) @member)
(method_declaration name: (identifier) @member)
(object_creation_expression type: (identifier) @member)
