; Python: what its nodes are to the pruner. The captures are explained in docs/prune.md.

; Names, texts
(identifier) @identifier
(string) @string
(comment) @comment
(expression_statement . (string) @docstring .)

; Statements and the blocks that hold them
(module (_) @statement)
(block (_) @statement)
(module) @block
(block) @block

; Declarations
(function_definition name: (identifier) @name) @function
(class_definition name: (identifier) @name) @class
(decorator) @annotation
(decorated_definition definition: (_) @definition)

; Calls
(call) @call
(call function: (identifier) @call.name)
(call function: (attribute attribute: (identifier) @call.name))

; Control structures
(if_statement) @if @structure
(elif_clause) @elif @structure
(if_statement condition: (_) @test)
(elif_clause condition: (_) @test)
(if_statement consequence: (_) @then)
(elif_clause consequence: (_) @then)
(else_clause) @else @structure
(for_statement) @foreach @structure
(for_statement body: (_) @body)
(while_statement) @while @structure
(while_statement condition: (_) @test)
(while_statement body: (_) @body)
(try_statement) @try @structure
(try_statement body: (_) @body)
(except_clause) @catch @structure
(finally_clause) @finally @structure
(with_statement) @with @structure
(with_statement body: (_) @body)
(match_statement) @switch @structure
(match_statement body: (_) @body)
(case_clause) @case @structure
(case_clause consequence: (_) @then)
; `case _:` and `case name:` take everything
((case_clause . (case_pattern) @pattern . consequence: (_)) @default (#match? @pattern "^([A-Za-z]\\w*|_\\w*)$"))

; Simple statements
(return_statement) @return
(raise_statement) @throw
(break_statement) @break
(continue_statement) @continue
(assert_statement) @assert
(import_statement) @import
(import_from_statement) @import
(future_import_statement) @import
(expression_statement (assignment)) @variable
(expression_statement (augmented_assignment)) @expression
(expression_statement (call)) @expression

; What a name does
; written, changed (read and written), an object changed through it, or no variable at all
(assignment left: (identifier) @write)
(pattern_list (identifier) @write)
(tuple_pattern (identifier) @write)
(list_pattern (identifier) @write)
(list_splat_pattern (identifier) @write)
(dictionary_splat_pattern (identifier) @write)
(augmented_assignment left: (identifier) @change)
(named_expression name: (identifier) @write)
(for_statement left: (identifier) @write)
(for_in_clause left: (identifier) @write)
(as_pattern_target (identifier) @write)
(as_pattern (case_pattern) (identifier) @write)
(case_pattern (dotted_name . (identifier) @write .))
(splat_pattern (identifier) @write)
(parameters (identifier) @write)
(lambda_parameters (identifier) @write)
(default_parameter name: (identifier) @write)
(typed_parameter . (identifier) @write)
(typed_default_parameter name: (identifier) @write)
(function_definition name: (identifier) @write)
(class_definition name: (identifier) @write)
(import_statement name: (dotted_name . (identifier) @write))
(import_from_statement name: (dotted_name (identifier) @write))
(import_from_statement module_name: (dotted_name (identifier) @member))
(aliased_import alias: (identifier) @write)
(aliased_import name: (dotted_name (identifier) @member))
(delete_statement (identifier) @write)
(assignment left: (attribute object: (identifier) @mutate))
(assignment left: (subscript value: (identifier) @mutate))
(augmented_assignment left: (attribute object: (identifier) @mutate))
(augmented_assignment left: (subscript value: (identifier) @mutate))
(attribute attribute: (identifier) @member)
(keyword_argument name: (identifier) @member)
(keyword_pattern . (identifier) @member)
