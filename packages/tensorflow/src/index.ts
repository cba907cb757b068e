export { type GraphDefExport, toGraphDef } from './to-graph-def.js';
