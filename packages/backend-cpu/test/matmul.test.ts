import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Block, Memory } from '../src/memory.js';
import { type Simd, type Wasm, chooseSimd, instantiate } from '../src/wasm.js';

beforeAll(() => {
  // Switches it on where it is off.
  expect(chooseSimd('relaxed')).toBe('relaxed');
});

interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

const products = fc.record<Product>({
  m: fc.integer({ min: 1, max: 40 }),
  n: fc.integer({ min: 1, max: 75 }),
  k: fc.oneof(fc.nat(40), fc.integer({ min: 500, max: 1100 })),
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
});

/** Memory and kernels, and the operands of a product in it. */
class Operands {
  readonly memory = new Memory(64);
  readonly wasm: Wasm;
  #blocks: Block[] = [];

  constructor(simd: Simd) {
    ({ wasm: this.wasm } = instantiate(simd, this.memory));
  }

  /** Gives `use` the addresses and strides of operands, of scratch memory, which it may not exceed, and of packed B. */
  with(
    { m, n, k, transposeA, transposeB }: Product,
    use: (a: Matrix, b: Matrix, scratch: number, packed: number) => void,
  ): void {
    const [a, b] = [this.address(4 * m * k), this.address(4 * k * n)];
    const bytes = this.wasm.matmulScratch(m, n, k);
    const scratch = this.address(bytes + 16);
    const packed = this.address(this.wasm.packedBytes(n, k));
    const { float32, bool } = this.memory.views;
    bool.fill(0xab, scratch + bytes, scratch + bytes + 16);
    for (let i = 0; i < m * k; i++) float32[a / 4 + i] = Math.sin(12.9898 * i);
    for (let i = 0; i < k * n; i++) float32[b / 4 + i] = Math.cos(78.233 * i);
    try {
      use(transposeA ? [a, 1, m] : [a, k, 1], transposeB ? [b, 1, k] : [b, n, 1], scratch, packed);
      const after = this.memory.views.bool.subarray(scratch + bytes, scratch + bytes + 16);
      expect([...after]).toEqual(new Array(16).fill(0xab));
    } finally {
      this.#blocks.forEach((block) => this.memory.release(block));
      this.#blocks = [];
    }
  }

  address(bytes: number): number {
    const block = this.memory.allocate(bytes);
    this.#blocks.push(block);
    return block.address;
  }

  /** The elements that `write` writes to an address, which held NaN before. */
  written(count: number, write: (address: number) => void): number[] {
    const at = this.address(4 * count);
    this.memory.views.float32.fill(NaN, at / 4, at / 4 + count);
    write(at);
    return [...this.memory.views.float32.subarray(at / 4, at / 4 + count)];
  }
}

/** Address, and elements from row to row and from column to column. */
type Matrix = readonly [address: number, row: number, column: number];

describe.each(['plain', 'relaxed'] as const)('a product with %s SIMD', (simd) => {
  it('has the same bits however its rows are cut', () => {
    const operands = new Operands(simd);
    const { wasm } = operands;
    fc.assert(
      fc.property(products, fc.array(fc.nat(39), { maxLength: 4 }), (product, cuts) => {
        const { m, n, k } = product;
        operands.with(product, (a, b, scratch) => {
          const whole = operands.written(m * n, (c) => {
            wasm.matmulFloat32(...a, ...b, c, m, n, k, scratch);
          });
          const ends = [...new Set([...cuts.filter((i) => i > 0 && i < m), m])].sort((x, y) => x - y);
          const parts = operands.written(m * n, (c) => {
            let from = 0;
            for (const to of ends) {
              const row = a[0] + 4 * from * a[1];
              wasm.matmulFloat32(row, a[1], a[2], ...b, c + 4 * from * n, to - from, n, k, scratch);
              from = to;
            }
          });
          expect(parts).toEqual(whole);
        });
      }),
      { numRuns: 150 },
    );
  });

  it('needs no more scratch memory for a part than for the whole', () => {
    const { wasm } = new Operands(simd);
    const length = fc.integer({ min: 1, max: 3000 });
    fc.assert(
      fc.property(length, length, length, length, length, length, (m, n, k, m2, n2, k2) => {
        const part = wasm.matmulScratch(Math.min(m, m2), Math.min(n, n2), Math.min(k, k2));
        expect(part).toBeLessThanOrEqual(wasm.matmulScratch(m, n, k));
      }),
    );
  });

  it('has the same bits with a packed operand, in a part of a wider matrix', () => {
    const operands = new Operands(simd);
    const { wasm } = operands;
    fc.assert(
      fc.property(
        products.filter(({ k, n }) => k > 0 && n > 1),
        fc.nat(9),
        (product, beside) => {
          const { m, n, k } = product;
          const width = n + beside;
          operands.with(product, (a, b, scratch, packed) => {
            const whole = operands.written(m * n, (c) => {
              wasm.matmulFloat32(...a, ...b, c, m, n, k, scratch);
            });
            wasm.packFloat32(...b, packed, n, k);
            const wide = operands.written(m * width, (c) => {
              wasm.matmulPacked(...a, packed, c, width, m, n, k, scratch);
            });
            for (let i = 0; i < m; i++) {
              expect(wide.slice(i * width, i * width + n)).toEqual(whole.slice(i * n, (i + 1) * n));
              expect(wide.slice(i * width + n, (i + 1) * width)).toEqual(new Array(beside).fill(NaN));
            }
          });
        },
      ),
      { numRuns: 100 },
    );
  });

  it('has the same bits as a job, however its tiles are shared, each piece of the inner dimension by itself', () => {
    const operands = new Operands(simd);
    const { wasm, memory } = operands;
    const shared = fc.tuple(products, fc.integer({ min: 1, max: 3 }), fc.array(fc.nat(40), { maxLength: 3 }));
    fc.assert(
      fc.property(
        shared.filter(([{ k }, pieces]) => k >= 4 * pieces),
        ([product, pieces, cuts]) => {
          const { m, n, k } = product;
          const piece = Math.ceil(k / pieces);
          operands.with(product, (a, b, scratch) => {
            const each = operands.written(pieces * m * n, (c) => {
              for (let i = 0; i < pieces; i++) {
                const [left, right] = [a[0] + 4 * i * piece * a[2], b[0] + 4 * i * piece * b[1]];
                const depth = Math.min(piece, k - i * piece);
                const to = c + 4 * i * m * n;
                wasm.matmulFloat32(left, a[1], a[2], right, b[1], b[2], to, m, n, depth, scratch);
              }
            });
            const args = operands.address(64);
            const rows = pieces * Math.ceil(m / 4) * 4;
            const ends = [...new Set([...cuts.map((i) => 4 * i).filter((i) => i > 0 && i < rows), rows])];
            ends.sort((x, y) => x - y);
            const jobs = operands.written(pieces * m * n, (c) => {
              memory.views.int32.set([...a, ...b, c, m, n, k, piece, c + 4 * m * n, scratch, 0], args / 4);
              ends.forEach((end, i) => {
                wasm.matmulJob(i === 0 ? 0 : ends[i - 1], end, 0, args);
              });
            });
            expect(jobs).toEqual(each);
          });
        },
      ),
      { numRuns: 100 },
    );
  });
});
