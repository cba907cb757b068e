import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EmbeddedReberGrammar, encodeReberStrings, reberSymbols } from '../src/index.js';

const seeds = fc.nat({ max: 0xffffffff });

describe('EmbeddedReberGrammar', () => {
  // The embedded Reber grammar once more, as a regular expression.
  const fromState4 = '(XT*VP)*(S|XT*VV)';
  const inner = `B(TS*X${fromState4}|PT*V(V|P${fromState4}))E`;
  const pattern = new RegExp(`^B(T${inner}T|P${inner}P)E$`);

  it('makes strings of the grammar, of many lengths', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const grammar = new EmbeddedReberGrammar({ seed });
        const string = grammar.goodString();
        expect(grammar.accepts(string)).toBe(true);
        expect(string).toMatch(/^B([TP])B.*E\1E$/);
      }),
    );
    const grammar = new EmbeddedReberGrammar();
    const lengths = new Set(Array.from({ length: 1000 }, () => grammar.goodString().length));
    expect(Math.min(...lengths)).toBe(9);
    expect(Math.max(...lengths)).toBeGreaterThan(25);
  });

  it('accepts what its definition as a regular expression does', () => {
    const grammar = new EmbeddedReberGrammar({ seed: 3 });
    for (let i = 0; i < 300; i++) {
      const good = grammar.goodString();
      expect(pattern.test(good), good).toBe(true);
      const bad = grammar.badString();
      expect(pattern.test(bad), bad).toBe(false);
    }
    expect(grammar.accepts('BPBTSSSSSSSXXTTTTTVPXVPXTTTTTVVEPE')).toBe(true);
    expect(grammar.accepts('BPBTSSSSSSSXXTTTTTVPXVPXTTTTTVVETE')).toBe(false);
    expect(grammar.accepts('')).toBe(false);
    expect(grammar.accepts(`${grammar.goodString()}E`)).toBe(false);
  });

  it('replaces one letter in a bad string, which no good string is', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const good = new EmbeddedReberGrammar({ seed }).goodString();
        const grammar = new EmbeddedReberGrammar({ seed });
        const bad = grammar.badString();
        expect(Array.from(bad).filter((symbol, i) => symbol !== good[i])).toHaveLength(1);
        expect(bad).toHaveLength(good.length);
        expect(grammar.accepts(bad)).toBe(false);
      }),
    );
  });

  it('gives as many good as bad examples, labelled right, the same for the same seed', () => {
    const grammar = new EmbeddedReberGrammar({ seed: 7 });
    const examples = grammar.examples(101);
    expect(examples.filter(({ good }) => good)).toHaveLength(50);
    for (const { string, good } of examples) expect(grammar.accepts(string)).toBe(good);
    expect(new EmbeddedReberGrammar({ seed: 7 }).examples(101)).toEqual(examples);
    expect(new EmbeddedReberGrammar({ seed: 8 }).examples(101)).not.toEqual(examples);
    // In random order: neither the good ones first, nor in turn.
    const turns = examples.slice(1).filter(({ good }, i) => good !== examples[i].good).length;
    expect(turns).toBeGreaterThan(20);
    expect(turns).toBeLessThan(80);
  });

  it('refuses sizes that are none', () => {
    for (const size of [0, -1, 1.5]) {
      expect(() => new EmbeddedReberGrammar().examples(size)).toThrow(
        `EmbeddedReberGrammar.examples: expected a size of at least 1, got ${size}.`,
      );
    }
  });
});

describe('encodeReberStrings', () => {
  it('puts a one where the letter is, and zeros past the end', () => {
    const [inputs, lengths] = encodeReberStrings(['XE', 'B']);
    expect([inputs.shape, lengths.shape]).toEqual([[2, 2, 7], [2]]);
    expect([...lengths.data]).toEqual([2, 1]);
    // prettier-ignore
    expect([...inputs.data]).toEqual([
      0, 0, 0, 0, 0, 0, 1,  0, 1, 0, 0, 0, 0, 0,
      1, 0, 0, 0, 0, 0, 0,  0, 0, 0, 0, 0, 0, 0,
    ]);
  });

  it('can be read back', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const strings = new EmbeddedReberGrammar({ seed }).examples(5).map(({ string }) => string);
        const [inputs, lengths] = encodeReberStrings(strings);
        const read = strings.map((_, row) =>
          Array.from({ length: lengths.get(row) }, (_, step) =>
            Array.from(reberSymbols).find((_, symbol) => inputs.get(row, step, symbol) === 1),
          ).join(''),
        );
        expect(read).toEqual(strings);
      }),
    );
  });

  it('refuses other letters', () => {
    expect(() => encodeReberStrings(['BxE'])).toThrow("expected letters of BEPSTVX, got 'x' in BxE.");
  });
});
