/** The most that the time of a step may be of a peer's, by workload and peer. */
export const targets: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  A: { tfjs: 1 / 20, 'tfjs-workaround': 1 / 4, 'jax-js': 1 / 20, tensorflow: 1, pytorch: 0.8, jax: 0.9 },
  B: { tfjs: 1 / 12, 'jax-js': 1 / 4, tensorflow: 0.8, pytorch: 0.8, jax: 1.2 },
  C: { 'tfjs-workaround': 1 / 5, 'jax-js': 1 / 5, tensorflow: 1, pytorch: 1.4, jax: 1 },
  D: { tensorflow: 0.25, pytorch: 0.25 },
  E: { tensorflow: 0.15, pytorch: 1.2, jax: 0.7 },
  F: { tensorflow: 0.5 },
};

/** What ours is compared with, in one workload or another. */
export const allPeers: readonly string[] = [...new Set(Object.values(targets).flatMap(Object.keys))];

/** The most that the peak of memory may be of a peer's. */
export const memoryTargets: Readonly<Record<string, number>> = { tensorflow: 0.5, pytorch: 1 };

/** The most that the time on another Node, the oldest one supported, may be of that on the newest. */
export const otherNodeTarget = 1.25;
