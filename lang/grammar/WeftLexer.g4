// Words and marks of Weft. No actions, no predicates: what needs memory (newlines, brackets, nesting)
// is done on the tokens by lang/syntax/TokenReader.cpp.

lexer grammar WeftLexer;

// Reserved everywhere but after `.` and before `:`.
LET: 'let'; FN: 'fn'; TYPE: 'type'; WORKFLOW: 'workflow'; IF: 'if'; ELSE: 'else'; MATCH: 'match'; FOR: 'for'; IN: 'in';
LOOP: 'loop'; BREAK: 'break'; CONTINUE: 'continue'; RACE: 'race'; VOTE: 'vote'; TRY: 'try'; CATCH: 'catch';
ATOMIC: 'atomic'; FAIL: 'fail'; ASSERT: 'assert'; EMIT: 'emit'; AND: 'and'; OR: 'or'; NOT: 'not'; AS: 'as';
WITH: 'with'; WHERE: 'where'; TRUE: 'true'; FALSE: 'false'; NONE: 'none';

// Names wherever the grammar does not ask for them.
USE: 'use'; MODEL: 'model'; TOOL: 'tool'; AGENT: 'agent'; TEST: 'test'; MOCK: 'mock'; REPLAY: 'replay'; CRASH: 'crash';
EVERYWHERE: 'everywhere'; MESH: 'mesh'; CLUSTER: 'cluster'; NODE: 'node'; LINK: 'link'; TRAIN: 'train';
DEPLOY: 'deploy'; STORE: 'store'; LABEL: 'label'; DIM: 'dim'; ON: 'on'; BY: 'by'; OF: 'of'; MAX: 'max';
PARALLEL: 'parallel'; DEPTH: 'depth'; BUDGET: 'budget'; EFFECT: 'effect'; PER: 'per'; EMITS: 'emits'; READ: 'read';
WRITE: 'write'; PURE: 'pure'; IDEMPOTENT: 'idempotent'; UNDO: 'undo'; SUM: 'sum'; ASSOCIATIVE: 'associative';

LOWER: [a-z_] [a-zA-Z0-9_]*;
UPPER: [A-Z] [a-zA-Z0-9_]*;

// A number glued to letters is one literal; which units there are is decided in lang/syntax.
MONEY: '$' DIGITS ('.' [0-9]+)? UNIT?;
NUMBER: DIGITS ('.' [0-9]+)? ([eE] [+-]? [0-9]+)? UNIT?;
fragment DIGITS: [0-9] [0-9_]*;
fragment UNIT: [a-zA-Z] [a-zA-Z0-9_]*;

BLOCK_QUOTE: '"""' -> pushMode(BLOCK_STRING);
QUOTE: '"' -> pushMode(LINE_STRING);
LBRACE: '{' -> pushMode(DEFAULT_MODE);
RBRACE: '}' -> popMode;
LPAREN: '('; RPAREN: ')'; LBRACKET: '['; RBRACKET: ']';
COMMA: ','; SEMICOLON: ';'; COLON: ':'; DOT: '.';
ORELSE: '??'; QUESTION: '?'; ARROW: '->'; FATARROW: '=>'; BOTHWAYS: '<->';
EQUAL: '=='; NOTEQUAL: '!='; LESSEQUAL: '<='; GREATEREQUAL: '>='; LESS: '<'; GREATER: '>'; ASSIGN: '=';
PLUS: '+'; MINUS: '-'; STAR: '*'; SLASH: '/'; PERCENT: '%'; AT: '@'; BAR: '|';

DOC: '///' (~[/\r\n] ~[\r\n]*)? -> channel(HIDDEN);
COMMENT: '//' ~[\r\n]* -> channel(HIDDEN);
SPACE: [ \t\r]+ -> skip;
NEWLINE: '\n';
STRAY: .;

mode LINE_STRING;
TEXT: (~["\\$\r\n])+;
DOLLAR: '$' -> type(TEXT);
ESCAPE: '\\u{' [0-9a-fA-F]+ '}' | '\\' ~[\r\n];
HOLE: '${' -> pushMode(DEFAULT_MODE);
STRING_END: '"' -> popMode;
// The string was not closed on its line.
STRING_BREAK: ('\\'? '\r'? '\n' | '\\' | '\r') -> popMode;

mode BLOCK_STRING;
BLOCK_TEXT: (~["\\$])+ -> type(TEXT);
BLOCK_MARK: ["$] -> type(TEXT);
BLOCK_ESCAPE: ('\\u{' [0-9a-fA-F]+ '}' | '\\' .) -> type(ESCAPE);
BLOCK_LONE: '\\' -> type(TEXT);
BLOCK_HOLE: '${' -> type(HOLE), pushMode(DEFAULT_MODE);
BLOCK_END: '"""' -> type(STRING_END), popMode;
