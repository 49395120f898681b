// Enforces the import rules of the design and the determinism bans of `sim/`. They are checked on the
// syntax tree, so comments and strings never trip them. The rules are the data below; what a rule
// cannot see (taste, size) is left to readers.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

interface ImportRule {
  /** The files it binds: a folder, or with `extension` only some of a folder. */
  readonly in: string;
  readonly extension?: string;
  readonly except?: readonly string[];
  /** Project folders that may be imported; the rule's own folder always may. Absent: any. */
  readonly only?: readonly string[];
  /** Further folders of which `import type` may take from. */
  readonly onlyTypes?: readonly string[];
  /** Project folders that may never be imported, not even for types. */
  readonly never?: readonly string[];
  /** Project folders of which only `import type` may take from. */
  readonly neverValues?: readonly string[];
  /** Packages and Node modules that may be imported. Absent: any. */
  readonly packages?: readonly string[];
  readonly why: string;
}

const PURE_LEAF = { only: ['sim/core'], onlyTypes: ['sim/scenario'], why: 'a pure leaf imports core only' };

/** What runs the engine to explore; questions, bounds and words about them are anybody's. */
const EXPLORER = [
  'explore',
  'judge',
  'ladder',
  'latencies',
  'schedules',
  'search',
  'twins',
  'walker',
  'witness',
].map((name) => `sim/explore/${name}.ts`);

const SIM_PACKAGES = ['seedrandom/lib/alea.js', 'valibot'];

const IMPORT_RULES: readonly ImportRule[] = [
  {
    in: 'sim',
    only: [],
    packages: SIM_PACKAGES,
    why: 'sim/ depends on nothing but seedrandom/lib/alea and valibot: no src/, no Node, no page',
  },
  { in: 'sim/core', only: [], why: 'core imports nothing outside core' },
  { in: 'sim/policy', ...PURE_LEAF },
  { in: 'sim/dedup', ...PURE_LEAF },
  { in: 'sim/network', ...PURE_LEAF },
  { in: 'sim/protocol', ...PURE_LEAF },
  {
    in: 'sim/node',
    never: ['sim/observe', 'sim/trace'],
    why: 'a node does not know who watches it: truth and tracing are outside the model',
  },
  {
    in: 'sim',
    except: ['sim/scenario'],
    neverValues: ['sim/scenario/schema.ts', 'sim/scenario/parse.ts'],
    why: 'the engine is downloaded without the checks of scenario files',
  },
  {
    in: 'src/view',
    extension: '.ts',
    never: ['sim/engine'],
    why: 'a layout reads the data side of sim/ and never the engine',
  },
  {
    in: 'src',
    except: ['src/worker', 'src/cli'],
    neverValues: ['sim/engine', 'sim/run.ts', ...EXPLORER],
    why: 'only the worker and the command line run the engine',
  },
];

/** What of `Math` gives the same bits in every engine: exact, or correctly rounded by its standard. */
const EXACT_MATH = [
  ...['abs', 'ceil', 'clz32', 'floor', 'fround', 'imul', 'max', 'min', 'round', 'sign', 'sqrt', 'trunc'],
  ...['E', 'LN10', 'LN2', 'LOG10E', 'LOG2E', 'PI', 'SQRT1_2', 'SQRT2'],
];

const BANNED_IN_SIM = {
  /** Names that may not be referred to at all. */
  references: [
    ...['Date', 'performance', 'Intl', 'crypto', 'console', 'Promise', 'globalThis', 'window', 'document'],
    ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch', 'navigator', 'require'],
    ...['eval', 'Function', 'WeakRef', 'FinalizationRegistry', 'SharedArrayBuffer', 'Atomics'],
  ],
  /** Names that may not be the left side of a dot (as plain words they are free). */
  objects: ['process'],
  /** Members that may not be used, whatever they belong to. */
  members: [
    ...['localeCompare', 'toLocaleString', 'toLocaleLowerCase', 'toLocaleUpperCase'],
    ...['toLocaleDateString', 'toLocaleTimeString'],
  ],
} as const;

// ── The checks ──────────────────────────────────────────────────────────────────────────────────────

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface SourceFile {
  /** Relative to the project root, with forward slashes. */
  readonly name: string;
  readonly text: string;
}

function readSources(folder: string): readonly SourceFile[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|svelte)$/.test(file))
    .map((file) => path.posix.join(folder, file.split(path.sep).join('/')))
    .sort()
    .map((name) => ({ name, text: readFileSync(path.join(ROOT, name), 'utf8') }));
}

/** Keeps the scripts of a component, and its line numbers. */
function scriptOf({ name, text }: SourceFile): string {
  if (!name.endsWith('.svelte')) return text;
  let script = '';
  let end = 0;
  for (const match of text.matchAll(/(<script\b[^>]*>)(.*?)<\/script>/gs)) {
    const start = match.index + (match[1] ?? '').length;
    script += text.slice(end, start).replace(/[^\n]/g, ' ') + (match[2] ?? '');
    end = start + (match[2] ?? '').length;
  }
  return script;
}

function parse(file: SourceFile): ts.SourceFile {
  return ts.createSourceFile(file.name, scriptOf(file), ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS);
}

function visitAll(tree: ts.SourceFile, visit: (node: ts.Node) => void): void {
  const step = (node: ts.Node): void => {
    visit(node);
    ts.forEachChild(node, step);
  };
  step(tree);
}

function place(tree: ts.SourceFile, node: ts.Node): string {
  return `${tree.fileName}:${tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1}`;
}

interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
  readonly place: string;
}

/** Every way to name another module: import, export from, import(), and import() in a type. */
function importsOf(tree: ts.SourceFile): readonly Import[] {
  const imports: Import[] = [];
  const add = (node: ts.Node, target: ts.Node | undefined, typeOnly: boolean): void => {
    if (target === undefined) return;
    const specifier = ts.isStringLiteralLike(target) ? target.text : '(computed)';
    imports.push({ specifier, typeOnly, place: place(tree, node) });
  };
  visitAll(tree, (node) => {
    if (ts.isImportDeclaration(node)) {
      add(node, node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    } else if (ts.isExportDeclaration(node)) {
      add(node, node.moduleSpecifier, node.isTypeOnly);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node, node.arguments[0], false);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node, node.argument.literal, true);
    }
  });
  return imports;
}

function isInside(name: string, folder: string): boolean {
  return name === folder || name.startsWith(`${folder}/`);
}

function bindsFile(rule: ImportRule, name: string): boolean {
  if (!isInside(name, rule.in) || !name.endsWith(rule.extension ?? '')) return false;
  return !(rule.except ?? []).some((folder) => isInside(name, folder));
}

function breaksRule(rule: ImportRule, fileName: string, { specifier, typeOnly }: Import): boolean {
  if (!specifier.startsWith('.')) return rule.packages !== undefined && !rule.packages.includes(specifier);
  const target = path.posix.join(path.posix.dirname(fileName), specifier);
  const targets = (folders: readonly string[] | undefined): boolean =>
    (folders ?? []).some((folder) => isInside(target, folder));
  if (targets(rule.never)) return true;
  if (!typeOnly && targets(rule.neverValues)) return true;
  if (rule.only === undefined || isInside(target, rule.in)) return false;
  return !targets(rule.only) && !(typeOnly && targets(rule.onlyTypes));
}

function importViolations(file: SourceFile): readonly string[] {
  const rules = IMPORT_RULES.filter((rule) => bindsFile(rule, file.name));
  return importsOf(parse(file)).flatMap((found) =>
    rules
      .filter((rule) => breaksRule(rule, file.name, found))
      .map((rule) => `${found.place} imports '${found.specifier}': ${rule.why}`),
  );
}

/** A name that stands for a value or a type, rather than naming a member or a property. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) return parent.name !== node;
  if (ts.isQualifiedName(parent)) return parent.right !== node;
  if (ts.isBindingElement(parent)) return parent.propertyName !== node;
  return !(
    ts.isPropertySignature(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isAccessor(parent)
  );
}

function isOneOf(list: readonly string[], word: string): boolean {
  return list.includes(word);
}

/** What is wrong with one name, if anything. */
function bannedName(node: ts.Identifier): string | undefined {
  const { parent, text } = node;
  if (!isReference(node)) return isOneOf(BANNED_IN_SIM.members, text) ? text : undefined;
  const isObject =
    (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) &&
    parent.expression === node;
  if (text === 'Math') {
    if (!ts.isPropertyAccessExpression(parent)) return 'Math (write Math.name, so that it can be checked)';
    return isOneOf(EXACT_MATH, parent.name.text) ? undefined : `Math.${parent.name.text}`;
  }
  if (isObject && isOneOf(BANNED_IN_SIM.objects, text)) return `${text}.`;
  return isOneOf(BANNED_IN_SIM.references, text) ? text : undefined;
}

/** `2 ** 53` written out is exact everywhere; every other power is a library function in disguise. */
function isPowerOfTwoLiteral(node: ts.BinaryExpression): boolean {
  return ts.isNumericLiteral(node.left) && node.left.text === '2' && ts.isNumericLiteral(node.right);
}

function bannedSyntax(node: ts.Node): string | undefined {
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    if (kind === ts.SyntaxKind.AsteriskAsteriskEqualsToken) return '**=';
    if (kind === ts.SyntaxKind.AsteriskAsteriskToken && !isPowerOfTwoLiteral(node)) return '**';
  }
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier)) return 'await';
  if (ts.isForInStatement(node)) return 'for … in (the order of keys)';
  if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) return 'import.meta';
  if (node.kind === ts.SyntaxKind.AsyncKeyword) return 'async';
  if (node.kind === ts.SyntaxKind.DeclareKeyword && !mayBeDeclared(node.parent)) {
    return 'declare (names what the core does not have)';
  }
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    const member = node.argumentExpression.text;
    if (isOneOf(BANNED_IN_SIM.members, member)) return member;
  }
  return ts.isIdentifier(node) ? bannedName(node) : undefined;
}

/** Types, the phantom key of a branded type, and the missing types of a package that sim/ may import. */
function mayBeDeclared(node: ts.Node): boolean {
  if (ts.isModuleDeclaration(node)) {
    return ts.isStringLiteral(node.name) && isOneOf(SIM_PACKAGES, node.name.text);
  }
  if (ts.isVariableStatement(node)) {
    return /^_*brand/i.test(node.declarationList.declarations[0]?.name.getText() ?? '');
  }
  return ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isPropertyDeclaration(node);
}

function determinismViolations(file: SourceFile): readonly string[] {
  const tree = parse(file);
  const violations: string[] = [];
  // A `path` reference may bring in a declaration file of sim/ itself; `lib` and `types` nothing.
  const references = [
    ...tree.referencedFiles.filter(({ fileName }) => !/^\.\/[\w-]+\.d\.ts$/.test(fileName)),
    ...tree.typeReferenceDirectives,
    ...tree.libReferenceDirectives,
  ];
  for (const { fileName } of references) violations.push(`${file.name} uses /// <reference to ${fileName}>`);
  visitAll(tree, (node) => {
    const banned = bannedSyntax(node);
    if (banned !== undefined) violations.push(`${place(tree, node)} uses ${banned}`);
  });
  return violations;
}

// ── The tests ───────────────────────────────────────────────────────────────────────────────────────

describe('architecture: the project', () => {
  const sim = readSources('sim');
  const src = readSources('src');

  it('has a core and shells to check', () => {
    expect(sim.length).toBeGreaterThan(0);
    expect(src.length).toBeGreaterThan(0);
  });

  it('sim/ and src/ keep the import rules', () => {
    expect([...sim, ...src].flatMap(importViolations)).toEqual([]);
  });

  it('sim/ uses nothing that differs between engines, machines or runs', () => {
    expect(sim.flatMap(determinismViolations)).toEqual([]);
  });
});

describe('architecture: the checks catch what they are for', () => {
  const imports = (name: string, text: string): readonly string[] => importViolations({ name, text });
  const bans = (text: string): readonly string[] =>
    determinismViolations({ name: 'sim/core/planted.ts', text });

  it.each([
    ['sim/node/a.ts', `import { x } from '../../src/state/x.ts';`],
    ['sim/node/a.ts', `import fs from 'node:fs';`],
    ['sim/node/a.ts', `import fs from 'fs';`],
    ['sim/node/a.ts', `import { max } from 'd3';`],
    ['sim/node/a.ts', `import seedrandom from 'seedrandom';`],
    ['sim/node/a.ts', `const x = import('node:fs');`],
    ['sim/node/a.ts', `type X = import('../../src/state/x.ts').X;`],
    ['sim/node/a.ts', `import { truth } from '../observe/truth.ts';`],
    ['sim/node/a.ts', `import type { Row } from '../trace/columns.ts';`],
    ['sim/node/a.ts', `export * from '../trace/columns.ts';`],
    ['sim/core/a.ts', `import { x } from '../scenario/x.ts';`],
    ['sim/core/a.ts', `import type { X } from '../scenario/x.ts';`],
    ['sim/policy/a.ts', `import { parse } from '../scenario/parse.ts';`],
    ['sim/policy/a.ts', `import { type X } from '../scenario/parse.ts';`],
    ['sim/dedup/a.ts', `import { x } from '../policy/x.ts';`],
    ['sim/network/a.ts', `import type { Nature } from '../nature/nature.ts';`],
    ['sim/protocol/a.ts', `import { loop } from '../engine/loop.ts';`],
    ['src/view/a-layout.ts', `import type { World } from '../../sim/engine/world.ts';`],
    ['src/view/deep/a-layout.ts', `import { run } from '../../../sim/engine/loop.ts';`],
    [
      'src/app/a.svelte',
      `<p>a</p>\n<script lang="ts">\n  import { run } from '../../sim/engine/loop.ts';\n</script>`,
    ],
  ])('%s: %s → refused', (name, text) => {
    expect(imports(name, text).length).toBeGreaterThan(0);
  });

  it.each([
    ['sim/core/keyed-draws.ts', `import alea from 'seedrandom/lib/alea.js';\nimport { a } from './a.ts';`],
    ['sim/scenario/a.ts', `import * as v from 'valibot';`],
    [
      'sim/policy/retry.ts',
      `import { a } from '../core/a.ts';\nimport type { S } from '../scenario/schema.ts';`,
    ],
    ['sim/node/a.ts', `import { a } from '../policy/retry.ts';\n// import { t } from '../observe/truth.ts'`],
    [
      'src/view/a-layout.ts',
      `import { scaleLinear } from 'd3';\nimport type { C } from '../../sim/trace/c.ts';`,
    ],
    ['src/worker/a.ts', `import { run } from '../../sim/engine/loop.ts';`],
    ['src/app/a.ts', `import type { Limits } from '../../sim/engine/limits.ts';`],
  ])('%s: %s → allowed', (name, text) => {
    expect(imports(name, text)).toEqual([]);
  });

  it.each([
    ...['random', 'log', 'log2', 'log10', 'log1p', 'exp', 'expm1', 'pow', 'sin', 'cos', 'tan', 'tanh'].map(
      (name) => `const x = Math.${name}(2);`,
    ),
    ...['Math.hypot(1, 2)', 'Math.cbrt(2)', 'Math.atan2(1, 2)', `Math['log'](2)`, '10 ** n', '2 ** n'].map(
      (expression) => `const n = 2; const x = ${expression};`,
    ),
    ...['const { log } = Math;', 'let n = 2; n **= 2;', 'const t = Date.now();', 'const t = new Date();'],
    ...['const t = performance.now();', 'setTimeout(f, 1);', 'process.exit(1);', `process['exit'](1);`],
    ...['console.log(1);', `const c = 'a'.localeCompare('b');`, `const c = 'a'['localeCompare']('b');`],
    ...['const f = new Intl.NumberFormat();', '(1.5).toLocaleString();', 'crypto.randomUUID();'],
    ...['async function f() {}', 'const f = async () => 1;', 'let p: Promise<void>;', 'await f();'],
    ...['declare const document: unknown;', 'declare global { interface X { a: 1 } }', 'globalThis.x = 1;'],
    ...['for (const key in object) use(key);', 'const m = import.meta.env;', '/// <reference lib="dom" />'],
    ...['/// <reference types="node" />', `declare module 'node:fs' { export const x: number }`],
  ])('%s → refused in sim/', (text) => {
    expect(bans(text).length).toBeGreaterThan(0);
  });

  it.each([
    '// Math.random, Date.now() and 10 ** n are banned',
    `const message = 'Math.random() at new Date()';`,
    'const x = Math.floor(Math.sqrt(2) * 2 ** 53) + Math.imul(3, 5);',
    'interface Step { readonly process: number; readonly performance: number }',
    'function process(step: Step) { return step.process + step.crypto; }',
    'declare const brand: unique symbol;',
    `declare module 'seedrandom/lib/alea.js' { export default function alea(seed: string): () => number }`,
    `/// <reference path="./alea.d.ts" />`,
  ])('%s → allowed in sim/', (text) => {
    expect(bans(text)).toEqual([]);
  });

  it('names the place and the reason', () => {
    expect(imports('sim/core/a.ts', `\nimport { x } from '../node/x.ts';`)).toEqual([
      `sim/core/a.ts:2 imports '../node/x.ts': core imports nothing outside core`,
    ]);
    expect(bans('\n\nconst x = Math.random();')).toEqual(['sim/core/planted.ts:3 uses Math.random']);
  });
});
