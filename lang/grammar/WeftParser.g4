// The whole language, from tokens out of which newlines that do not separate have been dropped. No actions, no
// predicates, no ambiguity on any sample. Declarations are parsed one at a time: see lang/syntax/Parser.cpp.

parser grammar WeftParser;

options { tokenVocab = WeftLexer; }

//===----------------------------------------------------------------------===//
// Declarations
//===----------------------------------------------------------------------===//

declarationAlone: declaration EOF;

declaration
    : useDecl | recordDecl | sumDecl | aliasDecl | dimDecl | providerDecl | agentDecl | storeDecl | labelDecl | fnDecl
    | workflowDecl | testDecl | meshDecl | clusterDecl | trainDecl | deployDecl
    ;

useDecl: USE (relativePath | libraryPath) DOT LBRACE importItem (separator importItem)* separator? RBRACE;
relativePath: DOT SLASH name (SLASH name)*;
libraryPath: name (DOT anyName)*; // after a dot every word is a name: std.vote
importItem: importName (AS importName)?;
importName: name | UPPER;

recordDecl: TYPE UPPER LBRACE field (separator field)* separator? RBRACE;
sumDecl: TYPE UPPER ASSIGN (BAR sumCase (BAR sumCase)* | sumCase (BAR sumCase)+ | fullCase);
aliasDecl: TYPE UPPER ASSIGN type guard?;
field: anyName COLON type guard?;
guard: WHERE expr;
sumCase: name params?;
fullCase: name params;

dimDecl: DIM dimBinding (COMMA dimBinding)*;
dimBinding: UPPER ASSIGN expr;

providerDecl: (MODEL | TOOL) name ASSIGN name body?;
agentDecl: AGENT name params? (ARROW type)? clause* (ASSIGN name)? body?;
storeDecl: STORE name COLON type body?;
labelDecl: LABEL name (LESS name)+;
fnDecl: FN name typeParams? params (ARROW type)? ASSOCIATIVE? block;
workflowDecl: WORKFLOW name params (ARROW type)? clause* block;
testDecl: TEST string block;
meshDecl: MESH name ON name body;
trainDecl: TRAIN name ON name body;
deployDecl: DEPLOY name ON name body;
clusterDecl: CLUSTER name (ASSIGN name | clusterBody);

clusterBody: LBRACE clusterItem (separator clusterItem)* separator? RBRACE;
clusterItem
    : NODE name count? clusterBody       # nodeItem
    | LINK name BOTHWAYS name clusterBody # linkItem
    | name count? clusterBody            # deviceItem
    | anyName COLON expr                 # entryItem
    ;
count: LBRACKET NUMBER RBRACKET;

clause: BUDGET record | DEPTH expr | effect | EMITS type | ASSOCIATIVE;
effect: EFFECT (PURE | READ | WRITE) IDEMPOTENT? (UNDO expr)?;
body: LBRACE (item (separator item)* separator?)? RBRACE;
item: entry | member;
member: name params (ARROW type)? effect? (ASSIGN expr)?;
params: LPAREN (param (COMMA param)* COMMA?)? RPAREN;
param: anyName COLON type guard? (ASSIGN expr)?;
typeParams: LESS UPPER (COMMA UPPER)* GREATER;

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

type: typeAtom QUESTION? | functionType;
functionType: (FN | AGENT) LPAREN (type (COMMA type)*)? RPAREN ARROW type;
typeAtom: namedType | LPAREN (type (COMMA type)*)? RPAREN;
namedType: (name DOT)* (name | UPPER) (LESS type (COMMA type)* GREATER)? (LBRACKET dimension (COMMA dimension)* RBRACKET)?;
dimension: size (AT axes)? | SUM AT axes;
size: sizeAtom ((STAR | SLASH) sizeAtom)*;
sizeAtom: UPPER | NUMBER;
axes: name | LPAREN name (COMMA name)+ RPAREN;

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

block: LBRACE statement (statementEnd statement)* statementEnd? RBRACE;
statement
    : LET pattern (COLON type)? ASSIGN expr # letStatement
    | MOCK name (DOT anyName)* FATARROW value # mockStatement
    | REPLAY string                         # replayStatement
    | CRASH EVERYWHERE                      # crashStatement
    | action                                # actionStatement
    ;
action
    : BREAK expr                 # breakAction
    | CONTINUE expr              # continueAction
    | FAIL expr                  # failAction
    | ASSERT expr (COMMA expr)?  # assertAction
    | EMIT expr                  # emitAction
    | expr                       # valueAction
    ;

//===----------------------------------------------------------------------===//
// Expressions, tightest first
//===----------------------------------------------------------------------===//

value: lambda | expr;
lambda: BAR name (COMMA name)* BAR expr;
expr
    : leaf                                                   # leafExpr
    | MINUS expr                                             # negateExpr
    | expr op = (AT | STAR | SLASH | PERCENT) expr           # binaryExpr
    | expr op = (PLUS | MINUS) expr                          # binaryExpr
    | <assoc = right> expr op = ORELSE expr                  # binaryExpr
    | expr op = (EQUAL | NOTEQUAL | LESS | LESSEQUAL | GREATER | GREATEREQUAL) expr # binaryExpr
    | NOT expr                                               # notExpr
    | expr op = AND expr                                     # binaryExpr
    | expr op = OR expr                                      # binaryExpr
    | TRY expr CATCH arms                                    # tryExpr
    ;
leaf: primary suffix* (AS type)? (WITH record)? | form (WITH record)?;
suffix
    : DOT (anyName | NUMBER)                              # memberSuffix
    | LPAREN (argument (COMMA argument)* COMMA?)? RPAREN  # callSuffix
    | LBRACKET expr RBRACKET                              # indexSuffix
    ;
argument: (anyName COLON)? value;
primary
    : name                                            # namePrimary
    | UPPER record?                                   # upperPrimary
    | DOT anyName                                     # shorthandPrimary
    | (NUMBER | MONEY) (PER (name | UPPER))?          # numberPrimary
    | (TRUE | FALSE | NONE)                           # wordPrimary
    | string                                          # stringPrimary
    | LPAREN (expr (COMMA expr)*)? RPAREN             # tuplePrimary
    | LBRACKET (expr (COMMA expr)* COMMA?)? RBRACKET  # listPrimary
    | record                                          # recordPrimary
    | mapLiteral                                      # mapPrimary
    ;
form
    : ifForm                                                     # ifElseForm
    | MATCH expr arms                                            # matchForm
    | FOR pattern IN expr (PARALLEL expr)? block                 # forForm
    | LOOP pattern ASSIGN expr MAX expr block (ELSE block)?      # loopForm
    | RACE LBRACE expr (separator expr)* separator? RBRACE       # raceForm
    | VOTE expr (OF expr)? block (BY name (DOT anyName)*)?       # voteForm
    | ATOMIC block                                               # atomicForm
    | block                                                      # blockForm
    ;
ifForm: IF expr block (ELSE (block | ifForm))?;
arms: LBRACE arm (separator arm)* separator? RBRACE;
arm: pattern FATARROW action;
pattern
    : (NONE | TRUE | FALSE)                                         # wordPattern
    | MINUS? NUMBER                                                 # numberPattern
    | MONEY                                                         # numberPattern
    | string                                                        # stringPattern
    | name (LPAREN pattern (COMMA pattern)* RPAREN)?                # namePattern
    | UPPER DOT anyName (LPAREN pattern (COMMA pattern)* RPAREN)?   # qualifiedPattern
    | LPAREN pattern (COMMA pattern)+ RPAREN                        # tuplePattern
    | UPPER LBRACE name (COMMA name)* RBRACE                        # recordPattern
    ;
entry: anyName COLON value;
record: LBRACE entry (separator entry)* separator? RBRACE;
mapLiteral: LBRACE RBRACE | LBRACE mapEntry (separator mapEntry)* separator? RBRACE;
mapEntry: string COLON value;
string: (QUOTE | BLOCK_QUOTE) (TEXT | ESCAPE | HOLE expr RBRACE)* STRING_END;

//===----------------------------------------------------------------------===//
// Words and separators
//===----------------------------------------------------------------------===//

separator: NEWLINE | COMMA;
statementEnd: NEWLINE | SEMICOLON;

name
    : LOWER | USE | MODEL | TOOL | AGENT | TEST | MOCK | REPLAY | CRASH | EVERYWHERE | MESH | CLUSTER | NODE | LINK | TRAIN
    | DEPLOY | STORE | LABEL | DIM | ON | BY | OF | MAX | PARALLEL | DEPTH | BUDGET | EFFECT | PER | EMITS | READ | WRITE
    | PURE | IDEMPOTENT | UNDO | SUM | ASSOCIATIVE
    ;
// After `.` and before `:` every word is a name.
anyName
    : name | LET | FN | TYPE | WORKFLOW | IF | ELSE | MATCH | FOR | IN | LOOP | BREAK | CONTINUE | RACE | VOTE | TRY | CATCH
    | ATOMIC | FAIL | ASSERT | EMIT | AND | OR | NOT | AS | WITH | WHERE | TRUE | FALSE | NONE
    ;
