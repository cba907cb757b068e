export const indexingLoops = [] as const;
