/** Opcodes after the SIMD prefix 0xfd of the instructions that take and give vectors; names are those of the text format. */
export const vectorOpcodes = {
  'v128.not': 0x4d,
  'v128.and': 0x4e,
  'v128.or': 0x50,
  'v128.xor': 0x51,
  'v128.bitselect': 0x52,
  'i8x16.shuffle': 0x0d,
  'i8x16.narrow_i16x8_s': 0x65,
  'i16x8.narrow_i32x4_s': 0x85,
  'i16x8.extend_low_i8x16_u': 0x89,
  'i32x4.extend_low_i16x8_u': 0xa9,
  'i64x2.extend_low_i32x4_s': 0xc7,

  'i32x4.eq': 0x37,
  'i32x4.ne': 0x38,
  'i32x4.lt': 0x39,
  'i32x4.gt': 0x3b,
  'i32x4.le': 0x3d,
  'i32x4.ge': 0x3f,
  'i32x4.abs': 0xa0,
  'i32x4.neg': 0xa1,
  'i32x4.shl': 0xab,
  'i32x4.shr_s': 0xac,
  'i32x4.add': 0xae,
  'i32x4.sub': 0xb1,
  'i32x4.mul': 0xb5,
  'i32x4.min': 0xb6,
  'i32x4.max': 0xb8,

  'f32x4.eq': 0x41,
  'f32x4.ne': 0x42,
  'f32x4.lt': 0x43,
  'f32x4.gt': 0x44,
  'f32x4.le': 0x45,
  'f32x4.ge': 0x46,
  'f32x4.ceil': 0x67,
  'f32x4.floor': 0x68,
  'f32x4.nearest': 0x6a,
  'f32x4.abs': 0xe0,
  'f32x4.neg': 0xe1,
  'f32x4.sqrt': 0xe3,
  'f32x4.add': 0xe4,
  'f32x4.sub': 0xe5,
  'f32x4.mul': 0xe6,
  'f32x4.div': 0xe7,
  'f32x4.min': 0xe8,
  'f32x4.max': 0xe9,
  'f32x4.pmin': 0xea,
  'f32x4.pmax': 0xeb,
  'f32x4.relaxed_madd': 0x105,

  'f64x2.eq': 0x47,
  'f64x2.ne': 0x48,
  'f64x2.lt': 0x49,
  'f64x2.gt': 0x4a,
  'f64x2.le': 0x4b,
  'f64x2.ge': 0x4c,
  'f64x2.ceil': 0x74,
  'f64x2.floor': 0x75,
  'f64x2.nearest': 0x94,
  'f64x2.abs': 0xec,
  'f64x2.neg': 0xed,
  'f64x2.sqrt': 0xef,
  'f64x2.add': 0xf0,
  'f64x2.sub': 0xf1,
  'f64x2.mul': 0xf2,
  'f64x2.div': 0xf3,
  'f64x2.min': 0xf4,
  'f64x2.max': 0xf5,
  'f64x2.pmin': 0xf6,
  'f64x2.pmax': 0xf7,

  'f32x4.convert_i32x4_s': 0xfa,
  'i32x4.trunc_sat_f32x4_s': 0xf8,
  'f64x2.convert_low_i32x4_s': 0xfe,
  'i32x4.trunc_sat_f64x2_s_zero': 0xfc,
  'f32x4.demote_f64x2_zero': 0x5e,
  'f64x2.promote_low_f32x4': 0x5f,
} as const;

/** An instruction on vectors, by its name in WebAssembly's text format (without the `_s` of signed integers). */
export type Instruction = keyof typeof vectorOpcodes;

/** Opcodes after the SIMD prefix of the loads, stores and lane accesses that the code generator places itself. */
export const accessOpcodes = {
  load: 0x00,
  load32Zero: 0x5c,
  load64Zero: 0x5d,
  store: 0x0b,
  anyTrue: 0x53,
  extractLane: { float32: 0x1f, float64: 0x21 },
  replaceLane: { float32: 0x20, float64: 0x22 },
  /** By bytes: a value of that size in every lane. */
  loadSplat: { 1: 0x07, 2: 0x08, 4: 0x09, 8: 0x0a },
  /** By bytes: stores one lane of that size. */
  storeLane: { 1: 0x58, 2: 0x59, 4: 0x5a, 8: 0x5b },
} as const;

/** Opcodes of the scalar and control instructions. */
export const opcodes = {
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  call: 0x10,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  i32Load: 0x28,
  i32Load8U: 0x2d,
  i32Store: 0x36,
  i32Const: 0x41,
  f64Const: 0x44,
  i32Eqz: 0x45,
  i32LtS: 0x48,
  i32GtS: 0x4a,
  i32GeS: 0x4e,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32Mul: 0x6c,
  i32And: 0x71,
  f32DemoteF64: 0xb6,
  f64PromoteF32: 0xbb,
} as const;

/** `memory.copy` within the one memory: to, from, bytes. */
export const memoryCopy = [0xfc, 0x0a, 0x00, 0x00] as const;

/** The block type of blocks without results. */
export const noResult = 0x40;
