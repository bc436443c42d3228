// Sets the answers of the crate beside those of jsonata-js, on random and on hand-made expressions.
//
//   npm install jsonata                        (in a folder outside of the repository)
//   cargo build -p sfn-asl --example jsonata_lines
//   node sfn-asl/tests/differential.mjs FOLDER/node_modules/jsonata target/debug/examples/jsonata_lines [count] [seed]
//
// Prints the expressions that are answered otherwise, those that AWS has otherwise left out, and ends with their number.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import readline from 'node:readline';
import path from 'node:path';

const [library, program, count = '3000', seed = '1'] = process.argv.slice(2);
const jsonata = createRequire(import.meta.url)(path.resolve(library));

// The instant at which the program evaluates every expression.
const NOW = 1500000000000;
globalThis.Date = class extends Date {
  constructor(...parts) {
    super(...(parts.length ? parts : [NOW]));
  }
  static now() {
    return NOW;
  }
};

// A generator of 32 bits (mulberry32): the same seed gives the same expressions.
let state = Number(seed) >>> 0;
const random = () => {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = state;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const below = (n) => Math.floor(random() * n);
const pick = (list) => list[below(list.length)];
const chance = (share) => random() < share;

const DATA = [
  { a: 1, b: 'x', c: [1, 2, 3], d: { e: [{ f: 1, g: 'p' }, { f: 2, g: 'q' }, { f: 2, g: 'r', h: null }], k: true }, n: null, t: 'Hello, World', z: [] },
  [{ a: 3, b: 'y' }, { a: 1, b: 'z', c: [[1, 2], [3]] }, { b: [] }, 5, 'text', null, true],
  { items: [{ id: 'a', price: 1.5, tags: ['x', 'y'] }, { id: 'b', price: 20, tags: [] }, { id: 'c', price: 3, tags: ['x'] }], rate: 0.1, s: '2018-02-03T04:05:06.007Z' },
  'text', 42, null, [], {}, [[1], [2, [3]]],
];
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'k', 'n', 't', 'z', 'items', 'id', 'price', 'tags', 'rate', 's', '`a b`'];
const TEXTS = ['""', '"a"', '"b"', '"Hello, World"', '"1"', '"-2.5"', '"1e3"', '" x "', '"ä€😀"', '"2018-02-03"', '"2018-02-30"', '"12:30"', '"a,b,,c"', '"0x1F"', '"true"', '"10%"', '"\\u0041\\n"'];
const NUMBERS = ['0', '1', '2', '3', '5', '10', '100', '-1', '-2', '0.5', '1.5', '2.5', '-0.5', '1e3', '1e21', '1e-7', '12345.678', '0.1', '1234567890123', '9007199254740993'];
const PATTERNS = ['/a/', '/[a-z]+/', '/l+/i', '/(H)(e)/', '/,/', '/^$/', '/o(.)?/', '/\\d+/'];
const PICTURES = ['"#,##0.00"', '"0"', '"00.0"', '"#0.0#"', '"0%"', '"#‰"', '"0.0e0"', '"#,##,##0"', '"000,000"', '"0;(0)"', '"$0.00"', '"#"', '"#.##"', '"0,0.0"', '"##0.###e00"', '"0.00;-0.0"', '"x0y"', '"0.0.0"', '"0e0e0"', '"%0‰"', '"#0#"', '".0"', '"#.#"', '"9,99"', '"0,"', '"#,#0,0.0,0#"', '"00000.000"', '"#.0,0"', '"1"', '"e0"', '"0,,0"'];
const INTEGER_PICTURES = ['"0"', '"000"', '"#,##0"', '"w"', '"W"', '"Ww"', '"I"', '"i"', '"A"', '"a"', '"0;o"', '"w;o"', '"Ww;o"', '"#"', '"٠"', '"001"', '"#:000"', '"0,000"', '"#,0,00"'];
const DATE_PICTURES = ['"[Y0001]-[M01]-[D01]"', '"[D1o] [MNn] [Y]"', '"[FNn], [D] [MNn,3-3] [Y]"', '"[H01]:[m01]:[s01].[f001]"', '"[h]:[m01] [P]"', '"[Y]-[W01]-[F1]"', '"[d]"', '"[x]-[w]"', '"[Z]"', '"[z]"', '"[Z0101t]"', '"[YI]"', '"[MA]"', '"[Dwo]"', '"[Yw]"', '"[E]"', '"[C]"', '"[X]"', '"[[x]]"', '"[Y,2]"', '"[Y,2-2]"', '"[M,1-2]"', '"[F]"', '"[P,1]"', '"[FN,*-3]"', '"[q]"', '"[Y"'];
const DATES = ['"2018-02-30"', '"2018-02-03"', '"2018"', '"2018-13"', '"2018-02-03T04:05:06Z"', '"2018-02-03T04:05:06.789+05:30"', '"2018-02-03 04:05"', '"2018-02"', '"1970-01-01T00:00:00.001Z"', '"not"', '"2018-02-03T24:00:00Z"', '"2018-02-03T04:05Z"', '"2018-02-29T00:00:00"', '"20180203"', '"2018-2-3"', '"2018-02-03T04:05:06.1Z"', '"2018-02-03T04:05:06.123456Z"', '"2018-04-31"', '"2018-02-32"'];

// Functions with the kinds of their arguments: n number, s text, a list, o object, b truth, x anything, r pattern, f function;
// ? what may be left out.
const FUNCTIONS = {
  string: 'x?', length: 's', substring: 'sn?n', substringBefore: 'ss', substringAfter: 'ss', lowercase: 's', uppercase: 's', trim: 's', pad: 'sn?s',
  contains: 'ss', split: 'ss?n', join: 'a?s', match: 'sr?n', replace: 'srs?n', base64encode: 's', base64decode: 's', encodeUrl: 's', encodeUrlComponent: 's',
  decodeUrl: 's', decodeUrlComponent: 's', number: 'x', abs: 'n', floor: 'n', ceil: 'n', round: 'n?n', power: 'nn', sqrt: 'n', formatNumber: 'nP', formatBase: 'n?n',
  formatInteger: 'nI', parseInteger: 'sI', sum: 'a', max: 'a', min: 'a', average: 'a', boolean: 'x', not: 'x', exists: 'x', count: 'x', append: 'xx', sort: 'a',
  reverse: 'x', shuffle: null, distinct: 'x', zip: 'aa', keys: 'o', lookup: 'os', spread: 'x', merge: 'a', sift: 'of', each: 'of', type: 'x', map: 'xf', filter: 'xf',
  single: 'af', reduce: 'ag?x', fromMillis: 'n?D', toMillis: 'T?D', error: null, assert: 'b?s',
};

function argument(kind, depth) {
  if (chance(0.06)) return expression(depth - 1);
  if (chance(0.02)) return 'nothing';
  switch (kind) {
    case 'n': return chance(0.7) ? pick(NUMBERS) : expression(depth - 1);
    case 's': return chance(0.8) ? pick(TEXTS) : expression(depth - 1);
    case 'r': return chance(0.5) ? pick(PATTERNS) : pick(TEXTS);
    case 'a': return chance(0.6) ? list(depth - 1) : expression(depth - 1);
    case 'o': return chance(0.6) ? object(depth - 1) : expression(depth - 1);
    case 'b': return pick(['true', 'false', expression(depth - 1)]);
    case 'P': return pick(PICTURES);
    case 'I': return pick(INTEGER_PICTURES);
    case 'D': return pick(DATE_PICTURES);
    case 'T': return pick(DATES);
    case 'f': return pick(['function($v){$v}', 'function($v,$i){$i}', 'function($v,$i,$a){$count($a)}', 'function($v){$v > 1}', '$string', '$boolean', '$exists',
      '$uppercase', '$sum', '$substring(?, 0, 1)', '$contains(?, "a")', '$contains("abc", ?)', '$power(?, 2)', `function($v){${expression(depth - 2)}}`, '$not', '$length', '$number', '"no"', 'λ($x){$x}']);
    case 'g': return pick(['function($p,$c){$p & $c}', 'function($p,$c){$p + $c}', 'function($p,$c,$i){[$p, $i]}', '$append', '$max', '$power', 'function($p){$p}', '$substringBefore']);
    default: return expression(depth - 1);
  }
}

const list = (depth) => `[${Array.from({ length: below(4) }, () => expression(depth - 1)).join(', ')}]`;
const object = (depth) =>
  `{${Array.from({ length: below(4) }, () => `${chance(0.9) ? pick(['"a"', '"b"', '"c d"', '""']) : expression(depth - 1)}: ${expression(depth - 1)}`).join(', ')}}`;

function call(depth) {
  const name = pick(Object.keys(FUNCTIONS).filter((name) => FUNCTIONS[name]));
  const list = [];
  let optional = false;
  for (const kind of FUNCTIONS[name]) {
    if (kind === '?') {
      optional = true;
      continue;
    }
    if (optional && chance(0.5)) break;
    list.push(argument(kind, depth));
  }
  if (chance(0.03)) list.push(expression(0));
  if (chance(0.03)) list.pop();
  if (chance(0.05) && list.length > 1) return `${list[0]} ~> $${name}(${list.slice(1).join(', ')})`;
  return `$${name}(${list.join(', ')})`;
}

function step(depth) {
  let text = pick([() => pick(NAMES), () => pick(NAMES), () => pick(NAMES), () => '*', () => '**', () => `(${expression(depth - 1)})`, () => list(depth - 1), () => object(depth - 1), () => '$',
    () => '%'])();
  if (chance(0.3)) text += `[${pick([() => pick(['0', '1', '-1', '0.5', '[0,1]', '[0..1]', 'true']), () => expression(depth - 1)])()}]`;
  if (chance(0.04)) text += '[]';
  if (chance(0.04)) text += `^(${pick(['', '<', '>'])}${pick(NAMES)})`;
  if (chance(0.04)) text += `{${pick(['a', 'b', 'id', '"k"', '$string(a)'])}: ${expression(depth - 2)}}`;
  if (chance(0.03)) text += `@$v`;
  if (chance(0.03)) text += `#$i`;
  return text;
}

function expression(depth) {
  if (depth <= 0) return pick([() => pick(NUMBERS), () => pick(TEXTS), () => pick(NAMES), () => pick(['true', 'false', 'null', '$', '$$', '[]', '{}', 'nothing'])])();
  const inner = () => expression(depth - 1);
  return pick([
    () => expression(0),
    () => Array.from({ length: 1 + below(3) }, () => step(depth)).join('.'),
    () => Array.from({ length: 1 + below(3) }, () => step(depth)).join('.'),
    () => call(depth),
    () => call(depth),
    () => call(depth),
    () => `${inner()} ${pick(['+', '-', '*', '/', '%', '&', '=', '!=', '<', '<=', '>', '>=', 'in', 'and', 'or', '??', '?:'])} ${inner()}`,
    () => `(${inner()}) ${pick(['+', '-', '*', '/', '%', '&', '=', '!=', '<', '<=', '>', '>=', 'in', 'and', 'or'])} (${inner()})`,
    () => `-${expression(depth - 1)}`,
    () => list(depth),
    () => object(depth),
    () => `${inner()} ? ${inner()} : ${inner()}`,
    () => `${inner()} ? ${inner()}`,
    () => `[${pick(['0', '1', '-2', inner()])}..${pick(['0', '3', '5', inner()])}]`,
    () => `($x := ${inner()}; $x)`,
    () => `($x := ${inner()}; [$x, ${inner()}])`,
    () => `($f := function($x, $y){${inner()}}; $f(${inner()}, ${inner()}))`,
    () => `$ ~> |${pick(NAMES)}|${object(depth - 1)}${chance(0.4) ? `, ${pick(['"a"', '["a","b"]', inner()])}` : ''}|`,
    () => `(${inner()}; ${inner()})`,
    () => `${inner()} ~> ${pick(['$string', '$sum', '$count', '$map(function($v){$v})', '$not', 'function($v){[$v]}'])}`,
  ])();
}

// What is answered otherwise, and stays so.
const LEFT = [
  [/\$base64/, 'texts in base 64 are UTF-8 here, a byte a character there'],
  [/\$fromMillis\((9007199254740993|1e21)/, 'a moment that no calendar has is a fault here, a text with NaN there'],
  [/\$(power|formatNumber|join)\(\?/, 'what is neither number nor list in a partial application: a fault here, NaN or a TypeError there'],
  [/"ä€😀", "[Aa]"|1e21, "٠"/, 'characters beyond letters and digits as numbers'],
  [/\[\]\.[^ ]*#\$i/, 'positions in nothing: nothing here, an empty array there'],
];

// Each function with hand-made arguments.
const cases = [];
for (const picture of PICTURES) for (const number of NUMBERS) cases.push(`$formatNumber(${number}, ${picture})`);
for (const picture of INTEGER_PICTURES) for (const number of [...NUMBERS, '4', '9', '11', '12', '13', '19', '21', '99', '101', '1999', '4000', '1000000', '26', '27', '703'])
  cases.push(`$formatInteger(${number}, ${picture})`);
for (const picture of INTEGER_PICTURES)
  for (const text of [...TEXTS, '"12"', '"1,234"', '"twelve"', '"XIV"', '"xiv"', '"b"', '"zz"', '"one hundred and one"', '"Twenty-first"', '"3rd"', '"007"', '"abc"', '"١٢"', '"fourteenth"'])
    cases.push(`$parseInteger(${text}, ${picture})`);
for (const date of DATES) cases.push(`$toMillis(${date})`);
for (const picture of DATE_PICTURES) {
  for (const number of ['0', '1500000000000', '-1', '1e12', '951782400000', '1.5', '253402300799999']) {
    cases.push(`$fromMillis(${number}, ${picture})`);
    cases.push(`$fromMillis(${number}, ${picture}, "${pick(['+0530', '-0800', '0000', '+1'])}")`);
  }
  for (const date of DATES) cases.push(`$toMillis(${date}, ${picture})`);
  cases.push(`$toMillis($fromMillis(1500000000000, ${picture}), ${picture})`);
}
for (const functional of ['filter', 'map', 'single', 'reduce', 'sift', 'each'])
  for (const data of ['["Abc", "b", "cab"]', '[1, "a"]', '{"a": "x", "b": "ab"}', '5', '[]', 'nothing', '[[1],[2]]'])
    for (const f of ['$contains(?, "a")', '$contains("abc", ?)', '$substring(?, 0, 1)', '$substring("abc", ?)', '$uppercase', '$sum', '$length', '$match(?, /a/)', '$append(?, 1)', '$string', '$split(?, "a")',
      '$pad(?, 5)', '$join(?, ",")', '$power(?, 2)', '$lookup({"a": 1}, ?)', '$type', '/a/', '$formatNumber(?, "0")', '$toMillis', '$keys', '$round', '$max', '$zip', '$average'])
      cases.push(`$${functional}(${data}, ${f})`);
for (let index = 0; index < Number(count); index++) cases.push(expression(1 + below(4)));

const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
const answers = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
const same = (a, b) => {
  if (typeof a === 'number' && typeof b === 'number') return a === b || Math.abs(a - b) <= 1e-14 * Math.abs(a);
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
};
let different = 0;
let compared = 0;
let faults = 0;
for (const [index, expr] of cases.entries()) {
  const data = DATA[index % DATA.length];
  child.stdin.write(JSON.stringify({ expr, data }) + '\n');
  const ours = JSON.parse((await answers.next()).value);
  let theirs;
  try {
    const value = await Promise.race([
      jsonata(expr).evaluate(structuredClone(data)),
      new Promise((_, reject) => setTimeout(() => reject({ code: 'TIME' }), 2000).unref()),
    ]);
    // Functions are no values outside, and numbers that JSON lacks have texts of AWS's own.
    let odd = false;
    const text = JSON.stringify(value, (_, inner) => {
      odd ||= typeof inner === 'function' || (typeof inner === 'number' && !Number.isFinite(inner)) || (inner && (inner._jsonata_function || inner._jsonata_lambda));
      return inner;
    });
    if (odd) continue;
    theirs = text === undefined ? {} : { value: JSON.parse(text) };
  } catch (error) {
    if (error.code === 'TIME') continue;
    theirs = { code: error.code ?? 'native', message: error.message };
  }
  compared++;
  // Which of several faults is told depends on the order of evaluation, which the library leaves open within arrays and
  // arguments; faults of its own (`TypeError`) it does not tell at all; names of functions it remembers from earlier calls.
  if ('code' in theirs && (theirs.code === 'native' || ('code' in ours && (ours.code !== theirs.code || theirs.message.includes('of function'))))) {
    faults++;
    continue;
  }
  const agree =
    'code' in ours || 'code' in theirs
      ? ours.code === theirs.code && ours.message.replaceAll('e+', 'e') === theirs.message.replaceAll('e+', 'e')
      : 'value' in ours === 'value' in theirs && same(ours.value, theirs.value);
  if (agree) continue;
  // The bounds of AWS, which the library does not have.
  if ('code' in ours && ours.code === null) continue;
  if (LEFT.some(([pattern]) => pattern.test(expr))) continue;
  different++;
  const show = (answer) => JSON.stringify('code' in answer ? `${answer.code} ${answer.message ?? ''}` : 'value' in answer ? answer.value : 'undefined').slice(0, 160);
  console.log(`${expr}\n    on ${JSON.stringify(data).slice(0, 60)}\n    ours   ${show(ours)}\n    theirs ${show(theirs)}`);
}
child.stdin.end();
console.log(`${compared} compared, ${faults} with faults that cannot be compared, ${different} different`);
process.exitCode = different ? 1 : 0;
