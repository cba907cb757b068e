// Which of the elements along the middle axis of [outer, length, inner] is the largest or the smallest: the first such one. NaN beats
// every number.

// @ts-ignore: decorator
@inline
function choose<T>(isMax: bool, src: usize, dst: usize, outer: i32, length: i32, inner: i32): void {
  const step = <usize>inner * sizeof<T>();
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      let at = src + <usize>i * sizeof<T>();
      let best = load<T>(at);
      let index = 0;
      for (let k = 1; k < length; k++) {
        at += step;
        const x = load<T>(at);
        if (isMax ? x > best : x < best) {
          best = x;
          index = k;
        } else if (x != x && best == best) {
          best = x;
          index = k;
        }
      }
      store<i32>(dst, index);
      dst += 4;
    }
    src += <usize>length * step;
  }
}

export function argMaxFloat32(src: usize, dst: usize, outer: i32, length: i32, inner: i32): void {
  choose<f32>(true, src, dst, outer, length, inner);
}

export function argMaxFloat64(src: usize, dst: usize, outer: i32, length: i32, inner: i32): void {
  choose<f64>(true, src, dst, outer, length, inner);
}

export function argMaxInt32(src: usize, dst: usize, outer: i32, length: i32, inner: i32): void {
  choose<i32>(true, src, dst, outer, length, inner);
}

export function argMinFloat32(src: usize, dst: usize, outer: i32, length: i32, inner: i32): void {
  choose<f32>(false, src, dst, outer, length, inner);
}

export function argMinFloat64(src: usize, dst: usize, outer: i32, length: i32, inner: i32): void {
  choose<f64>(false, src, dst, outer, length, inner);
}

export function argMinInt32(src: usize, dst: usize, outer: i32, length: i32, inner: i32): void {
  choose<i32>(false, src, dst, outer, length, inner);
}
