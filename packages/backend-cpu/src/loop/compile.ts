import { bytesPerElement, sizeOf } from '@tensorloom/graph';
import type { LoopArguments, LoopKernel, LoopResults, StaticLoop, StaticTensor } from '@tensorloom/runtime';
import type { Cpu } from '../cpu.js';
import type { CpuBuffer, CpuTensor } from '../handles.js';
import type { Block } from '../memory.js';
import type { Job } from '../threads/pool.js';
import { runJob } from '../threads/shared-code.js';
import { type EmittedLoop, emitLoop } from './emit.js';
import { type LoopPlan, planLoop } from './plan.js';
import { DONE, MEETING, OWN, OWN_BYTES, SHARED, TRIPS, Unsupported } from './program.js';

/** Compiles a loop to one function of WebAssembly; `undefined` where something in it has to run op by op. */
export function compileLoop(cpu: Cpu, loop: StaticLoop): LoopKernel<CpuBuffer> | undefined {
  const constants = new Constants(cpu, loop);
  try {
    const plan = planLoop(cpu, loop, (v) => constants.addressOf(v));
    return new CompiledLoop(cpu, loop, plan, constants);
  } catch (e) {
    constants.release();
    if (e instanceof Unsupported) return undefined;
    throw e;
  }
}

/** The constants of a loop in memory, for as long as it is kept. */
class Constants {
  readonly #blocks = new Map<number, Block>();

  constructor(
    readonly cpu: Cpu,
    readonly loop: StaticLoop,
  ) {}

  addressOf(v: number): number {
    const known = this.#blocks.get(v);
    if (known !== undefined) return known.address;
    const tensor = this.loop.constants.get(v);
    if (tensor === undefined) throw new Error(`loop: value ${v} is no constant.`);
    const { memory } = this.cpu;
    const size = bytesPerElement(tensor.dtype);
    const block = memory.allocate(tensor.data.length * size);
    this.#blocks.set(v, block);
    memory.views[tensor.dtype].set(tensor.data, block.address / size);
    return block.address;
  }

  release(): void {
    for (const block of this.#blocks.values()) this.cpu.memory.release(block);
    this.#blocks.clear();
  }
}

/** Rows of a batch that are not parted: those of a tile of a product. */
const GRAIN = 4;
/** Bytes of a cache line. */
const LINE = 64;

class CompiledLoop implements LoopKernel<CpuBuffer> {
  readonly #module: WebAssembly.Module;
  readonly #imports: EmittedLoop['imports'];
  readonly #job: Job;
  /** The number of the job among the threads; `null` where they cannot have it. */
  #id: number | null | undefined;

  constructor(
    readonly cpu: Cpu,
    readonly loop: StaticLoop,
    readonly plan: LoopPlan,
    readonly constants: Constants,
  ) {
    const { memory, wasm } = cpu;
    const { bytes, imports } = emitLoop(plan.program, plan.bytes.own, memory.isShared);
    this.#module = new WebAssembly.Module(bytes);
    this.#imports = imports;
    const env: WebAssembly.ModuleImports = { memory: memory.memory };
    for (const { name, target } of imports) env[name] = typeof target === 'string' ? wasm[target] : target.run;
    this.#job = new WebAssembly.Instance(this.#module, { env }).exports['run'] as Job;
  }

  /** Runs all trips: each thread those of its rows of the batch, or one of them, which others help. */
  #run(threads: number, args: number, meeting: number): void {
    const { batch } = this.plan.program;
    if (threads === 1) this.#job(0, batch ?? 1, 0, args);
    else if (batch === null) this.#runWithHelp(threads, args, meeting);
    else if (typeof this.#id === 'number')
      runJob(this.cpu.threads, this.#id, this.#job, { rows: batch, grain: GRAIN, args });
  }

  /** Runs all trips here, while other threads help with its products. */
  #runWithHelp(threads: number, args: number, meeting: number): void {
    const { wasm, threads: all } = this.cpu;
    let hasRun = false;
    const job = (): void => {
      if (hasRun) return;
      hasRun = true;
      try {
        this.#job(0, 1, 0, args);
      } finally {
        wasm.goHome(meeting);
      }
    };
    wasm.comeTogether(meeting, threads);
    runJob(all, 'helpJob', job, { rows: threads, grain: 1, args: meeting });
  }

  /** How many threads should run so many trips. */
  #threadsFor(trips: number): number {
    const { plan, cpu } = this;
    const { count, code, worth } = cpu.threads;
    const isAlone = plan.program.batch === null;
    const work = isAlone ? plan.shared : plan.work;
    if (count === 1 || work * Math.min(trips, 1e6) < worth) return 1;
    if (isAlone) return count;
    if (this.#id === undefined) this.#id = code.add(this.#module, this.#imports) ?? null;
    return this.#id === null ? 1 : count;
  }

  /** A place for threads to meet, at the beginning of a cache line. */
  #meeting(allocate: (bytes: number) => number, threads: number): number {
    const { wasm } = this.cpu;
    const address = allocate(wasm.meetingBytes(threads) + LINE);
    const meeting = Math.ceil(address / LINE) * LINE;
    wasm.comeTogether(meeting, 1);
    return meeting;
  }

  run(given: LoopArguments<CpuBuffer>): LoopResults<CpuBuffer> | undefined {
    const { plan, loop } = this;
    const { memory, handles } = this.cpu;
    const blocks: Block[] = [];
    const work = (bytes: number): number => {
      const block = memory.allocate(bytes);
      blocks.push(block);
      return block.address;
    };
    const stacks = plan.stacks.map(({ row, carry }) =>
      tensor(this.cpu, row, given.trips + (carry === undefined ? 0 : 1)),
    );
    const carry = loop.carry.map((v) => tensor(this.cpu, loop.values[v]));
    try {
      const own = plan.bytes.own + plan.bytes.scratch;
      const at = work(4 * plan.words) / 4;
      const shared = work(plan.bytes.shared);
      const threads = this.#threadsFor(given.trips);
      const ownAt = work(own * threads);
      const meeting = this.#meeting(work, threads);
      // Views are read after the last allocation, which may have replaced them.
      const words = memory.views.int32;
      words[at + TRIPS] = given.trips;
      words[at + SHARED] = shared;
      words[at + OWN] = ownAt;
      words[at + OWN_BYTES] = own;
      words[at + MEETING] = meeting;
      plan.consts.forEach((word, i) => (words[at + word] = given.consts[i].buffer.address));
      plan.carry.forEach((word, i) => (words[at + word] = given.carry[i].buffer.address));
      plan.xs.forEach((word, i) => (words[at + word] = given.xs[i].buffer.address));
      plan.program.carries.forEach(({ result }, i) => (words[at + result] = carry[i].buffer.address));
      plan.stacks.forEach((stack, i) => (words[at + stack.word] = this.#seeded(stack, stacks[i], given)));
      for (const { v, row, column, n, k, offset } of plan.packs) {
        const { address } = given.consts[loop.consts.indexOf(v)].buffer;
        this.cpu.wasm.packFloat32(address, row, column, shared + offset, n, k);
      }
      this.#run(threads, 4 * at, meeting);
      const trips = words[at + DONE];
      const ys = plan.ys.map(({ stack, ahead }) => this.#output(stacks[stack], plan.stacks[stack], ahead, trips));
      return { carry, ys, trips };
    } catch (e) {
      carry.forEach((x) => handles.free(x));
      // A trap says nothing of where it came from.
      if (e instanceof WebAssembly.RuntimeError) return undefined;
      throw e;
    } finally {
      stacks.forEach((x) => handles.free(x));
      blocks.forEach((block) => memory.release(block));
    }
  }

  dispose(): void {
    this.constants.release();
  }

  /** Puts what a carry begins with into its stack. Returns the address of the row with index 0. */
  #seeded(
    { row, carry }: LoopPlan['stacks'][number],
    { buffer }: CpuTensor,
    { carry: from, trips }: LoopArguments<CpuBuffer>,
  ): number {
    if (carry === undefined) return buffer.address;
    const bytes = bytesOf(row);
    const { reverse } = this.plan.program;
    const { address } = from[carry].buffer;
    const to = buffer.address + (reverse ? trips * bytes : 0);
    this.cpu.memory.views.bool.copyWithin(to, address, address + bytes);
    return reverse ? buffer.address + bytes : buffer.address;
  }

  /** The rows of a stack that are an output. */
  #output(x: CpuTensor, { row, carry }: LoopPlan['stacks'][number], ahead: boolean, trips: number): CpuTensor {
    const later = carry !== undefined && ahead !== this.plan.program.reverse;
    return this.cpu.handles.view(x, row.dtype, [trips, ...row.shape], later ? bytesOf(row) : 0);
  }
}

const bytesOf = ({ dtype, shape }: StaticTensor): number => sizeOf(shape) * bytesPerElement(dtype);

/** A new tensor, or one of `count` of a kind. */
const tensor = ({ handles }: Cpu, { dtype, shape }: StaticTensor, count?: number): CpuTensor =>
  handles.allocate(dtype, count === undefined ? shape : [count, ...shape], bytesOf({ dtype, shape }) * (count ?? 1));
