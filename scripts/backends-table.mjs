// Writes docs/backends.md from what `vitest.conformance.config.ts` found: a row for each backend, and its exceptions with their reasons.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const order = [
  ...['reference', 'cpu', 'tfjs-cpu', 'tfjs-wasm', 'tfjs-webgl', 'tfjs-webgpu'],
  ...['gpujs-cpu', 'gpujs-webasm', 'gpujs-webgl2', 'gpujs-webgpu'],
];
const reports = readdirSync(`${root}.conformance`)
  .map((file) => JSON.parse(readFileSync(`${root}.conformance/${file}`, 'utf8')))
  .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
const percent = (part, whole) => `${((100 * part) / whole).toFixed(1)} %`;

const row = ({
  name,
  description,
  own,
  ops,
  programsPassed,
  programs,
  worstError,
  programError,
  mnistError,
  mnistSteps,
}) =>
  `| ${name} | ${description} | ${own} of ${ops} (${percent(own, ops)}) | ${programsPassed} of ${programs} | ${worstError.toFixed(2)} | ${programError.toFixed(3)} | ${mnistError.toExponential(1)} (${mnistSteps}) |`;

/** Reasons with the ops that they are for, each with its dtypes. */
function exceptionsOf({ name, exceptions }) {
  const byReason = new Map();
  for (const { op, dtype, reason } of exceptions) {
    const ops = byReason.get(reason) ?? new Map();
    ops.set(op, [...(ops.get(op) ?? []), dtype]);
    byReason.set(reason, ops);
  }
  const lines = Array.from(byReason, ([reason, ops]) => {
    const dtypes = new Map();
    for (const [op, of] of ops) dtypes.set(of.join(', '), [...(dtypes.get(of.join(', ')) ?? []), op]);
    return Array.from(dtypes, ([of, named]) => `- ${of}: ${reason}: ${named.join(', ')}.`).join('\n');
  });
  return `### ${name}\n\n${lines.length === 0 ? 'None.' : lines.join('\n')}\n`;
}

writeFileSync(
  `${root}docs/backends.md`,
  `# Backends, and what they run

One program runs on every backend; only the backend's name changes. This page is written by \`npm run conformance\`, which checks every
backend in Node and in headless Chromium (WebGL 2 and WebGPU by SwiftShader there, a GPU in software). Nothing is placed on another backend
meanwhile.

- **ops**: those that agree with the reference backend for all dtypes they take, computing float32 (an op that takes none: its own dtype)
  by kernels of the backend's own or decompositions into such.
- **programs**: loops, lists, gradients, variables, random numbers, errors, training steps (\`packages/testkit/src/programs\`).
- **worst error**: the largest error of them all, as a fraction of what is allowed: float32 rtol 1.3e-6 and atol 1e-5, with exceptions named
  in \`packages/testkit/src/tolerance.ts\`; on GPUs 1e-4 for both, without subnormal numbers (tfjs: nor NaN and infinities), with the exceptions of
  \`conformance/exceptions.ts\`.
- **one program**: the largest error of the outputs and gradients of \`conformance/program.ts\`, two recurrent layers with attention, as a
  fraction of rtol 1e-4 (atol 1e-6).
- **MNIST**: how far the losses of the chapter's classifier are from the CPU's at most, over that many steps of 150 images; 1e-3 is allowed.

| backend | what ran | ops | programs | worst error | one program | MNIST (steps) |
|---|---|---|---|---|---|---|
${reports.map(row).join('\n')}

## What is computed in host memory, and why

Kernels of a backend read their inputs back for what their device cannot do exactly. What a backend has no kernel for at all is refused by
name, or, with \`allowSoftPlacement\`, runs on another backend of the session.

${reports.map(exceptionsOf).join('\n')}`,
);
