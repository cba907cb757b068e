import fc from 'fast-check';

const withBytes = (bytes: Uint8Array, at: number, removed: number, added: readonly number[]): Uint8Array =>
  Uint8Array.from([...bytes.subarray(0, at), ...added, ...bytes.subarray(at + removed)]);

/** Pieces of text that mean something in headers. */
const fragments = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  ':',
  '\\',
  '\\u0000',
  '\\ud800',
  '-',
  '-1',
  '0',
  '00',
  '1e400',
  '1.5',
  'NaN',
  'Infinity',
  'null',
  'true',
  '[[[[[[[[',
  '9007199254740993',
  '99999999999999999999',
  '4294967296',
  '"F32"',
  '"F64"',
  '"I32"',
  '"BOOL"',
  '"F8_E4M3"',
  '"dtype"',
  '"shape":',
  '"shape":[0]',
  '"data_offsets":[0,0]',
  '"__metadata__":{}',
  '"__proto__":{}',
  '"constructor"',
  ' ',
  '\n',
  '"version":',
  '"name"',
  '"op"',
].map((text) => [...new TextEncoder().encode(text)]);

/** A change of a file's bytes: bits flipped, its end cut off, bytes put in, taken out, or replaced by what means something. */
const byteMutations: fc.Arbitrary<(bytes: Uint8Array) => Uint8Array> = fc
  .tuple(
    fc.double({ min: 0, max: 1, noNaN: true }),
    // Most of what can be wrong is in the first bytes.
    fc.boolean(),
    fc.oneof(
      fc.nat(7).map((bit) => (b: Uint8Array, at: number) => withBytes(b, at, 1, [b[at] ^ (1 << bit)])),
      fc.constant((b: Uint8Array, at: number) => b.slice(0, at)),
      fc
        .array(fc.nat(255), { minLength: 1, maxLength: 9 })
        .map((added) => (b: Uint8Array, at: number) => withBytes(b, at, 0, added)),
      fc.integer({ min: 1, max: 40 }).map((n) => (b: Uint8Array, at: number) => withBytes(b, at, n, [])),
      fc.tuple(fc.constantFrom(...fragments), fc.nat(8)).map(
        ([text, n]) =>
          (b: Uint8Array, at: number) =>
            withBytes(b, at, n, text),
      ),
      fc
        .integer({ min: 1, max: 60 })
        .map((n) => (b: Uint8Array, at: number) => withBytes(b, at, 0, [...b.subarray(at, at + n)])),
    ),
  )
  .map(([where, early, change]) => (bytes) => {
    const at = Math.floor(where * Math.max(0, (early ? Math.min(bytes.length, 16) : bytes.length) - 1));
    return change(bytes, at);
  });

/** JSON's values, of the kinds that files have. */
const values: readonly unknown[] = [
  null,
  true,
  false,
  0,
  1,
  -1,
  2,
  64,
  1e9,
  2 ** 53,
  1.5,
  '',
  'x',
  '?',
  'float32',
  'int32',
  'bool',
  ':0',
  '__proto__',
  [],
  [0],
  [[]],
  [null],
  {},
  { x: 1 },
];

/** Where there is a value in JSON: the array or object that holds it, and the key. */
interface Place {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function placesIn(json: unknown): Place[] {
  const places: Place[] = [];
  const todo = [json];
  for (let x = todo.pop(); x !== undefined; x = todo.pop()) {
    if (typeof x !== 'object' || x === null) continue;
    const holder = x as Record<string, unknown>;
    for (const key of Object.keys(holder)) {
      places.push({ holder, key });
      todo.push(holder[key]);
    }
  }
  return places;
}

/** A change of a JSON text: a value replaced, by one that is elsewhere in it too, or left out, or there twice. */
const jsonMutations: fc.Arbitrary<(text: string) => string> = fc
  .tuple(
    fc.nat(),
    fc.nat(),
    fc.oneof(
      fc.constantFrom(...values).map((value) => ({ kind: 'replace' as const, value })),
      fc.constant({ kind: 'copy' as const, value: null }),
      fc.constant({ kind: 'remove' as const, value: null }),
      fc.constant({ kind: 'repeat' as const, value: null }),
    ),
  )
  .map(([where, from, { kind, value }]) => (text) => {
    const json: unknown = JSON.parse(text);
    const places = placesIn(json);
    if (places.length === 0) return JSON.stringify(value);
    const { holder, key } = places[where % places.length];
    const other = places[from % places.length];
    if (kind === 'replace') holder[key] = value;
    else if (kind === 'copy') holder[key] = structuredClone(other.holder[other.key]);
    else if (Array.isArray(holder)) {
      const item: unknown = holder[Number(key)];
      holder.splice(Number(key), 1, ...(kind === 'repeat' ? [item, item] : []));
    } else Reflect.deleteProperty(holder, key);
    return JSON.stringify(json);
  });

/**
 * Files with up to four mutations each: bits flipped, the end cut off, bytes put in, taken out, repeated, or replaced by what means
 * something. `mend` makes right what no reader would look behind when it is wrong, such as a length; half of the files are mended.
 */
export const mutated = (
  file: fc.Arbitrary<Uint8Array>,
  mend: (bytes: Uint8Array, original: Uint8Array) => Uint8Array,
): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(file, fc.array(byteMutations, { minLength: 1, maxLength: 4 }), fc.boolean())
    .map(([bytes, changes, mended]) => {
      const changed = changes.reduce((b, change) => change(b), bytes);
      return mended ? mend(changed, bytes) : changed;
    });

/** JSON texts with a mutation or two: of the values in them, or of their characters. */
export const mutatedJson = (file: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof(
    fc
      .tuple(file, fc.array(jsonMutations, { minLength: 1, maxLength: 2 }))
      .map(([text, changes]) => changes.reduce((t, change) => change(t), text)),
    mutated(
      file.map((text) => new TextEncoder().encode(text)),
      (bytes) => bytes,
    ).map((bytes) => new TextDecoder().decode(bytes)),
  );
